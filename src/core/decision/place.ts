// Where the card stands, told apart from stale reads and from our own moves of it.
import type { Event } from '../facts/event.ts'
import type { Move, Stand } from './move.ts'

/** GitHub's replicas may lag behind a write of ours; after this many seconds a read is no longer called stale. */
export const STALE_SECONDS = 10

export function sameStand(a: Stand, b: Stand): boolean {
  return a.column === b.column && a.since === b.since
}

/**
 * Takes in where a read found the card. A person's move in between ends the move of ours that was still ordered, and so
 * does the archive: GitHub moves no archived card, and a restored one is asked anew.
 */
export function seePlace(move: Move, event: Extract<Event, { kind: 'card-seen' }>): Move {
  const stand: Stand = { column: event.card.place.column?.name ?? null, since: event.card.place.since }
  if (event.card.archived) return { ...archive(move, event.at), place: stand, placing: null }
  if (move.placing) {
    if (sameStand(stand, move.placing.from)) return move
    const arrived = stand.column === move.placing.to
    return { ...move, place: stand, placing: null, placed: arrived ? left(move, move.placing.from, event.at) : null }
  }
  if (isStale({ ...move, seen: event }, stand, event.at)) return move
  return { ...move, place: stand }
}

/** Takes in that the card is in the archive: nothing is granted to it while it is there. */
export function archive(move: Move, at: string): Move {
  const archivedFrom = move.home ?? move.archivedFrom
  return { ...move, archived: true, archivedAt: at, archivedFrom, home: null, enteredAt: null }
}

/** The column that a move of the card comes from: the one last granted to it, also where it was archived since. */
export function origin(move: Move): string | null {
  return move.archived ? move.archivedFrom : move.home
}

/** Takes in that our own move of the card took place. */
export function placeCard(move: Move, event: Extract<Event, { kind: 'card-placed' }>): Move {
  const stand = { column: event.column, since: event.since }
  const current = move.current
  const arrived = current?.outcome === null && current.since === null && current.to === event.column
  return {
    ...move,
    place: stand,
    placing: null,
    ready: null,
    placed: left(move, move.place, event.at),
    current: arrived ? { ...current, since: event.since } : current,
  }
}

/**
 * A read that shows the card where it stood before our own move of it, with no word of a newer one. Instants are told
 * to the second only, so a person's quick second move may look the same: the timeline's last entry tells them apart,
 * and where it has none, time does.
 */
export function isStale(move: Move, stand: Stand, at: string): boolean {
  const { placed } = move
  if (placed === null || !sameStand(stand, placed.from)) return false
  return lastMark(move) === placed.mark && secondsBetween(placed.at, at) < STALE_SECONDS
}

function left(move: Move, from: Stand, at: string): Move['placed'] {
  return { from, at, mark: lastMark(move) }
}

function lastMark(move: Move): string | null {
  return move.seen?.card.timeline.at(-1)?.id ?? null
}

export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}
