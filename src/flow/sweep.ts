// Reads the governed boards of one organization again, and wakes every card that stands elsewhere than the record says.
import { cardStream } from '../core/facts/card.ts'
import { boardsNamed } from '../core/policy/govern.ts'
import { combine } from '../core/policy/inherit.ts'
import type { BoardItem, GitHub, PolicyFile } from '../github/port.ts'
import type { CardIndex } from '../ledger/port.ts'
import { adopt } from './adopt.ts'
import { governing } from './load-policy.ts'
import { notePolicy } from './note-policy.ts'
import { after, now, type World } from './world.ts'

export type Swept = { boards: number; cards: number; woken: number }

/** One sweep of all boards that some policy of the organization names. */
export async function sweep(world: World, owner: string): Promise<Swept> {
  const swept: Swept = { boards: 0, cards: 0, woken: 0 }
  const installation = await world.installations.of(owner)
  if (installation === null) return swept
  const files = await installation.github.policies(owner)
  for (const [number, field] of boardsOf(files, owner))
    await sweepBoard(world, installation.github, owner, number, field, swept)
  await notePolicies(world, owner, files)
  return swept
}

/** A push of a policy wakes the sweep: so it is known to the minute when a policy came into force. */
async function notePolicies(world: World, owner: string, files: PolicyFile[]): Promise<void> {
  const organization = organizationFile(files, owner)
  for (const file of files) {
    const repository = file === organization ? null : file
    for (const number of boardsNamed(file.text)) {
      const governed = governing({ organization, repository }, number, null, world.seal)
      if (governed) await notePolicy(world, { owner, number }, repository, governed.ref)
    }
  }
}

function organizationFile(files: PolicyFile[], owner: string): PolicyFile | null {
  return files.find((file) => file.repository.toLowerCase() === `${owner}/.github`.toLowerCase()) ?? null
}

/** When the next sweep of an organization is due. */
export function nextSweep(world: World): string {
  return after(now(world), world.sweepSeconds)
}

/** Board numbers and their status field, out of every policy file: a repository's counts on top of the organization's. */
function boardsOf(files: PolicyFile[], owner: string): Map<number, string> {
  const boards = new Map<number, string>()
  const organization = organizationFile(files, owner)
  for (const file of files) {
    const combined = combine(organization, file === organization ? null : file)
    if (combined?.ok) boards.set(combined.value.board.project, combined.value.board.field)
    else for (const number of boardsNamed(file.text)) if (!boards.has(number)) boards.set(number, 'Status')
  }
  return boards
}

async function sweepBoard(
  world: World,
  github: GitHub,
  owner: string,
  number: number,
  field: string,
  swept: Swept,
): Promise<void> {
  const board = await github.board(owner, number)
  if (board === null) {
    world.log.warn({ owner, board: number }, 'A policy names a board that the app cannot see')
    return
  }
  swept.boards += 1
  if (await adopt(world, github, owner, number, field)) return
  const known = new Map((await world.ledger.cards({ project: board.id })).map((card) => [card.item, card]))
  for (let cursor: string | null = null; ; ) {
    const page = await github.boardPage(board.id, field, cursor)
    for (const item of page.items) {
      swept.cards += 1
      if (differs(item, known.get(item.item))) {
        swept.woken += 1
        await world.ledger.wake(cardStream(item.item), owner, now(world))
      }
      known.delete(item.item)
    }
    if (page.cursor === null) break
    cursor = page.cursor
  }
  // What is left was on the board once: archived or removed, and perhaps nobody told us.
  for (const card of known.values()) {
    if (card.column === null) continue
    swept.woken += 1
    await world.ledger.wake(card.stream, owner, now(world))
  }
}

function differs(item: BoardItem, known: CardIndex | undefined): boolean {
  if (item.archived) return known !== undefined && known.column !== null
  return known === undefined ? item.place.column !== null : known.column !== (item.place.column?.name ?? null)
}
