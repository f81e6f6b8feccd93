// What a gate may look at, gathered from the move.
import type { Event } from '../facts/event.ts'
import type { Context } from '../gates/gate.ts'
import type { Policy } from '../policy/policy.ts'
import type { Attempt, Move } from './move.ts'
import { moverDoubt } from './mover.ts'

type Seen = Extract<Event, { kind: 'card-seen' }>

export function contextOf(move: Move, seen: Seen, attempt: Attempt, policy: Policy, at: string): Context {
  const kind = attempt.changeKind
  return {
    at,
    card: seen.card,
    commit: attempt.commit,
    change: seen.change,
    manifestProblems: seen.manifestProblems,
    changeKind: kind,
    risk: attempt.risk,
    knownKinds: policy.changes.map((rule) => rule.name),
    ...(policy.agents ? { agents: policy.agents.map(({ name, login }) => ({ name, login })) } : {}),
    requires: policy.changes.find((rule) => rule.name === kind)?.requires ?? [],
    facts: seen.facts,
    move: { from: attempt.from, to: attempt.to ?? '', by: attempt.by, doubt: moverDoubt(move, attempt, at) },
    enteredAt: move.enteredAt,
    approvals: move.approvals,
    policySince: seen.policy?.since ?? null,
    reviewed: move.reviewed,
  }
}
