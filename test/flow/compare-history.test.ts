// Each way in which a move of GitHub's timeline and the record may meet, or miss each other.
import { describe, expect, it } from 'vitest'
import type { Card, TimelineMove } from '../../src/core/facts/card.ts'
import type { Event } from '../../src/core/facts/event.ts'
import { compareHistory } from '../../src/flow/compare-history.ts'

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 10, 0, second)).toISOString()
const ada = { login: 'ada', id: 11, type: 'User' as const }

const move = (second: number, to: string, from = 'Backlog'): TimelineMove => ({
  ...{ id: `move-${second}`, from, to, by: ada, automated: false },
  at: at(second).replace('.000Z', 'Z'),
})
const seen = (second: number, column: string | null, since: number | null, named: TimelineMove[] = []): Event =>
  ({
    kind: 'card-seen',
    at: at(second),
    card: {
      content: { id: 'I_1' },
      place: { column: column && { id: column, name: column }, since: since === null ? null : at(since) },
      timeline: named,
    } as unknown as Card,
  }) as Event
const placed = (second: number, column: string | null, since: number | null): Event => ({
  ...{ kind: 'card-placed', at: at(second), column },
  since: since === null ? null : at(since),
})
const opened = (second: number, to: string, since: number): Event =>
  ({ kind: 'move-opened', at: at(second), to, since: at(since), via: 'board', by: ada }) as Event

const compare = (moves: TimelineMove[], events: Event[], within = { from: at(0), until: at(10_000) }) =>
  compareHistory(moves, events, within)
const told = (moves: TimelineMove[], events: Event[]) =>
  compare(moves, events).unmatched.map(({ told, to }) => `${told}: ${to}`)

describe('a move of the timeline is recorded', () => {
  it.each([
    ['where a read met the card there since then', [seen(105, 'Staging', 100)]],
    ['within the two seconds that GitHub’s own instants differ', [seen(105, 'Staging', 102)]],
    ['where a later read names it', [seen(500, 'Done', 400, [move(100, 'Staging')])]],
    ['where it was our own', [placed(100, 'Staging', 100)]],
  ])('%s', (_, events) => {
    expect(compare([move(100, 'Staging')], events)).toMatchObject({ moves: 1, unmatched: [] })
  })

  it('where it cleared the column, and the record met the card without one before the next move', () => {
    expect(told([move(100, ''), move(300, 'Staging', '')], [seen(200, null, null), seen(301, 'Staging', 300)])).toEqual(
      [],
    )
    expect(told([move(100, ''), move(300, 'Staging', '')], [seen(301, 'Staging', 300), seen(900, null, null)])).toEqual(
      ['github: '],
    )
  })

  it('and counted as passed through where no read met it', () => {
    const moves = [move(100, 'Staging'), move(101, 'Done', 'Staging')]
    expect(compare(moves, [seen(110, 'Done', 101, moves)])).toEqual({ moves: 2, between: 1, unmatched: [] })
  })
})

describe('a move of the timeline is a gap', () => {
  it.each([
    ['where the record is empty', []],
    ['where the card was met in that column, but since another time', [seen(205, 'Staging', 200)]],
    ['where it was met at that time, but in another column', [seen(105, 'Done', 100)]],
  ])('%s', (_, events) => {
    expect(told([move(100, 'Staging')], events)).toContain('github: Staging')
  })

  it('but not before the card was governed, nor while it may be under way', () => {
    const within = { from: at(50), until: at(150) }
    expect(compare([move(20, 'Staging'), move(160, 'Done')], [], within)).toEqual({
      moves: 0,
      between: 0,
      unmatched: [],
    })
  })
})

describe('a move of the record', () => {
  it('is a gap where the timeline has none at that time', () => {
    expect(told([], [opened(105, 'Staging', 100)])).toEqual(['record: Staging'])
    expect(told([], [placed(105, 'Backlog', 104)])).toEqual(['record: Backlog'])
  })

  it('is told though the column was renamed since', () => {
    expect(told([move(100, 'Old name')], [seen(101, 'Old name', 100), opened(500, 'New name', 100)])).toEqual([])
  })

  it('is not asked for where the card was a draft: those have no timeline', () => {
    const draft = {
      ...seen(90, 'Staging', 80),
      card: { content: null, place: { column: null, since: null }, timeline: [] },
    }
    expect(told([], [draft as unknown as Event, opened(105, 'Staging', 100), placed(106, null, null)])).toEqual([])
  })
})
