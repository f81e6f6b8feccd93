// How somebody is tied to a change, so that its approval or waiver is not theirs to give.
import { type Actor, sameActor } from '../facts/actor.ts'
import { type Card, declarerOf } from '../facts/card.ts'

/** In words; null where not at all. `mover`: the one who moved the card. */
export function tieOf(by: Actor, card: Card, mover: Actor | null): string | null {
  if (card.pull && sameActor(card.pull.author, by)) return 'opened the pull request'
  const declarer = declarerOf(card)
  if (declarer && sameActor(declarer, by)) return 'opened the issue'
  if (card.pull?.committers.some((committer) => sameActor(committer, by))) return 'wrote the change'
  return mover && sameActor(mover, by) ? 'moved the card' : null
}
