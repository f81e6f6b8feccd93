// Takes a board that has just come under a policy as it stands: no card is asked to prove how it came where it is.
import { cardStream } from '../core/facts/card.ts'
import type { GitHub } from '../github/port.ts'
import { boardStream } from './note-policy.ts'
import { now, type World } from './world.ts'

const adopted = new WeakMap<World, Set<string>>()

/** True where the board was adopted by this very call. `field`: the policy's status field. */
export async function adopt(
  world: World,
  github: GitHub,
  owner: string,
  number: number,
  field: string,
): Promise<boolean> {
  const known = adopted.get(world) ?? new Set()
  adopted.set(world, known)
  const stream = boardStream(owner, number)
  if (known.has(stream)) return false
  if ((await world.ledger.read(stream)).length > 0) {
    known.add(stream)
    return false
  }
  const board = await github.board(owner, number)
  if (board === null) return false
  let cards = 0
  for (let cursor: string | null = null; ; ) {
    const page = await github.boardPage(board.id, field, cursor)
    const there = page.items.filter(({ archived }) => !archived)
    cards += there.length
    // All of a page share a few commits, so that a board of 10,000 cards takes seconds.
    await Promise.all(
      there.map(({ item, title, place, content, repository, number: thread }) => {
        const column = place.column?.name ?? null
        const event = { kind: 'card-adopted' as const, at: now(world), column, since: place.since }
        const address = { stream: cardStream(item), owner, project: board.id, projectNumber: number, item }
        // By its content a label or a comment finds the card before it has ever moved.
        const card = { ...address, content, pull: null, repository, number: thread, sha: null, title, column }
        return world.ledger.append(cardStream(item), 0, [{ id: world.newId(), event }], { card })
      }),
    )
    if (page.cursor === null) break
    cursor = page.cursor
  }
  const event = {
    kind: 'board-adopted' as const,
    at: now(world),
    owner,
    project: board.id,
    number,
    title: board.title,
    cards,
  }
  const appended = await world.ledger.append(stream, 0, [{ id: world.newId(), event }])
  known.add(stream)
  return appended.ok
}
