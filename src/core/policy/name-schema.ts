// The words that people choose in a policy: names of gates and kinds, labels, columns.
import { z } from 'zod'

export const nameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
  error: (issue) =>
    `\`${String(issue.input).slice(0, 64)}\` cannot be a name: a letter first, then letters, digits, \`-\` and \`_\`, at most 64.`,
})
export const labelSchema = z.string().min(1).max(100)
export const columnName = z.string().min(1).max(100)
export const gateNames = z.array(nameSchema).max(50)

export const lockedSchema = z
  .boolean()
  .optional()
  .describe(
    '`true`: a layer above (a repository’s policy above the organization’s) may tighten this, never loosen it or leave it out. What decides its meaning is locked with it.',
  )
