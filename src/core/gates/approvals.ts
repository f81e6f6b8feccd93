// Whether enough of the right people approved this very change: what the gates that ask people share.
import { z } from 'zod'
import { type Actor, isNamed } from '../facts/actor.ts'
import type { Judgement } from '../facts/judgement.ts'
import { personLogin, teamSlug } from '../facts/people.ts'
import type { Query } from '../facts/query.ts'
import type { Context } from './gate.ts'
import { latestOpinions, type Opinion } from './opinion.ts'
import { tieOf } from './tie.ts'

/** The keys of a policy that say whose approval counts. */
export const approvers = {
  teams: z
    .array(teamSlug)
    .max(20)
    .default([])
    .describe('Slugs of teams of the organization, child teams included. A member of any of them may approve.'),
  users: z.array(personLogin).max(100).default([]).describe('Logins of people who may approve, besides the teams.'),
}

/** Whose approvals are wanted, and how many; `note`: why that many. */
export type Wanted = { count: number; teams: string[]; users: string[]; independent: boolean; note?: string }

export function approvalQueries({ teams }: Pick<Wanted, 'teams'>): Query[] {
  return teams.map((slug) => ({ fact: 'team', slug }))
}

export function judgeApprovals(context: Context, wanted: Wanted): Judgement {
  const teams = wanted.teams.map((slug) => ({
    slug,
    members: Object.hasOwn(context.facts.teams, slug) ? context.facts.teams[slug] : undefined,
  }))
  const unknown = teams.filter((team) => team.members === null).map((team) => team.slug)
  if (unknown.length > 0) return { verdict: 'error', reason: 'team-unknown', detail: unknown }
  if (teams.some((team) => team.members === undefined)) return { verdict: 'wait', reason: 'unread' }
  const known = teams.map((team) => ({ slug: team.slug, members: team.members ?? [] }))
  const judged = judgeOpinions(
    latestOpinions(context).map((opinion) => ({ opinion, ...weigh(opinion, wanted, known, context) })),
    wanted,
  )
  return wanted.independent ? unlessOfMover(judged, wanted, context.move.doubt ?? null) : judged
}

/** While it is not sure who moved the card, one of those who approved may be the one: their word does not decide it. */
function unlessOfMover(judged: Judgement, { count }: Wanted, doubt: Context['move']['doubt']): Judgement {
  const given = judged.rows?.[0]?.value ?? 0
  if (!doubt || judged.verdict !== 'pass' || given > count) return judged
  return { ...judged, verdict: 'wait', reason: 'mover-untold', ...(doubt.until === null ? {} : { until: doubt.until }) }
}

type Weighed = { opinion: Opinion; counts: 'for' | 'against' | 'no'; why: string }

function judgeOpinions(weighed: Weighed[], wanted: Wanted): Judgement {
  const { count } = wanted
  const approved = weighed.filter((one) => one.counts === 'for')
  const against = weighed.filter((one) => one.counts === 'against')
  const rows = [
    {
      name: 'approvals',
      value: approved.length,
      criterion: `≥ ${count} of ${sayWho(wanted)}`,
      met: approved.length >= count,
      ...(wanted.note === undefined ? {} : { note: wanted.note }),
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
  wanted: Wanted,
  teams: { slug: string; members: string[] }[],
  context: Context,
): Omit<Weighed, 'opinion'> {
  const { by, says } = opinion
  const no = (why: string) => ({ counts: 'no' as const, why: `${by.login} ${why}` })
  const agent = context.agents?.find(({ login }) => login.toLowerCase() === by.login.toLowerCase())
  if (agent) return no(`is the agent ${agent.name}`)
  if (by.type === 'Bot' || by.login.endsWith('[bot]')) return no('is a bot')
  if (by.type !== 'User') return no('could not be told to be a person')
  const right = rightOf(by, wanted, teams)
  if (right === null) return no(`is not among those who may approve (${sayWho(wanted)})`)
  const tie = wanted.independent ? tieOf(by, context.card, context.move.by) : null
  if (tie !== null) return no(tie)
  if (says === 'dismissed') return no('had approved or asked for changes, and that review was dismissed')
  if (opinion.about !== 'this change')
    return no(`${says === 'approved' ? 'approved' : 'asked for changes of'} ${opinion.about}`)
  if (says === 'changes-requested') return { counts: 'against', why: `${by.login} asked for changes` }
  return { counts: 'for', why: `${by.login} approved (${right})` }
}

function rightOf(by: Actor, wanted: Wanted, teams: { slug: string; members: string[] }[]): string | null {
  const team = teams.find(({ members }) => isNamed(members, by))
  if (team) return `team ${team.slug}`
  return isNamed(wanted.users, by) ? 'by name' : null
}

function sayWho({ teams, users }: Wanted): string {
  return [...teams.map((slug) => `team ${slug}`), ...users].join(', ')
}
