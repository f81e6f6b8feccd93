// Compares what GitHub's timeline tells of a card's moves with what the record holds of them.
import type { TimelineMove } from '../core/facts/card.ts'
import type { Event } from '../core/facts/event.ts'

/** How far the same move's instants on a timeline and on a board may be apart, as GitHub writes them. */
const SAME_SECONDS = 2
/** How far GitHub's clock and ours may be apart. */
const SKEW_SECONDS = 30

/** A move that only one side knows. `''`: no column. `from` is null where only the record knows of it. */
export type Unmatched = { told: 'github' | 'record'; from: string | null; to: string; by: string; at: string }

/**
 * `moves`: how many were compared. `between`: how many of them were never met where they led to, but are named in the
 * record by GitHub's timeline, as read a little later: they passed between two reads.
 */
export type Comparison = { moves: number; between: number; unmatched: Unmatched[] }

/** Where the record saw the card, or put it: in which column, since when, and when that was written. */
type Stand = { column: string; since: string | null; at: string; expected: boolean; by: string }

/**
 * `moves`: GitHub's, oldest first. `events`: all that the record holds of the card, in order. Only what happened from
 * `from` (when the card came under a policy) until `until` is asked for: later moves may be under way.
 */
export function compareHistory(
  moves: TimelineMove[],
  events: Event[],
  { from, until }: { from: string; until: string },
): Comparison {
  const named = new Set(
    events.flatMap((event) => (event.kind === 'card-seen' ? event.card.timeline.map(({ id }) => id) : [])),
  )
  const stands = standsOf(events)
  const comparison: Comparison = { moves: 0, between: 0, unmatched: [] }
  moves.forEach((move, index) => {
    if (seconds(until, move.at) > 0) return
    const met = stands.some((stand) => isArrival(stand, move, moves[index + 1]))
    const early = seconds(from, move.at) < 0
    if (!met && !named.has(move.id) && early) return
    comparison.moves += 1
    if (met) return
    if (named.has(move.id)) comparison.between += 1
    else comparison.unmatched.push({ told: 'github', from: move.from, to: move.to, by: move.by.login, at: move.at })
  })
  for (const stand of stands) {
    if (!stand.expected || seconds(until, stand.at) > 0 || seconds(from, stand.since ?? stand.at) < 0) continue
    if (isTold(stand, moves)) continue
    comparison.moves += 1
    comparison.unmatched.push({
      told: 'record',
      from: null,
      to: stand.column,
      by: stand.by,
      at: stand.since ?? stand.at,
    })
  }
  return comparison
}

/** `expected`: GitHub must tell of that move too. A draft has no timeline. */
function standsOf(events: Event[]): Stand[] {
  let draft = false
  return events.flatMap((event): Stand[] => {
    const seen = { at: event.at, expected: false, by: '' }
    switch (event.kind) {
      case 'card-seen':
        draft = event.card.content === null
        return [{ ...seen, column: event.card.place.column?.name ?? '', since: event.card.place.since }]
      case 'card-adopted':
        return [{ ...seen, column: event.column ?? '', since: event.since }]
      case 'card-placed':
        return [{ ...seen, column: event.column ?? '', since: event.since, expected: !draft, by: 'Andon' }]
      case 'move-opened':
        if (event.since === null || draft || (event.via !== 'board' && event.via !== 'automation')) return []
        return [{ ...seen, column: event.to ?? '', since: event.since, expected: true, by: event.by.login }]
      default:
        return []
    }
  })
}

/** Whether the record met the card where this move led to, before the next move. */
function isArrival(stand: Stand, move: TimelineMove, next: TimelineMove | undefined): boolean {
  if (stand.column !== move.to) return false
  if (stand.since !== null) return Math.abs(seconds(stand.since, move.at)) <= SAME_SECONDS
  // A card without a column does not say since when.
  const from = seconds(move.at, stand.at)
  return from >= -SKEW_SECONDS && (next === undefined || seconds(stand.at, next.at) >= -SKEW_SECONDS)
}

/** Whether GitHub tells of a move that put the card where the record says. A column may have been renamed since. */
function isTold(stand: Stand, moves: TimelineMove[]): boolean {
  const { since } = stand
  if (since !== null) return moves.some((move) => Math.abs(seconds(since, move.at)) <= SAME_SECONDS)
  const before = moves.filter((move) => seconds(move.at, stand.at) >= -SKEW_SECONDS)
  return before.length === 0 || before.some((move) => move.to === '')
}

/** From one instant to another. */
function seconds(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}
