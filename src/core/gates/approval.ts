// Gate `approval`: enough people of the right teams approve this very change.
import { z } from 'zod'
import { approvalQueries, approvers, judgeApprovals } from './approvals.ts'
import type { LocalGate } from './gate.ts'
import { addsNone, atLeastAtRisks, demanded } from './tightening.ts'

const people = z.number().int().min(1).max(20)
const countByRisk = z.record(z.string().min(1).max(64), people).refine((count) => Object.hasOwn(count, 'default'), {
  error: '`count` by risk needs `default`: how many approve at every other risk.',
})

const settings = z
  .strictObject({
    count: z
      .union([people, countByRisk])
      .default(1)
      .describe(
        'How many different people must approve. A number, or one for each risk, as in `{ default: 1, high: 2 }`.',
      ),
    ...approvers,
    independent: z
      .boolean()
      .default(false)
      .describe(
        'Whether those who made the change may not approve it: the author of the pull request or of the issue that declares it, those who wrote its commits, and the one who moved the card.',
      ),
  })
  .refine((own) => own.teams.length + own.users.length > 0, {
    error: 'An approval must say whose: name `teams` or `users`.',
  })
  .refine((own) => own.teams.length > 0 || own.users.length === 0 || different(own.users) >= most(own.count), {
    error: '`count` asks for more people than `users` names.',
  })

/** A login is the same in small and capital letters. */
function different(logins: string[]): number {
  return new Set(logins.map((login) => login.toLowerCase())).size
}

type Settings = z.infer<typeof settings>
type Count = number | Record<string, number>

/** How many must approve at a risk. */
function countAt(count: Count, risk: string): number {
  if (typeof count === 'number') return count
  return (Object.hasOwn(count, risk) ? count[risk] : count.default) ?? most(count)
}

function most(count: Count): number {
  return typeof count === 'number' ? count : Math.max(...Object.values(count))
}

export const approvalGate = {
  kind: 'approval',
  settings,
  tightening: { count: atLeastAtRisks(countAt), teams: addsNone, users: addsNone, independent: demanded },
  question: (_context, settings) => ({ ask: 'people', queries: approvalQueries(settings) }),
  judge(answer, settings) {
    const count = countAt(settings.count, answer.risk)
    const note = typeof settings.count === 'number' ? {} : { note: `at risk ${answer.risk}` }
    return judgeApprovals(answer, { ...settings, count, ...note })
  },
} satisfies LocalGate<Settings>
