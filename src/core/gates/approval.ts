// Gate `approval`: enough people of the right teams approve this very change.
import { z } from 'zod'
import { type Actor, sameActor } from '../facts/actor.ts'
import type { Judgement } from '../facts/judgement.ts'
import { personLogin, teamSlug } from '../facts/people.ts'
import type { Context, LocalGate } from './gate.ts'
import { latestOpinions, type Opinion } from './opinion.ts'

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
  question: (_context, settings) => ({
    ask: 'people',
    queries: settings.teams.map((slug) => ({ fact: 'team', slug })),
  }),
  judge(answer, settings): Judgement {
    const teams = settings.teams.map((slug) => ({
      slug,
      members: Object.hasOwn(answer.facts.teams, slug) ? answer.facts.teams[slug] : undefined,
    }))
    const unknown = teams.filter((team) => team.members === null).map((team) => team.slug)
    if (unknown.length > 0) return { verdict: 'error', reason: 'team-unknown', detail: unknown }
    if (teams.some((team) => team.members === undefined)) return { verdict: 'wait', reason: 'unread' }
    const known = teams.map((team) => ({ slug: team.slug, members: team.members ?? [] }))
    return judgeOpinions(
      latestOpinions(answer).map((opinion) => ({ opinion, ...weigh(opinion, settings, known, answer) })),
      settings,
    )
  },
} satisfies LocalGate<Settings>

type Weighed = { opinion: Opinion; counts: 'for' | 'against' | 'no'; why: string }

function judgeOpinions(weighed: Weighed[], settings: Settings): Judgement {
  const { count } = settings
  const approved = weighed.filter((one) => one.counts === 'for')
  const against = weighed.filter((one) => one.counts === 'against')
  const rows = [
    {
      name: 'approvals',
      value: approved.length,
      criterion: `≥ ${count} of ${sayWho(settings)}`,
      met: approved.length >= count,
    },
  ]
  const detail = [...against, ...approved, ...weighed.filter((one) => one.counts === 'no')].map((one) => one.why)
  const urls = [...against, ...approved].map((one) => one.opinion.url)
  if (against.length > 0) return { verdict: 'fail', reason: 'changes-requested', detail, rows, urls }
  if (approved.length < count) return { verdict: 'wait', reason: 'approvals-missing', detail, rows, urls }
  return { verdict: 'pass', reason: 'approvals-given', detail, rows, urls }
}

/** Whether one person's latest word counts, and why or why not, in words. */
function weigh(
  opinion: Opinion,
  settings: Settings,
  teams: { slug: string; members: string[] }[],
  context: Context,
): Omit<Weighed, 'opinion'> {
  const { by, says } = opinion
  const no = (why: string) => ({ counts: 'no' as const, why: `${by.login} ${why}` })
  if (by.type === 'Bot' || by.login.endsWith('[bot]')) return no('is a bot')
  if (by.type !== 'User') return no('could not be told to be a person')
  const right = rightOf(by, settings, teams)
  if (right === null) return no(`is not among those who may approve (${sayWho(settings)})`)
  const tie = settings.independent ? tieOf(by, context) : null
  if (tie !== null) return no(tie)
  if (says === 'dismissed') return no('had approved or asked for changes, and that review was dismissed')
  if (opinion.about !== 'this change')
    return no(`${says === 'approved' ? 'approved' : 'asked for changes of'} ${opinion.about}`)
  if (says === 'changes-requested') return { counts: 'against', why: `${by.login} asked for changes` }
  return { counts: 'for', why: `${by.login} approved (${right})` }
}

function rightOf(by: Actor, settings: Settings, teams: { slug: string; members: string[] }[]): string | null {
  const login = by.login.toLowerCase()
  const team = teams.find(({ members }) => members.some((member) => member.toLowerCase() === login))
  if (team) return `team ${team.slug}`
  return settings.users.some((user) => user.toLowerCase() === login) ? 'by name' : null
}

/** How a person is tied to the change, so that an independent approval is not theirs to give; null where not at all. */
function tieOf(by: Actor, { card, move }: Context): string | null {
  const author = card.pull?.author ?? card.content?.author
  if (author && sameActor(author, by)) return card.pull ? 'opened the pull request' : 'opened the issue'
  if (card.pull?.committers.some((committer) => sameActor(committer, by))) return 'wrote the change'
  return sameActor(move.by, by) ? 'moved the card' : null
}

function sayWho({ teams, users }: Settings): string {
  return [...teams.map((slug) => `team ${slug}`), ...users].join(', ')
}
