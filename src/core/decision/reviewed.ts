// Binds each approving review to the change that its giver could see: GitHub itself binds it to the commit only.
import type { Event } from '../facts/event.ts'
import type { Move } from './move.ts'
import { isAfter } from './standing.ts'

type Seen = Extract<Event, { kind: 'card-seen' }>

/**
 * A review is bound when it is first seen, and for good: whatever is edited later, it stays one of that change. One that
 * is older than the last edit is bound to none, since nobody can tell what its giver saw.
 */
export function bindReviews(move: Move, seen: Seen): Pick<Move, 'reviewed' | 'manifestEditedAt'> {
  const { change, card } = seen
  const manifestEditedAt = editedAt(move, seen)
  if (change === null || change.parts.some(({ digest }) => digest === null))
    return { reviewed: move.reviewed, manifestEditedAt }
  const bound = (card.pull?.reviews ?? []).filter(
    ({ id, state, sha, at }) =>
      state === 'APPROVED' &&
      sha === change.sha &&
      !Object.hasOwn(move.reviewed, id) &&
      (manifestEditedAt === null || isAfter(at, manifestEditedAt)),
  )
  if (bound.length === 0) return { reviewed: move.reviewed, manifestEditedAt }
  const added = Object.fromEntries(bound.map(({ id }) => [id, change.digest]))
  return { reviewed: { ...move.reviewed, ...added }, manifestEditedAt }
}

/** When the manifest was last edited at the present commit, as far as it is known. */
function editedAt(move: Move, { card, change, at }: Seen): string | null {
  if (card.writtenAt !== undefined) return card.writtenAt
  // An older entry: all it tells is that this read found another manifest than the last one.
  const before = move.seen?.change
  if (!before || before.sha !== change?.sha) return null
  return before.digest === change.digest ? move.manifestEditedAt : at
}
