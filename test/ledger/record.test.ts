// The record: appends, conflicts, the chain, and a database that refuses to change it.
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/core/facts/event.ts'
import { digestOfText, entryHash } from '../../src/ledger/digest.ts'
import { verifyEntries } from '../../src/ledger/verify.ts'
import { AT, add, all, asked, drafts, placed } from './events.ts'
import { onBothStores } from './stores.ts'

describe('the record', () => {
  onBothStores((store) => {
    it('gives back what was appended, and chains it', async () => {
      const { ledger } = store
      const first = await ledger.append('card:A', 0, drafts(placed('Backlog'), placed('Staging')))
      const second = await ledger.append('card:B', 0, drafts(placed('Backlog')))
      if (!first.ok || !second.ok) throw new Error('conflict')

      expect(await ledger.read('card:A')).toEqual(first.entries)
      expect(first.entries.map(({ seq, version }) => [seq, version])).toEqual([
        [1, 1],
        [2, 2],
      ])
      expect(first.entries[0]?.previous).toBe('0'.repeat(64))
      expect(second.entries[0]).toMatchObject({ seq: 3, version: 1, previous: first.entries[1]?.hash })
      expect(second.entries[0]?.hash).toBe(entryHash(second.entries[0] ?? ({} as never)))
      expect(await ledger.head()).toEqual({ seq: 3, hash: second.entries[0]?.hash })
      expect(await ledger.entry(2)).toEqual(first.entries[1])
      expect([await ledger.entry(4), await ledger.entry(0.5), await ledger.entry(1e300)]).toEqual([null, null, null])
      expect((await all(ledger.entries(2))).map(({ seq }) => seq)).toEqual([2, 3])
      expect(await ledger.read('card:C')).toEqual([])
    })

    it('answers a conflict where someone else was first, and stores nothing', async () => {
      const { ledger } = store
      await add(ledger, 'card:A', placed('Backlog'))
      const text = 'version: 1'
      const late = await ledger.append('card:A', 0, drafts(placed('Staging')), {
        orders: [{ key: 'comment', effect: { effect: 'archive-card' } }],
        documents: [{ digest: digestOfText(text), text }],
      })
      const early = await ledger.append('card:A', 2, drafts(placed('Staging')))

      expect([late, early]).toEqual([
        { ok: false, conflict: true },
        { ok: false, conflict: true },
      ])
      expect(await ledger.read('card:A')).toHaveLength(1)
      expect(await ledger.pending('card:A')).toEqual([])
      expect(await ledger.document(digestOfText(text))).toBeNull()
    })

    it('lets one of many concurrent appends win, from any process, and leaves no hole', async () => {
      const other = await store.another()
      const tries = Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? other : store.ledger).append('card:A', 0, drafts(placed(`Column ${index}`))),
      )
      const elsewhere = Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? other : store.ledger).append(`card:${index}`, 0, drafts(placed('Backlog'), placed('Staging'))),
      )
      expect((await Promise.all(tries)).filter(({ ok }) => ok)).toHaveLength(1)
      expect((await Promise.all(elsewhere)).every(({ ok }) => ok)).toBe(true)
      expect(await verifyEntries(store.ledger.entries(), await store.ledger.head())).toMatchObject({
        ok: true,
        entries: 41,
      })
    })

    it('leaves no hole where a transaction fails half-way', async () => {
      const { ledger } = store
      const [first] = await add(ledger, 'card:A', placed('Backlog'))
      const again = [{ id: first?.id ?? '', event: placed('Staging') }]
      await expect(ledger.append('card:B', 0, again)).rejects.toThrow()
      const wrong = { documents: [{ digest: digestOfText('one'), text: 'another' }] }
      await expect(ledger.append('card:B', 0, drafts(placed('Staging')), wrong)).rejects.toThrow(/digest/)
      const nothing = { kind: 'card-seen', at: AT, score: Number.NaN } as unknown as Event
      await expect(ledger.append('card:B', 0, drafts(nothing))).rejects.toThrow(/NaN/)

      const [next] = await add(ledger, 'card:B', placed('Backlog'))
      expect(next?.seq).toBe(2)
      expect(await verifyEntries(ledger.entries(), await ledger.head())).toMatchObject({ ok: true, entries: 2 })
    })

    it('takes appends that come together, of each stream the first that fits', async () => {
      const { ledger } = store
      await add(ledger, 'card:A', placed('Backlog'))
      const order = (body: string) => ({
        orders: [{ key: 'comment', effect: { effect: 'write-comment', body } as const }],
      })
      const answers = await Promise.all([
        ledger.append('card:A', 0, drafts(placed('Staging')), order('stale')),
        ledger.append('card:A', 1, drafts(placed('Staging'), placed('Backlog')), order('right')),
        ledger.append('card:A', 1, drafts(placed('Production')), order('late')),
        ledger.append('card:C', 0, drafts(placed('Backlog')), order('other')),
      ])
      expect(answers.map(({ ok }) => ok)).toEqual([false, true, false, true])
      expect((await ledger.read('card:A')).map(({ version }) => version)).toEqual([1, 2, 3])
      expect(answers[1]).toMatchObject({ orders: [{ stream: 'card:A', seq: 3, effect: { body: 'right' } }] })
      expect(answers[3]).toMatchObject({ orders: [{ stream: 'card:C', seq: 4, effect: { body: 'other' } }] })
      expect(await ledger.pending('card:A')).toMatchObject([{ effect: { body: 'right' } }])
      expect(await verifyEntries(ledger.entries(), await ledger.head())).toMatchObject({ ok: true, entries: 4 })
    })

    it('lets a bad append fail alone, though others share its transaction', async () => {
      const { ledger } = store
      const [used] = await add(ledger, 'card:A', placed('Backlog'))
      const answers = await Promise.allSettled([
        ledger.append('card:B', 0, drafts(placed('Staging'))),
        ledger.append('card:C', 0, [{ id: used?.id ?? '', event: placed('Backlog') }]),
        ledger.append('card:D', 0, drafts(placed('Backlog'))),
      ])
      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(await ledger.read('card:C')).toEqual([])
      expect(await verifyEntries(ledger.entries(), await ledger.head())).toMatchObject({ ok: true, entries: 3 })
    })

    it('takes thousands of events and orders at once', async () => {
      const { ledger } = store
      const events = Array.from({ length: 2500 }, (_, index) => asked(`Column ${index}`, 'ada'))
      const orders = events.map((_, index) => ({ key: String(index), effect: { effect: 'archive-card' } as const }))
      const appended = await ledger.append('card:A', 0, drafts(...events), { orders })
      expect(appended.ok && appended.orders.map(({ key }) => key)).toEqual(orders.map(({ key }) => key))
      expect(await ledger.pending('card:A')).toHaveLength(2500)
      expect(await verifyEntries(ledger.entries(), await ledger.head())).toMatchObject({ ok: true, entries: 2500 })
    })

    it('is append-only for the database itself', async () => {
      await add(store.ledger, 'card:A', placed('Backlog'))
      const attempts = [
        "update entries set stream = 'card:B'",
        'delete from entries',
        ...(store.kind === 'postgres' ? ['truncate entries'] : []),
        ...(store.kind === 'embedded'
          ? ["insert or replace into entries select seq, id, stream, version, at, '{}', previous, hash from entries"]
          : []),
      ]
      for (const attempt of attempts) await expect(store.meddle(attempt), attempt).rejects.toThrow(/append-only/)
      expect(await verifyEntries(store.ledger.entries())).toMatchObject({ ok: true, entries: 1 })
    })

    it('shows what was changed by whoever can drop the triggers', async () => {
      await add(store.ledger, 'card:A', asked('Staging', 'mallory'), placed('Staging'))
      await store.meddle(
        store.kind === 'postgres' ? 'drop trigger entries_stay on entries' : 'drop trigger entries_keep',
      )
      await store.meddle("update entries set event = replace(event, 'mallory', 'ada') where seq = 1")
      const [entry] = await store.ledger.read('card:A')
      expect(entry?.event).toMatchObject({ by: { login: 'ada' } })
      expect(await verifyEntries(store.ledger.entries(), await store.ledger.head())).toMatchObject({
        ok: false,
        flaw: 'hash',
        seq: 1,
      })
    })

    it('holds any text: halves of surrogate pairs, NUL, prototype keys, and a megabyte of it', async () => {
      const { ledger } = store
      const detail = ['a\0b', 'half \ud83d pair \udc00', 'whole 👍', '\\ud83d is no surrogate', 'x'.repeat(1_000_000)]
      const event: Event = {
        kind: 'move-refused',
        at: AT,
        move: 'M\0',
        from: null,
        to: '__proto__',
        reasons: [{ reason: 'on-hold', gate: 'g\0', detail }],
      }
      const rows = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')
      const judged: Event = {
        kind: 'gate-judged',
        at: AT,
        move: 'M',
        gate: 'g',
        request: null,
        judgement: { verdict: 'fail', reason: 'criteria-missed', rows: [rows] },
      }
      const card = {
        stream: 'card:\0',
        owner: 'acme',
        project: 'P',
        projectNumber: 1,
        item: 'I',
        content: null,
        pull: null,
        repository: null,
        number: null,
        sha: null,
        title: 'bad \0 \ud800 title',
        column: null,
      }
      const appended = await ledger.append('card:\0', 0, drafts(event, judged), {
        card,
        orders: [{ key: 'check:\0', effect: { effect: 'write-comment', body: 'nul \0 half \ud83d' } }],
      })
      if (!appended.ok) throw new Error('conflict')

      const found = await ledger.read('card:\0')
      expect(found).toEqual(appended.entries)
      expect(found[0]?.event).toMatchObject({
        reasons: [
          { detail: ['a\0b', 'half \ufffd pair \ufffd', 'whole 👍', '\\ud83d is no surrogate', 'x'.repeat(1_000_000)] },
        ],
      })
      expect(JSON.stringify(found[1]?.event)).toContain('{"__proto__":{"polluted":true},"constructor":1}')
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
      expect((await ledger.cards({ item: 'I' }))[0]?.title).toBe('bad \ufffd \ufffd title')
      expect(await ledger.pending('card:\0')).toHaveLength(1)
      expect(await verifyEntries(ledger.entries())).toMatchObject({ ok: true, entries: 2 })
    })

    it('keeps documents by their digest, each byte, once, and notices a changed one', async () => {
      const { ledger } = store
      const text = 'version: 1\n# \0 and \u{1f6a6}\n'
      const digest = digestOfText(text)
      const documents = [{ digest, text }]
      await ledger.append('card:A', 0, drafts(placed('Backlog')), { documents })
      await ledger.append('card:B', 0, drafts(placed('Backlog')), { documents })
      expect(await ledger.document(digest)).toBe(text)
      expect(await ledger.document(digestOfText('never kept'))).toBeNull()

      await store.meddle(`update documents set content = '${store.kind === 'postgres' ? '\\x00' : 'other'}'`)
      await expect(ledger.document(digest)).rejects.toThrow(/was changed/)
    })

    it('finds cards by what a webhook names, as they stood at the last append', async () => {
      const { ledger } = store
      const card = {
        stream: 'card:A',
        owner: 'acme',
        project: 'PVT_1',
        projectNumber: 12,
        item: 'A',
        content: 'I_1',
        pull: null,
        repository: 'acme/bot',
        number: 7,
        sha: 'a'.repeat(40),
        title: 'Bot 42',
        column: 'Backlog',
      }
      await ledger.append('card:A', 0, drafts(placed('Backlog')), { card })
      const moved = { ...card, pull: 'PR_1', sha: 'b'.repeat(40), column: 'Staging' }
      await ledger.append('card:A', 1, drafts(placed('Staging')), { card: moved })

      expect(await ledger.cards({ content: 'I_1' })).toEqual([moved])
      expect(await ledger.cards({ pull: 'PR_1', project: 'PVT_1' })).toEqual([moved])
      expect(await ledger.cards({ repository: 'acme/bot', sha: 'a'.repeat(40) })).toEqual([])
      expect(await ledger.cards({})).toEqual([moved])
    })

    it('knows which stream made a request, and takes no later word for it', async () => {
      const { ledger } = store
      const asked = {
        kind: 'gate-asked',
        at: AT,
        move: 'M',
        gate: 'g',
        request: 'R1',
        asked: { file: 'f.yml', criteria: {}, with: {} },
        deadline: AT,
        purpose: 'gate',
      } as const
      await add(ledger, 'card:A', asked)
      await add(
        ledger,
        'card:B',
        { kind: 'run-started', at: AT, request: 'R1', run: 1, url: '' },
        { ...asked, request: 'R2' },
      )
      expect(await ledger.streamOfRequest('R1')).toBe('card:A')
      expect(await ledger.streamOfRequest('R2')).toBe('card:B')
      expect(await ledger.streamOfRequest('R3')).toBeNull()
    })
  })
})
