// Reads a wish out of where the card stands: has someone asked for a move, or taken one back?
import type { Actor } from '../facts/actor.ts'
import type { Via } from '../facts/event.ts'
import type { Policy } from '../policy/policy.ts'
import type { Attempt, Move } from './move.ts'
import { isArrival, moverOf, otherMover, SAME_SECONDS } from './mover.ts'
import { columnRule } from './pipeline.ts'
import { isStale, secondsBetween } from './place.ts'

export type NewWish = { to: string | null; by: Actor; via: Via; since: string | null; restored: boolean }

/** `ends`: the open move is over, for this reason. `opens`: a new one is asked for. */
export type Wish = { ends: 'superseded' | 'withdrawn' | 'removed' | null; opens: NewWish | null }

export function findWish(move: Move, policy: Policy | null, at: string): Wish | null {
  const seen = move.seen
  if (seen === null) return null
  const open = move.current?.outcome === null ? move.current : null
  if (seen.card.archived) return open ? { ends: 'removed', opens: null } : null
  if (move.ask) return { ends: open ? 'superseded' : null, opens: { ...move.ask, since: null, restored: false } }
  // Our own move of the card is still under way: where it stands says nothing yet.
  if (move.placing) return null
  const lost = overwritten(move)
  if (lost) return { ends: open ? 'superseded' : null, opens: lost }
  const { column } = move.place
  const restored = move.archived
  if (open) {
    const waitsAtHome = column === move.home && (open.whileWaiting === 'return' || open.since === null)
    if (column === open.to || waitsAtHome) return takenOver(move, open)
    if (column === move.home && !restored) return { ends: 'withdrawn', opens: null }
    return { ends: 'superseded', opens: wishFor(move, restored) }
  }
  if (restored) {
    if (policy === null || columnRule(policy, column) === null)
      return column === null ? null : { ends: null, opens: wishFor(move, true) }
    return settled(move, at) ? null : { ends: null, opens: wishFor(move, true) }
  }
  if (column === move.home && move.known) return null
  if (!move.known && column === null) return null
  return settled(move, at) ? null : { ends: null, opens: wishFor(move, false) }
}

/**
 * A person's move that one of ours undid without knowing: it came after the read by which ours was ordered. GitHub moves
 * a card whatever it is in by then; the timeline tells that ours left another stand than it was meant to leave.
 */
function overwritten(move: Move): NewWish | null {
  const card = move.seen?.card
  const [theirs, ours] = card?.timeline.slice(-2) ?? []
  if (!move.placed || !card?.field || !theirs || theirs.own || !ours?.own || !isArrival(ours, move.place)) return null
  const to = theirs.to || null
  if (to === move.home || to === move.place.column) return null
  if (to !== null && !card.field.options.some(({ name }) => name === to)) return null
  const { from } = move.placed
  const later = secondsBetween(from.since ?? move.current?.openedAt ?? theirs.at, theirs.at)
  if (later <= SAME_SECONDS && (later < 0 || to === from.column)) return null
  return { to, by: theirs.by, via: theirs.automated ? 'automation' : 'board', since: theirs.at, restored: false }
}

/** The timeline has caught up, and names somebody else: it is another wish, asked by the one whose move it was. */
function takenOver(move: Move, open: Attempt): Wish | null {
  const mover = otherMover(move, open)
  if (mover === null) return null
  const { to, since, restored } = open
  return { ends: 'superseded', opens: { to, ...mover, since, restored } }
}

function wishFor(move: Move, restored: boolean): NewWish {
  const { column, since } = move.place
  return { to: column, ...moverOf(move, restored), since, restored }
}

/** The same stand was already refused: the card is only not back yet, or a read is stale. */
function settled(move: Move, at: string): boolean {
  const last = move.current
  if (last?.outcome !== 'refused' || last.to !== move.place.column || last.since !== move.place.since) return false
  const { placed, archivedAt } = move
  const refusedAt = last.endedAt ?? last.openedAt
  // Whoever brings it back out of the archive asks once more.
  if (archivedAt !== null && archivedAt >= refusedAt) return false
  // A move of ours from before the refusal says nothing about it.
  return placed === null || placed.at < refusedAt || isStale(move, move.place, at)
}
