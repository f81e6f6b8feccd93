// What a gate may look at, gathered from the move.
import type { Event } from '../facts/event.ts'
import type { Context } from '../gates/gate.ts'
import type { Policy } from '../policy/policy.ts'
import type { Attempt, Move } from './move.ts'

type Seen = Extract<Event, { kind: 'card-seen' }>

export function contextOf(move: Move, seen: Seen, attempt: Attempt, policy: Policy, at: string): Context {
  const since = seen.policy?.since ?? null
  const kind = attempt.changeKind
  return {
    at,
    card: since === null ? seen.card : withoutEarlierApprovals(seen.card, since),
    commit: attempt.commit,
    change: seen.change,
    manifestProblems: seen.manifestProblems,
    changeKind: kind,
    risk: attempt.risk,
    knownKinds: policy.changes.map((rule) => rule.name),
    ...(policy.agents ? { agents: policy.agents.map(({ name, login }) => ({ name, login })) } : {}),
    requires: policy.changes.find((rule) => rule.name === kind)?.requires ?? [],
    facts: seen.facts,
    move: { from: attempt.from, to: attempt.to ?? '', by: attempt.by },
    enteredAt: move.enteredAt,
    approvals: move.approvals.filter((approval) => since === null || isNotBefore(approval.at, since)),
    reviewed: move.reviewed,
  }
}

/** Whoever approved under another policy did not see the criteria in force now; an objection stays one. */
function withoutEarlierApprovals(card: Seen['card'], since: string): Seen['card'] {
  if (card.pull === null) return card
  const reviews = card.pull.reviews.filter((review) => review.state !== 'APPROVED' || isNotBefore(review.at, since))
  return { ...card, pull: { ...card.pull, reviews } }
}

/** GitHub tells instants with and without milliseconds. */
function isNotBefore(at: string, since: string): boolean {
  return Date.parse(at) >= Date.parse(since)
}
