// Who moved the card: the timeline's word where it has caught up with the board, else the delivery's, which may err.
import { GHOST, sameActor } from '../facts/actor.ts'
import type { TimelineMove } from '../facts/card.ts'
import type { Attempt, Move, Stand } from './move.ts'
import type { Mover } from './movers.ts'
import { secondsBetween } from './place.ts'

/** How far the same move's instants on the timeline and on the board may be apart. */
export const SAME_SECONDS = 2
/** How long the timeline may lag behind the board; a board whose moves it never tells is not waited for any longer. */
const LAG_SECONDS = 60

/** Of a wish that is found on the board. */
export function moverOf(move: Move, restored: boolean): Mover {
  const told = arrivalOf(move, move.place, restored)
  return told ? asMover(told) : { by: move.seen?.mover ?? GHOST, via: 'board' }
}

/** Whom the timeline names, now that it has caught up, where the open move was taken for somebody else's. */
export function otherMover(move: Move, open: Attempt): Mover | null {
  if (!isOnBoard(open)) return null
  const told = arrivalOf(move, { column: open.to, since: open.since }, open.restored)
  if (told === null || told.own || told.by.type === 'Unknown' || sameActor(told.by, open.by)) return null
  return asMover(told)
}

/**
 * Where it is not sure who made the move: whoever did must not approve it unnoticed. `until`: when to look again; null
 * where only another move would help. Null where it is sure, or as sure as it gets.
 */
export function moverDoubt(move: Move, open: Attempt, at: string): { until: string | null } | null {
  const unsure = open.by.type === 'Unknown' ? { until: null } : null
  if (!isOnBoard(open) || arrivalOf(move, { column: open.to, since: open.since }, open.restored)) return unsure
  const until = new Date(Date.parse(open.openedAt) + LAG_SECONDS * 1000).toISOString()
  return at < until ? { until } : unsure
}

/** Whether the timeline's entry tells how the card came to stand where it does. */
export function isArrival(entry: TimelineMove, { column, since }: Stand): boolean {
  if (entry.to !== (column ?? '')) return false
  return since === null || Math.abs(secondsBetween(entry.at, since)) <= SAME_SECONDS
}

/** Of a restored card the timeline tells who moved it once, and not who brought it back. */
function arrivalOf({ seen, archivedAt }: Move, stand: Stand, restored: boolean): TimelineMove | null {
  const last = seen?.card.timeline.findLast((entry) => isArrival(entry, stand))
  const before = restored && archivedAt !== null && last !== undefined && secondsBetween(last.at, archivedAt) >= 0
  return last && !before ? last : null
}

/** Who asked by label or command is told by what asked. */
function isOnBoard({ via }: Attempt): boolean {
  return via === 'board' || via === 'automation'
}

function asMover({ by, automated }: TimelineMove): Mover {
  return { by, via: automated ? 'automation' : 'board' }
}
