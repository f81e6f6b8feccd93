// The policy file's form: every key with its meaning. Types, editor help and the reference page come out of it.
import { z } from 'zod'
import { later } from '../facts/criterion.ts'
import { nearest } from '../facts/nearest.ts'
import { GATES, LATER_KINDS } from '../gates/index.ts'
import { HOLD_LABEL } from './policy.ts'

const nameSchema = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, {
  error: (issue) =>
    `\`${String(issue.input).slice(0, 64)}\` cannot be a name: a letter first, then letters, digits, \`-\` and \`_\`, at most 64.`,
})
const labelSchema = z.string().min(1).max(100)
const columnName = z.string().min(1).max(100)
const gateNames = z.array(nameSchema).max(50)

export const whenSchema = z
  .strictObject({
    changes: z.array(nameSchema).min(1).optional().describe('Only for these kinds of change.'),
    risk: z
      .array(nameSchema)
      .min(1)
      .optional()
      .describe('Only at these risks; `default` is the risk of a card that no rule matches.'),
    labels: z.array(labelSchema).min(1).optional().describe('Only for cards with one of these labels.'),
  })
  .refine((when) => Object.keys(when).length > 0, {
    error: '`when` names no condition: give `changes`, `risk` or `labels`, or leave it out.',
  })
  .describe('The gate applies only to cards that meet every condition given here. Without it: to every card.')

const common = {
  when: whenSchema.optional(),
  enforce: z.boolean().default(true).describe('`false`: the gate is judged and shown, and never decides.'),
}

/** One schema a kind of gate: the kind's own settings, and what every gate may have. */
const gateSchemas = Object.entries(GATES).map(([kind, gate]) =>
  (gate.settings as z.ZodObject).safeExtend({ kind: z.literal(kind), ...common }),
)

const gateSchema = z.discriminatedUnion('kind', gateSchemas as unknown as [z.ZodObject], {
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

const count = z.number().int().min(1).max(10_000)
const limitSchema = z.union([
  count,
  z
    .strictObject({
      total: count.optional().describe('Cards in the column.'),
      'per-owner': count.optional().describe('Cards in the column of one person: the assignees, else the author.'),
    })
    .refine((limit) => Object.keys(limit).length > 0, { error: 'A limit needs `total`, `per-owner`, or both.' }),
])

const comesLater = 'leave it out'
export const columnSchema = z.strictObject({
  name: columnName.describe('The column’s name, as the board’s field has it.'),
  limit: limitSchema
    .optional()
    .describe('Work in progress: how many cards may stand in the column. A number, or `{ total: 3, per-owner: 1 }`.'),
  leave: gateNames.default([]).describe('Gates that a card must pass to leave the column forward.'),
  enter: gateNames.default([]).describe('Gates that a card must pass to enter the column.'),
  start: gateNames
    .default([])
    .describe('Gates whose workflow starts as a card arrives, so that the answer is there when it is asked for.'),
  then: z
    .array(nameSchema)
    .max(20)
    .default([])
    .describe('Workflows to run once the move into the column is granted, by their names in `workflows`.'),
  'while-waiting': z
    .enum(['stay', 'return'])
    .default('stay')
    .describe(
      '`stay`: while gates are open the card waits in the new column. `return`: it goes back, and comes forward by itself once all pass.',
    ),
  stay: later('stay', comesLater),
  'every-minutes': later('every-minutes', comesLater),
  fallback: later('fallback', comesLater),
})

const changeSchema = z.strictObject({
  label: labelSchema.optional().describe('The label that marks a card as this kind of change.'),
  requires: z
    .array(z.string().min(1).max(64))
    .default([])
    .describe('Sections that the manifest of such a change must hold, resolved.'),
})

const riskSchema = z
  .strictObject({
    labels: z.array(labelSchema).default([]).describe('A card with one of these labels has this risk.'),
    changes: z.array(nameSchema).default([]).describe('A change of one of these kinds has this risk.'),
  })
  .refine((risk) => risk.labels.length + risk.changes.length > 0, {
    error: 'A risk that nothing matches: name `labels` or `changes`.',
  })

const workflowSchema = z.strictObject({
  file: GATES.evaluation.settings.shape.workflow.describe(
    'File name of the workflow in `.github/workflows` on the default branch. It declares one input, `andon`.',
  ),
  with: z
    .record(z.string().min(1).max(128), z.unknown())
    .default({})
    .describe('Handed to the workflow as it is, in `fromJSON(inputs.andon).with`.'),
})

/** One policy file. `board` and `columns` may stand in the organization's file instead of the repository's. */
export const policyFileSchema = z.strictObject({
  version: z.literal(1).describe('The form of this file. This is version 1.'),
  board: z
    .strictObject({
      project: z
        .number()
        .int()
        .min(1)
        .max(2_147_483_647)
        .describe('Number of the organization’s project, as in its address.'),
      field: z
        .string()
        .min(1)
        .max(100)
        .default('Status')
        .describe('The single-select field whose options are the columns.'),
    })
    .optional()
    .describe('Which board is governed.'),
  changes: z
    .record(nameSchema, changeSchema)
    .default({})
    .describe('Kinds of change. A card’s kind is the first whose label it bears, else the manifest’s own `kind`.'),
  risk: z
    .record(nameSchema, riskSchema)
    .default({})
    .describe('Risks. The first that matches is the card’s; where none does, it is `default`.'),
  columns: z.array(columnSchema).min(1).max(50).optional().describe('The columns, in the order of the pipeline.'),
  moves: z
    .strictObject({
      forward: z
        .enum(['next', 'any'])
        .default('next')
        .describe('`next`: one column at a time. `any`: further, through the gates of every column crossed.'),
      backward: z.enum(['any']).default('any').describe('Moves back are granted and recorded.'),
    })
    .prefault({})
    .describe('Which moves may be made.'),
  gates: z
    .record(nameSchema, gateSchema)
    .default({})
    .describe('The gates by name. Columns name those that they ask for.'),
  workflows: z.record(nameSchema, workflowSchema).default({}).describe('Workflows that `then` runs.'),
  labels: z
    .strictObject({
      hold: labelSchema.default(HOLD_LABEL).describe('While a card bears this label, it makes no forward move.'),
      move: z
        .record(labelSchema, columnName)
        .default({})
        .describe('Labels that ask for a move: adding one is as good as dragging the card into that column.'),
    })
    .prefault({})
    .describe('Labels that mean something to Andon.'),
})

export type PolicyFile = z.infer<typeof policyFileSchema>
