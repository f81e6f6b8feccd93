// The emergency lane: when it is open, the review it owes, and what an overdue review forbids.
import { type Actor, sameActor } from '../facts/actor.ts'
import { bears } from '../facts/card.ts'
import type { DueReview, EmergencyReview, IssueState } from '../facts/emergency.ts'
import type { Refusal } from '../facts/event.ts'
import type { Judgement } from '../facts/judgement.ts'
import { type Facts, isMember, NO_FACTS, type Query } from '../facts/query.ts'
import { recordAnswer } from '../facts/record-question.ts'
import type { EmergencyRule, Policy } from '../policy/policy.ts'
import type { Course } from './course.ts'
import { agentOf } from './movers.ts'
import { ownersOf } from './pipeline.ts'

const QUESTION = { of: 'reviews' } as const

const ofTeams = (teams: string[]): Query[] => teams.map((slug) => ({ fact: 'team', slug }))

/**
 * The judgement of each gate that the open move skips: the card bears the label, and who moved it is of the teams. The
 * label with another's move opens nothing, which is recorded once.
 */
export function skippedGates(course: Course, policy: Policy): Map<string, Judgement> {
  const { open } = course
  const rule = policy.emergency
  const card = course.move.seen?.card
  const skipped = new Map<string, Judgement>()
  if (open === null || rule === undefined || card === undefined || !bears(card, rule.label)) return skipped
  const gates = open.gates.filter((gate) => gate.enforce && rule.skips.includes(gate.name))
  if (gates.length === 0 || !course.answered(ofTeams(rule.teams))) return skipped
  const team = agentOf(policy, open.by) ? null : teamOf(open.by, rule, factsOf(course))
  if (team === null) {
    const { label, teams } = rule
    const refused = { at: course.at, move: open.id, by: open.by, label, teams }
    if (open.emergency === undefined) course.emit({ kind: 'emergency-refused', ...refused })
    return skipped
  }
  const detail = [open.by.login, team, rule.label]
  for (const { name } of gates) skipped.set(name, { verdict: 'pass', reason: 'skipped-emergency', detail })
  return skipped
}

/** After the grant: what was skipped, and until when it must be reviewed. */
export function oweReview(course: Course, policy: Policy): void {
  const granted = course.move.current
  const rule = policy.emergency
  if (granted === null || rule === undefined) return
  const skipped = granted.gates.filter((gate) => gate.enforce && gate.judgement?.reason === 'skipped-emergency')
  const team = skipped[0]?.judgement?.detail?.[1]
  if (team === undefined) return
  const due = new Date(Date.parse(course.at) + rule.reviewHours * 3_600_000).toISOString()
  const { id: move, by } = granted
  const labels = rule.issue.labels
  const names = skipped.map((gate) => gate.name)
  course.emit({ kind: 'emergency-used', at: course.at, move, by, team, skipped: names, due, labels })
}

/** Records that the card's own reviews were closed, as soon as a look at GitHub shows it. */
export function closeReviews(course: Course, policy: Policy | null): void {
  const owed = course.move.reviews.filter(({ issue }) => issue !== null)
  if (owed.length === 0 || !course.answered(owed.flatMap(issueQuery))) return
  for (const review of owed) {
    const state = stateOf(review, factsOf(course))
    if (isDone(review, state, policy))
      course.emit({ kind: 'review-closed', at: course.at, move: review.move, by: state?.closedBy ?? null })
  }
}

/** What forbids a move `by` somebody because of reviews that are overdue; null where that is not known yet. */
export function overdueReviews(course: Course, policy: Policy, by: Actor): Refusal[] | null {
  const card = course.move.seen?.card
  const known = recordAnswer(factsOf(course).record, QUESTION)
  // A policy that has no lane any more is told what is still owed; it does not ask.
  if (card === undefined || (policy.emergency === undefined && known === undefined)) return []
  if (!course.answered([{ fact: 'record', question: QUESTION }])) return null
  const due = (known ?? []).filter((review) => review.due <= course.at)
  const teams = [...new Set(due.map(({ team }) => team))]
  if (!course.answered([...ofTeams(teams), ...due.flatMap(issueQuery)])) return null
  const people = [by.login, ...ownersOf(card)]
  const facts = factsOf(course)
  return due
    .filter((review) => !isDone(review, stateOf(review, facts), policy))
    .filter(({ team }) => people.some((login) => isMember(facts, team, { login })))
    .map(({ title, by, due, team, issue }) => ({
      reason: 'review-overdue',
      gate: null,
      detail: [title, by.login, due, team, issue?.url ?? ''],
    }))
}

type Owed = Pick<EmergencyReview | DueReview, 'by' | 'issue'>

/** Closed by a person other than the one who used the lane, as far as GitHub says who it was. One that is gone is not done. */
function isDone({ by }: Owed, state: IssueState | null, policy: Policy | null): boolean {
  if (state === null || state.open) return false
  const { closedBy } = state
  if (closedBy === null || closedBy.type === 'Unknown') return true
  return closedBy.type === 'User' && !sameActor(closedBy, by) && !(policy && agentOf(policy, closedBy))
}

function issueQuery({ issue }: Owed): Query[] {
  return issue === null ? [] : [{ fact: 'issue-state', id: issue.id }]
}

function stateOf({ issue }: Owed, facts: Facts): IssueState | null {
  return issue === null ? null : (facts.issueStates?.[issue.id] ?? null)
}

function teamOf(by: Actor, rule: EmergencyRule, facts: Facts): string | null {
  if (by.type !== 'User') return null
  return rule.teams.find((slug) => isMember(facts, slug, by)) ?? null
}

function factsOf(course: Course): Facts {
  return course.move.seen?.facts ?? NO_FACTS
}
