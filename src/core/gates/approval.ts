// Gate `approval`: enough people of the right teams approve this very change.
import { z } from 'zod'
import { personLogin, teamSlug } from '../facts/people.ts'
import { approvalQueries, judgeApprovals } from './approvals.ts'
import type { LocalGate } from './gate.ts'

const settings = z
  .strictObject({
    count: z.number().int().min(1).max(20).default(1).describe('How many different people must approve.'),
    teams: z
      .array(teamSlug)
      .max(20)
      .default([])
      .describe('Slugs of teams of the organization, child teams included. A member of any of them may approve.'),
    users: z.array(personLogin).max(100).default([]).describe('Logins of people who may approve, besides the teams.'),
    independent: z
      .boolean()
      .default(false)
      .describe(
        'Whether those who made the change may not approve it: the author, those who wrote its commits, and the one who moved the card.',
      ),
  })
  .refine((own) => own.teams.length + own.users.length > 0, {
    error: 'An approval must say whose: name `teams` or `users`.',
  })
  .refine((own) => own.teams.length > 0 || own.users.length === 0 || own.users.length >= own.count, {
    error: '`count` asks for more people than `users` names.',
  })

type Settings = z.infer<typeof settings>

export const approvalGate = {
  kind: 'approval',
  settings,
  question: (_context, settings) => ({ ask: 'people', queries: approvalQueries(settings) }),
  judge: (answer, settings) => judgeApprovals(answer, settings),
} satisfies LocalGate<Settings>
