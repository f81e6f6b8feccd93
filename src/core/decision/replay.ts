// Decides a card's recorded history again, and says where the answer would be another one.
import type { Event } from '../facts/event.ts'
import { sameValue } from '../facts/stable.ts'
import type { Policy } from '../policy/policy.ts'
import { decide } from './decide.ts'
import { evolve, NEW_MOVE } from './move.ts'

/** At the read `id`, this was recorded, and this is what would be decided now. Ids and times of both are alike. */
type Difference = { id: string; at: string; recorded: Event[]; replayed: Event[] }

export type Replay = { decisions: number; differences: Difference[] }

/**
 * `policyFor` gives the policy to decide by, by the digest that was in force: the recorded one proves the record, another
 * one shows what it would change. Each decision is taken on the recorded history, so one difference brings no others.
 */
export function replay(events: readonly Event[], policyFor: (digest: string | null) => Policy | null): Replay {
  const found: Replay = { decisions: 0, differences: [] }
  let move = NEW_MOVE
  for (let index = 0; index < events.length; index++) {
    const event = events[index] as Event
    move = evolve(move, event)
    if (event.kind !== 'card-seen') continue
    const recorded = decidedAfter(events, index)
    const replayed = decide(move, event, policyFor(move.policy))
    found.decisions += 1
    if (!sameValue(recorded, replayed)) found.differences.push({ id: event.id, at: event.at, recorded, replayed })
  }
  return found
}

/** What the read at `index` led to: everything up to the next thing that was seen. */
function decidedAfter(events: readonly Event[], index: number): Event[] {
  const decided: Event[] = []
  for (let next = index + 1; next < events.length; next++) {
    const event = events[next] as Event
    if (!isDecided(event)) break
    decided.push(event)
  }
  return decided
}

const DECIDED: ReadonlySet<Event['kind']> = new Set([
  'move-opened',
  'gate-asked',
  'gate-judged',
  'gates-voided',
  'move-parked',
  'move-granted',
  'move-refused',
  'move-ended',
  'emergency-refused',
  'emergency-used',
  'review-closed',
  'waiver-ended',
  'card-ready',
  'card-unready',
  'workflow-ordered',
])

function isDecided(event: Event): boolean {
  return DECIDED.has(event.kind)
}
