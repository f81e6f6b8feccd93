// The form of a gate in a policy: the settings of its kind, and what every gate may have.
import { z } from 'zod'
import { nearest } from '../facts/nearest.ts'
import { GATES, LATER_KINDS } from '../gates/index.ts'
import { labelSchema, lockedSchema, nameSchema } from './name-schema.ts'
import { waiveSchema } from './waiver-schema.ts'

export const whenSchema = z
  .strictObject({
    changes: z.array(nameSchema).min(1).optional().describe('Only for these kinds of change.'),
    risk: z
      .array(nameSchema)
      .min(1)
      .optional()
      .describe('Only at these risks; `default` is the risk of a card that no rule matches.'),
    labels: z.array(labelSchema).min(1).optional().describe('Only for cards with one of these labels.'),
    agents: z
      .union([z.literal(true), z.array(nameSchema).min(1)])
      .optional()
      .describe(
        'Only where an agent moved the card or wrote the change: `true` for any of `agents`, or a list of their names.',
      ),
  })
  .refine((when) => Object.keys(when).length > 0, {
    error: '`when` names no condition: give `changes`, `risk`, `labels` or `agents`, or leave it out.',
  })
  .describe('The gate applies only to cards that meet every condition given here. Without it: to every card.')

/** What every gate may have beside the settings of its kind. */
export const commonSchema = z.strictObject({
  when: whenSchema.optional(),
  enforce: z.boolean().default(true).describe('`false`: the gate is judged and shown, and never decides.'),
  waive: waiveSchema
    .optional()
    .describe(
      'Who may accept that the gate does not pass, for a while. Without it nobody may: `{ teams: [ai-safety] }`.',
    ),
  locked: lockedSchema,
})

/** One schema a kind of gate: the kind's own settings, and what every gate may have. */
const gateSchemas = Object.entries(GATES).map(([kind, gate]) =>
  (gate.settings as z.ZodObject).safeExtend({ kind: z.literal(kind), ...commonSchema.shape }),
)

export const gateSchema = z.discriminatedUnion('kind', gateSchemas as unknown as [z.ZodObject], {
  error: (issue) => sayKind(issue.input),
})

function sayKind(gate: unknown): string {
  const kind = typeof gate === 'object' && gate !== null ? (gate as { kind?: unknown }).kind : undefined
  const known = Object.keys(GATES)
  if (typeof gate !== 'object' || gate === null) return 'A gate is keys and values, as in `{ kind: manifest }`.'
  if (typeof kind !== 'string') return `A gate needs its \`kind\`: ${known.join(', ')}.`
  if (LATER_KINDS.includes(kind)) return `Gates of kind \`${kind}\` are not available in this version of Andon.`
  const meant = nearest(kind, known)
  return `\`${kind.slice(0, 64)}\` is no kind of gate. ${meant === null ? `There are: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`}`
}
