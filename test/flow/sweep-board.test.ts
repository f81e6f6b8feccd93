// How a sweep goes through a board on which GitHub does not play along: pages, cursors and numbers, on a board of our making.
import { describe, expect, it } from 'vitest'
import { sweepBoard } from '../../src/flow/sweep-board.ts'
import type { World } from '../../src/flow/world.ts'
import type { BoardItem, BoardPage, GitHub } from '../../src/github/port.ts'

type Settings = { pages: number; changed?: number; trusted?: boolean; refuse?: (cursor: string | null) => boolean }

/** A board whose cards all stand in `Backlog` while the record knows none of them: each that is looked at is woken. */
function boardOf(settings: Settings) {
  const kept = new Map<string, string>()
  const warnings: string[] = []
  const asked: string[] = []
  const woken: string[] = []
  const gone = [{ item: 'gone', stream: 'card:gone', column: 'Staging' }]
  const world = {
    clock: () => new Date('2026-11-23T10:00:00Z'),
    log: { warn: (_: object, message: string) => warnings.push(message) },
    ledger: {
      handle: async (_: string, name: string) => kept.get(name) ?? null,
      handles: async () => Object.fromEntries(kept),
      keepHandle: async (_: string, name: string, value: string) => void kept.set(name, value),
      cards: async ({ project }: { project?: string }) => (project ? gone : []),
    },
  } as unknown as World
  const page = (kind: string, count: number, cursor: string | null): BoardPage => {
    const place = Number(cursor ?? 0)
    asked.push(`${kind} ${place}`)
    if (settings.refuse?.(cursor)) throw new Error('`4` does not appear to be a valid cursor.')
    const item = {
      item: `${kind}-${place}`,
      archived: false,
      labels: [],
      place: { column: { name: 'Backlog' }, since: null },
    }
    const items = count === 0 ? [] : [item as unknown as BoardItem]
    return { items, total: count, cursor: place + 1 < count ? String(place + 1) : null }
  }
  const github = {
    boardNews: async (_: object, __: string, cursor: string | null) => ({
      ...{ id: 'PVT_1', title: 'Delivery', total: 1, trusted: settings.trusted ?? true },
      changed: page('changed', settings.changed ?? 0, cursor),
    }),
    boardPage: async (_: string, __: string, cursor: string | null) => page('whole', settings.pages, cursor),
  } as unknown as GitHub
  return {
    settings,
    asked,
    woken,
    warnings,
    /** One sweep; answers what it asked for, or the words of its failure. */
    async sweep(): Promise<string[]> {
      asked.length = 0
      const board = { owner: 'acme', number: 1, field: 'Status', governs: () => true, asking: [] }
      const wake = async (stream: string) => void woken.push(stream)
      try {
        await sweepBoard(world, github, board, wake, async () => false)
      } catch (error) {
        return [String(error)]
      }
      return [...asked]
    },
  }
}

describe('a sweep of a board', () => {
  it('reads what changed, and three pages of the whole, round and round', async () => {
    const board = boardOf({ pages: 5 })
    expect(await board.sweep()).toEqual(['changed 0', 'whole 0', 'whole 1', 'whole 2'])
    expect(board.woken).not.toContain('card:gone')
    expect(await board.sweep()).toEqual(['changed 0', 'whole 3', 'whole 4'])
    expect(await board.sweep()).toEqual(['changed 0', 'whole 0', 'whole 1', 'whole 2'])
  })

  it('looks at its end for the cards that were met nowhere, and only for those', async () => {
    const board = boardOf({ pages: 5 })
    await board.sweep()
    await board.sweep()
    expect(board.woken.filter((stream) => stream === 'card:gone')).toHaveLength(1)
    expect(board.woken).toHaveLength(6)
  })

  it('goes on with a long list of changed cards where it stopped', async () => {
    const board = boardOf({ pages: 1, changed: 5 })
    expect(await board.sweep()).toEqual(['changed 0', 'changed 1', 'changed 2', 'whole 0'])
    expect(await board.sweep()).toEqual(['changed 3', 'changed 4', 'whole 0'])
    expect((await board.sweep())[0]).toBe('changed 0')
  })

  it('goes four times as fast where GitHub’s filter does not add up, and says so', async () => {
    const board = boardOf({ pages: 20, trusted: false })
    expect(await board.sweep()).toHaveLength(1 + 12)
    expect(board.warnings).toEqual([expect.stringContaining('does not add up')])
  })

  it('begins its round anew where GitHub refuses the place three times, and no earlier', async () => {
    const board = boardOf({ pages: 5, refuse: (cursor) => cursor === '3' })
    await board.sweep()
    for (let tries = 0; tries < 3; tries++) expect(await board.sweep()).toEqual([expect.stringContaining('cursor')])
    expect(await board.sweep()).toEqual(['changed 0', 'whole 0', 'whole 1', 'whole 2'])
  })

  it('loses nothing of its round to an outage', async () => {
    const board = boardOf({ pages: 5 })
    await board.sweep()
    board.settings.refuse = () => true
    await board.sweep()
    await board.sweep()
    board.settings.refuse = () => false
    expect(await board.sweep()).toEqual(['changed 0', 'whole 3', 'whole 4'])
  })
})
