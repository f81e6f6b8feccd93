// The people of a chaos run: they move, add and archive cards, label, push and review, as chance has it.
import { columnOf, type Item } from '../../src/sandbox/world/board.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard, archiveCard, restoreCard } from '../../src/sandbox/world/cards.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { addLabel } from '../../src/sandbox/world/labels.ts'
import { openPull } from '../../src/sandbox/world/pulls.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { review } from '../../src/sandbox/world/reviews.ts'
import type { Pull, Thread } from '../../src/sandbox/world/thread.ts'
import type { Chance } from './chance.ts'
import type { Deed } from './oracle.ts'
import { ASK_LABEL, COLUMNS, type Town } from './town.ts'

const MANIFEST =
  '```andon\nkind: prompt-template\nprompts: [{ path: prompts/answer.md }]\nrollback: { to: "41" }\n```\n'

const MOST_CARDS = 60

export type People = {
  /** One deed; true where it was a move. */
  act(): boolean
  moves: number
  deeds: Deed[]
  items: Item[]
}

export function gatherPeople(town: Town, chance: Chance): People {
  const { world } = town.sandbox
  const { ada, bo, cy } = town.people
  const people: People = { act, moves: 0, deeds: [], items: [] }
  let count = 0

  const note = (item: Item, deed: Deed['deed'], sha: string | null = null) =>
    people.deeds.push({ card: item.node, at: world.time(), deed, sha })

  function add(): boolean {
    count += 1
    const ready = chance.next() < 0.8
    const body = ready ? MANIFEST : 'Not thought through yet.'
    const title = `Change ${count}`
    let thread: Thread
    if (chance.next() < 0.8) {
      const branch = `change-${count}`
      pushCommit(world, bo, town.repository, branch, { files: { [`changes/${branch}.md`]: title } })
      thread = openPull(world, bo, town.repository, { title, body, head: branch })
    } else thread = openIssue(world, bo, town.repository, { title, body })
    const item = addCard(world, ada, town.project, thread)
    people.items.push(item)
    note(item, ready ? 'added-ready' : 'added-unready', thread.kind === 'PullRequest' ? thread.head.sha : null)
    const straight = chance.next()
    move(item, straight < 0.75 ? 'Backlog' : straight < 0.9 ? 'Ready' : (chance.of(COLUMNS) ?? 'Backlog'))
    return true
  }

  function move(item: Item, column: string): void {
    if (columnOf(item) === column) return
    moveCard(world, ada, item, column)
  }

  /** The card a few columns on from where it stands; false where there is no such column. */
  function step(item: Item, by: number): boolean {
    const to = COLUMNS[COLUMNS.indexOf(columnOf(item) ?? '') + by]
    if (to === undefined) return false
    move(item, to)
    return true
  }

  function act(): boolean {
    const moved = once()
    if (moved) people.moves += 1
    return moved
  }

  function once(): boolean {
    const live = people.items.filter((item) => item.archivedAt === null)
    const item = chance.of(live)
    if (item === undefined || live.length < 4) return add()
    const thread = item.content as Thread
    const pull = thread.kind === 'PullRequest' ? (thread as Pull) : null
    const what = chance.weighed({
      forward: 50,
      backward: 14,
      skip: 6,
      add: people.items.length < MOST_CARDS ? 10 : 1,
      archive: 3,
      restore: 3,
      label: 5,
      commit: 6,
      review: 10,
    })
    switch (what) {
      case 'forward':
        return step(item, 1)
      case 'backward':
        return step(item, -chance.whole(1, 3))
      case 'skip':
        return step(item, 2)
      case 'add':
        return add()
      case 'archive':
        archiveCard(world, ada, item)
        return false
      case 'restore': {
        const archived = chance.of(people.items.filter((each) => each.archivedAt !== null))
        if (archived === undefined) return false
        restoreCard(world, ada, archived)
        return true
      }
      case 'label':
        if (thread.labels.some((label) => label.name === ASK_LABEL)) return false
        addLabel(world, cy, thread, ASK_LABEL)
        note(item, 'asked')
        return true
      case 'commit':
        if (pull === null) return false
        pushCommit(world, bo, town.repository, pull.head.ref, {
          files: { [`changes/${count}.md`]: String(chance.next()) },
        })
        note(item, 'pushed', pull.head.sha)
        return false
      case 'review':
        if (pull === null) return false
        review(world, cy, pull, 'APPROVED')
        note(item, 'approved', pull.head.sha)
        return false
      default:
        return what satisfies never
    }
  }

  return people
}
