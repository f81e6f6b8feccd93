// The form of a column in a policy: its limit, and what it asks and starts.
import { z } from 'zod'
import { later } from '../facts/criterion.ts'
import { moversSchema } from './mover-schema.ts'
import { columnName, gateNames, lockedSchema, nameSchema } from './name-schema.ts'

const count = z.number().int().min(1).max(10_000)
const limitSchema = z.union([
  count,
  z
    .strictObject({
      total: count.optional().describe('Cards in the column.'),
      'per-owner': count.optional().describe('Cards in the column of one person: the assignees, else the author.'),
      'per-risk': z
        .record(z.string().min(1).max(64), count)
        .refine((limits) => Object.keys(limits).length > 0, { error: '`per-risk` names no risk.' })
        .optional()
        .describe(
          'Cards in the column of one risk, by its name, as in `{ high: 1 }`; `default` where no rule matches. A card counts at the risk that its last move had, and at every risk where Andon recorded none.',
        ),
    })
    .refine((limit) => Object.keys(limit).length > 0, {
      error: 'A limit needs `total`, `per-owner` or `per-risk`.',
    }),
])

const comesLater = 'leave it out'
export const columnSchema = z.strictObject(
  {
    name: columnName.describe('The column’s name, as the board’s field has it.'),
    limit: limitSchema
      .optional()
      .describe(
        'Work in progress: how many cards may stand in the column. A number, or `{ total: 3, per-owner: 1, per-risk: { high: 1 } }`.',
      ),
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
    movers: moversSchema
      .optional()
      .describe(
        'Who may move cards forward into the column or past it: a card that somebody else moves there goes back. Without it: everybody. `{ teams: [release], bots: ["deploy-bot[bot]"] }`',
      ),
    pull: z
      .boolean()
      .default(false)
      .describe(
        '`true`: while there is room under its `limit`, the column takes the card of the column before that has been ready longest. A card is ready when every gate on the way would pass; a card on hold is not.',
      ),
    locked: lockedSchema,
    stay: later('stay', comesLater),
    'every-minutes': later('every-minutes', comesLater),
    fallback: later('fallback', comesLater),
  },
  {
    error: ({ input }) =>
      typeof input === 'string' ? `A column is keys and values: write \`{ name: ${input.slice(0, 64)} }\`.` : undefined,
  },
)
