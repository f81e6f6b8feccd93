// How somebody is tied to a change, so that its approval or waiver is not theirs to give.
import { type Actor, sameActor } from '../facts/actor.ts'
import type { Card } from '../facts/card.ts'

/** In words; null where not at all. `mover`: the one who moved the card. */
export function tieOf(by: Actor, card: Card, mover: Actor | null): string | null {
  const author = card.pull?.author ?? card.content?.author
  if (author && sameActor(author, by)) return card.pull ? 'opened the pull request' : 'opened the issue'
  if (card.pull?.committers.some((committer) => sameActor(committer, by))) return 'wrote the change'
  return mover && sameActor(mover, by) ? 'moved the card' : null
}
