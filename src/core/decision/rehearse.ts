// Foretells what a move of a card would meet, on a copy of what is remembered of it: nothing is recorded or ordered.
import type { Actor } from '../facts/actor.ts'
import type { Event } from '../facts/event.ts'
import type { Query } from '../facts/query.ts'
import type { AgentRule, Policy } from '../policy/policy.ts'
import { askGates } from './ask-gates.ts'
import { Course } from './course.ts'
import type { Attempt, Move } from './move.ts'
import { openMove } from './open-move.ts'
import { columnRule, nextColumn } from './pipeline.ts'

/** A workflow that the move would start: for a gate, or once it is granted (`start` and `then`). */
export type Started = { name: string; file: string; when: 'asked' | 'granted' }

export type Rehearsal =
  | { outcome: 'pass' | 'wait' | 'refuse'; attempt: Attempt; starts: Started[] }
  /** There is no column after the one it stands in. */
  | { outcome: 'end' }
  /** It stands in the column that was named. */
  | { outcome: 'there' }
  /** The policy has no such column. */
  | { outcome: 'no-column' }

/** Nobody in particular, who is in nobody's way. It is asked for, not dragged: no timeline is to tell of it. */
const SOMEBODY: Actor = { login: '', id: 0, type: 'User' }

/** `to` null: the next column. `by` null: somebody who may move it there. `missing`: what GitHub or the record must still be asked. */
export function rehearse(
  move: Move,
  inForce: Policy | null,
  wish: { to: string | null; by: Actor | null },
): { rehearsal: Rehearsal; missing: Query[] } {
  const { seen } = move
  const policy = inForce && wish.by === null ? withoutMovers(inForce) : inForce
  if (seen === null) throw new Error('A card that was never read has no move to rehearse.')
  const plain = (outcome: 'end' | 'there' | 'no-column') => ({ rehearsal: { outcome }, missing: [] })
  if (wish.to !== null && policy !== null && columnRule(policy, wish.to) === null) return plain('no-column')
  const to = wish.to ?? (policy && nextColumn(policy, move.home))
  // Where no policy could ever be read, no order is known: wherever it is moved to, it is refused.
  if (to === null && policy !== null) return plain('end')
  if (to === move.home && policy !== null) return plain('there')
  const course = new Course(move, seen)
  const by = wish.by ?? SOMEBODY
  openMove(course, { to, by, via: 'command', since: seen.at, restored: move.archived }, policy)
  if (course.open && policy !== null) askGates(course, policy)
  const attempt = course.move.current
  if (attempt === null) throw new Error('A move was opened, and none is there.')
  const outcome = attempt.outcome === 'granted' ? 'pass' : attempt.outcome === null ? 'wait' : 'refuse'
  return { rehearsal: { outcome, attempt, starts: course.decided.flatMap(startedBy) }, missing: course.missing }
}

/** Who moves the card is not asked where nobody is named. */
function withoutMovers(policy: Policy): Policy {
  const columns = policy.columns.map(({ movers, ...column }) => column)
  return { ...policy, columns, ...(policy.agents && { agents: policy.agents.map(free) }) }
}

function free(agent: AgentRule): AgentRule {
  return { ...agent, mayEnter: null }
}

function startedBy(event: Event): Started[] {
  if (event.kind === 'workflow-ordered') return [{ name: event.name, file: event.asked.file, when: 'granted' }]
  if (event.kind !== 'gate-asked') return []
  return [{ name: event.gate, file: event.asked.file, when: event.purpose === 'start' ? 'granted' : 'asked' }]
}
