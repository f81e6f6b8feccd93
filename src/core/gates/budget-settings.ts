// What a budget says of itself in a policy: which one it is, how much, over which time, and who is asked once it is spent.
import { z } from 'zod'
import { durationSchema, millisecondsOf } from '../facts/duration.ts'
import { PAGING_PAIRS } from '../statistics/burn-rate.ts'
import { approvers } from './approvals.ts'

const pairSchema = z
  .strictObject({
    rate: z
      .number()
      .gt(0)
      .max(100_000)
      .describe(
        'How many times as fast as the budget allows. At 1 it is spent just as its window ends. Example: `14.4`.',
      ),
    long: durationSchema.describe('The window that tells that much is being spent. Example: `1h`.'),
    short: durationSchema.describe('The shorter window that tells that it has not stopped. Example: `5m`.'),
  })
  .refine((pair) => isShorter(pair.short, pair.long), {
    error: '`short` must be shorter than `long`: it tells whether the errors have stopped.',
    path: ['short'],
  })
  .describe('Keys of a pair of windows in `burn`. It fires while the rate is reached over both of them.')

const whenSpentSchema = z
  .strictObject({
    approvals: z.number().int().min(1).max(20).describe('How many different people must approve. Example: `2`.'),
    ...approvers,
  })
  .refine((own) => own.teams.length + own.users.length > 0, {
    error: 'An approval must say whose: name `teams` or `users`.',
  })
  .refine((own) => own.teams.length > 0 || own.users.length === 0 || own.users.length >= own.approvals, {
    error: '`approvals` asks for more people than `users` names.',
  })

export const budgetSettings = z
  .strictObject({
    of: z
      .enum(['risk', 'errors', 'cost'])
      .describe(
        'What is spent. `risk`: the weights of the cards that were let into this column. `errors`: requests that went wrong, out of recorded evidence. `cost`: a metric of recorded evidence, summed.',
      ),
    metric: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe(
        'Of `errors` and `cost`: the metric of the evidence. Of `errors` its `value` is the share of `n` requests that went wrong; evidence without it, or without its `n`, counts by the requests and errors of its `arms`. All evidence of the board with it counts, that of evaluations too, but for what `from` leaves out: give what the service tells a name of its own. Examples: `service_errors`, `cost_usd`.',
      ),
    from: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(50)
      .optional()
      .describe(
        'Of `errors` and `cost`: the gates and workflows of this policy whose evidence counts, by their names. Without it: all. Example: `[service-health]`.',
      ),
    limit: z
      .number()
      .gt(0)
      .describe(
        'The budget. Of `errors`: the share of requests that may go wrong, 1 minus the objective, as in `0.001`. Of the others: the largest sum.',
      ),
    window: durationSchema.describe('Over which time, up to now. Example: `30d`.'),
    weights: z
      .record(z.string().min(1).max(64), z.number().min(0).max(1_000_000))
      .refine((weights) => Object.hasOwn(weights, 'default'), {
        error: 'Say what a card of any other risk weighs: `default`.',
      })
      .optional()
      .describe(
        'Of `risk`: what a card of each risk weighs; `default` for every other one. Without it each weighs 1. Example: `{ default: 1, high: 5 }`.',
      ),
    burn: z
      .array(pairSchema)
      .max(10)
      .optional()
      .describe(
        'Of `errors`: when they come too fast. Without it: as the Site Reliability Workbook pages, `[{ rate: 14.4, long: 1h, short: 5m }, { rate: 6, long: 6h, short: 30m }]`; its third pair is `{ rate: 1, long: 3d, short: 6h }`. `[]`: only the whole window counts. There must be evidence within the longest of them.',
      ),
    by: z
      .array(z.enum(['environment', 'region']))
      .min(1)
      .optional()
      .describe(
        'Of `errors` and `cost`: a budget for each environment or region that manifests name. Only evidence of changes for the same one counts, and of several regions the worst decides. Example: `[environment, region]`.',
      ),
    'when-spent': whenSpentSchema
      .optional()
      .describe(
        'Who may let a card pass though the budget is spent, by approving this very change. Those who made it or moved the card do not count. Without it: nobody. Example: `{ approvals: 2, teams: [sre] }`.',
      ),
  })
  .superRefine((own, context) => {
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const key of ['metric', 'from', 'weights', 'burn', 'by'] as const)
      if (own[key] !== undefined && !USED[own.of].includes(key))
        problem([key], `\`${key}\` says nothing about a budget of \`${own.of}\`.`)
    if (own.of !== 'risk' && own.metric === undefined)
      problem(['of'], `A budget of \`${own.of}\` needs its \`metric\`: the name it has in the evidence.`)
    if (own.of !== 'errors') return
    if (own.limit >= 1)
      problem(['limit'], 'Of `errors`, `limit` is the share that may go wrong: less than 1, as in `0.001` for 99.9%.')
    for (const [at, { long }] of (own.burn ?? PAGING_PAIRS).entries())
      if (isShorter(own.window, long))
        problem(
          own.burn ? ['burn', at, 'long'] : ['window'],
          own.burn
            ? `\`long\` (${long}) looks further back than the budget’s \`window\` (${own.window}).`
            : `\`window\` (${own.window}) is shorter than the burn windows that hold without \`burn\` (${long}): name your own.`,
        )
  })

export type BudgetSettings = z.infer<typeof budgetSettings>

const USED: Record<BudgetSettings['of'], string[]> = {
  risk: ['weights'],
  errors: ['metric', 'from', 'burn', 'by'],
  cost: ['metric', 'from', 'by'],
}

function isShorter(one: string, other: string): boolean {
  return millisecondsOf(one) < millisecondsOf(other)
}
