// Finding moves: by what any of their entries says, newest first; and opening a store only to read it.
import { afterEach, describe, expect, it } from 'vitest'
import { openReader } from '../../src/ledger/ledger.ts'
import type { MoveSearch } from '../../src/ledger/port.ts'
import { type Recorded, record, recordMoves, tell } from '../support/recorded-moves.ts'
import { onBothStores } from './stores.ts'

describe('moves', () => {
  onBothStores((store) => {
    let moves: Recorded | null = null
    afterEach(() => {
      moves = null
    })

    /** The kinds of example that are found, newest first. */
    const found = async (search: MoveSearch) => {
      moves ??= await recordMoves(store.ledger)
      const names = new Map(Object.entries(moves).map(([name, { id }]) => [id, name]))
      const opened = await store.ledger.moves(search)
      return opened.map(({ opened: { event } }) => (event.kind === 'move-opened' ? names.get(event.move) : event.kind))
    }

    it('are listed newest first, with their cards, page by page', async () => {
      const all = ['superseded', 'hostile', 'full', 'back', 'granted', 'waiting', 'refused', 'evaluated']
      expect(await found({})).toEqual(all)
      expect(await found({ limit: 3 })).toEqual(all.slice(0, 3))
      const [, , third] = await store.ledger.moves({ limit: 3 })
      expect(third?.card).toMatchObject({ repository: 'acme/bot', number: 12, title: 'A fourth card for Staging' })
      expect(await found({ limit: 3, before: third?.opened.seq ?? 0 })).toEqual(all.slice(3, 6))
    })

    it('are found by what different entries of theirs say', async () => {
      expect(await found({ gate: 'offline-eval', verdict: 'fail' })).toEqual(['refused'])
      expect(await found({ actor: 'ada', gate: 'offline-eval', reason: 'criteria-met' })).toEqual(['evaluated'])
      expect(await found({ actor: 'CY' })).toEqual(['back'])
      // The gate docs passed and offline-eval failed: not both of one answer.
      expect(await found({ gate: 'docs', reason: 'criteria-missed' })).toEqual([])
      expect(await found({ words: 'staging', reason: 'column-full' })).toEqual(['full'])
    })

    it('are found by what their card held, and by the numbers of their gates', async () => {
      expect(await found({ words: 'refunds' })).toEqual(['evaluated'])
      expect(await found({ words: 'support bot 42', from: '2026-11-23T16:30:00Z' })).toEqual(['superseded'])
      expect(await found({ words: 'toxicity' })).toEqual(['refused', 'evaluated'])
      expect(await found({ words: 'refunds" OR "xyz' })).toEqual([])
      expect(await found({ words: '!!' })).toEqual([])
    })

    it('are found by when they were opened', async () => {
      expect(await found({ from: '2026-11-23T14:00:00Z', to: '2026-11-23T15:00:00Z' })).toEqual(['back'])
    })

    it('tell their entries without the rest of their streams', async () => {
      moves = await recordMoves(store.ledger)
      const entries = await store.ledger.entriesOfMoves([moves.refused.id, moves.back.id, moves.back.id, 'NONE'])
      expect(entries.map(({ event }) => event.kind)).toEqual([
        ...['move-opened', 'gate-judged', 'gate-asked', 'gate-judged', 'gate-judged', 'move-refused'],
        ...['move-opened', 'move-granted'],
      ])
      expect(await store.ledger.entriesOfMoves([])).toEqual([])
    })

    it('stay as few queries, however long the streams of their cards are', async () => {
      const story = tell({ number: 20, title: 'Often moved' }).adopted('Staging')
      for (let turn = 0; turn < 40; turn++) story.moved(turn % 2 === 0 ? 'Ready' : 'Backlog')
      await record(store.ledger, story)
      expect(await store.ledger.moves({ limit: 1_000 })).toHaveLength(40)
    })
  })
})

describe('a store that is opened only to be read', () => {
  onBothStores((store) => {
    const settings = () => ({
      ...(store.kind === 'embedded' ? { folder: store.place } : { databaseUrl: store.place }),
      clock: () => store.clock.now,
    })

    it('shows the same, also while another process writes, and what comes later', async () => {
      const reader = await openReader(settings())
      const moves = await recordMoves(store.ledger)
      expect(await reader.head()).toEqual(await store.ledger.head())
      expect(await reader.read(moves.refused.stream)).toEqual(await store.ledger.read(moves.refused.stream))
      await reader.close()
    })

    it('is refused where its tables are older or newer than this Andon knows', async () => {
      await store.meddle('update store set version = 0')
      await expect(openReader(settings())).rejects.toThrow(/has version 0 and this Andon reads version \d+; start this/)
      await store.meddle('update store set version = 7, readable_from = 7')
      await expect(openReader(settings())).rejects.toThrow(/has version 7 .* start a newer Andon/)
      await store.meddle('drop table store')
      await expect(openReader(settings())).rejects.toThrow(/There is no store of Andon's/)
    })
  })
})
