// Where the card stands, told apart from stale reads and from our own moves of it.
import type { Event } from '../facts/event.ts'
import type { Move, Stand } from './move.ts'

/** GitHub's replicas may lag behind a write of ours; a place older than this many seconds is no longer called stale. */
const STALE_SECONDS = 60

export function sameStand(a: Stand, b: Stand): boolean {
  return a.column === b.column && a.since === b.since
}

/** Takes in where a read found the card. A person's move in between ends the move of ours that was still ordered. */
export function seePlace(move: Move, event: Extract<Event, { kind: 'card-seen' }>): Move {
  const stand: Stand = { column: event.card.place.column?.name ?? null, since: event.card.place.since }
  const seen = { ...move, ...(event.card.archived ? { archived: true, home: null, enteredAt: null } : {}) }
  if (move.placing) {
    if (sameStand(stand, move.placing.from)) return seen
    return {
      ...seen,
      place: stand,
      placing: null,
      placed: stand.column === move.placing.to ? { from: move.placing.from, at: event.at } : null,
    }
  }
  if (move.placed && sameStand(stand, move.placed.from) && secondsBetween(move.placed.at, event.at) < STALE_SECONDS)
    return seen
  return { ...seen, place: stand }
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
    placed: { from: move.place, at: event.at },
    current: arrived ? { ...current, since: event.since } : current,
  }
}

export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000
}
