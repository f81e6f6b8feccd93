// The proof of a record: each way to tamper with it is named, with the first entry that shows it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, digestOf, entryHash, sha256 } from '../../src/ledger/digest.ts'
import { chainEntries, GENESIS } from '../../src/ledger/entry.ts'
import type { Entry } from '../../src/ledger/port.ts'
import { entriesOfLines, verifyEntries } from '../../src/ledger/verify.ts'
import { asked, drafts, placed } from './events.ts'

const first = chainEntries({ seq: 0, hash: GENESIS }, 'card:A', 0, drafts(placed('Backlog'), asked('Staging', 'ada')))
const second = chainEntries({ seq: 2, hash: first[1]?.hash ?? '' }, 'card:B', 0, drafts(placed('Backlog')))
const record = [...first, ...second]

/** The record with the entry at an index changed, and resealed where the forger thought of it. */
function forged(index: number, change: Partial<Entry>, reseal = false): Entry[] {
  return record.map((entry, i) => {
    if (i !== index) return entry
    const changed = { ...entry, ...change }
    return reseal ? { ...changed, hash: entryHash(changed) } : changed
  })
}

describe('a record', () => {
  it('that is whole is proved, with its head', async () => {
    const head = { seq: 3, hash: record[2]?.hash ?? '' }
    expect(await verifyEntries(record, head)).toEqual({ ok: true, entries: 3, head })
    expect(await verifyEntries([])).toEqual({ ok: true, entries: 0, head: { seq: 0, hash: GENESIS } })
  })

  it.each([
    ['hash', 1, forged(0, { event: placed('Production') })],
    ['hash', 2, forged(1, { id: 'another' })],
    ['hash', 3, forged(2, { stream: 'card:A' })],
    ['chain', 2, forged(0, { event: placed('Production') }, true)],
    ['chain', 1, forged(0, { previous: 'f'.repeat(64) }, true)],
    ['version', 3, forged(2, { version: 2 }, true)],
    ['version', 3, forged(2, { stream: 'card:A' }, true)],
    ['hole', 2, record.toSpliced(1, 1)],
    ['hole', 1, record.slice(1)],
    ['hole', 2, record.toSpliced(1, 0, record[0] as Entry)],
    ['hole', 2, [record[0], record[2], record[1]]],
    ['form', 2, [record[0], null, record[2]]],
    ['form', 1, [{ ...record[0], event: null }]],
    ['form', 1, [{ ...record[0], seq: 1.5 }]],
    ['head', 3, record.slice(0, 2)],
    ['head', 1, []],
  ])('shows the flaw "%s" at entry %i', async (flaw, seq, entries) => {
    const verification = await verifyEntries(entries, { seq: 3, hash: record[2]?.hash ?? '' })
    expect(verification).toMatchObject({ ok: false, flaw, seq })
    expect(verification.ok || verification.sentence).toMatch(
      new RegExp(`\\b${seq - (flaw === 'head' ? 1 : 0)}\\b.*\\.$`),
    )
  })

  it('is proved as well from an exported file, and a broken line is found', async () => {
    const lines = record.map((entry) => JSON.stringify(entry))
    expect(await verifyEntries(entriesOfLines([...lines, '']))).toMatchObject({ ok: true, entries: 3 })
    expect(await verifyEntries(entriesOfLines([lines[0] ?? '', '{"seq":2,'])), 'cut').toMatchObject({
      flaw: 'form',
      seq: 2,
    })
    const surrogate = lines[0]?.replace('Backlog', '\\ud800') ?? ''
    expect(await verifyEntries(entriesOfLines([surrogate])), 'surrogate').toMatchObject({ flaw: 'hash', seq: 1 })
  })

  it('shows any single changed character of any entry', async () => {
    const text = record.map((entry) => JSON.stringify(entry)).join('\n')
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom('0', '1', 'a', 'Z', '"'), async (place, letter) => {
        if (text[place] === letter || text[place] === '\n') return
        const changed = text.slice(0, place) + letter + text.slice(place + 1)
        const unchanged = changed.split('\n').every((line, i) => sameJson(line, record[i]))
        const { ok } = await verifyEntries(entriesOfLines(changed.split('\n')), { seq: 3, hash: record[2]?.hash ?? '' })
        expect(ok).toBe(unchanged)
      }),
    )
  })
})

function sameJson(line: string, entry: unknown): boolean {
  try {
    return canonical(JSON.parse(line)) === canonical(entry)
  } catch {
    return false
  }
}

describe('digests', () => {
  it('do not depend on the order of keys, and are those that sha256sum prints', () => {
    expect(sha256('andon\n')).toBe('67d8318a036ed43a073407a10acd98d812c176b3780811c6c8bd9d1f87302edf')
    expect(digestOf({ b: 1, a: [2, { d: 3, c: 4 }] })).toBe(digestOf({ a: [2, { c: 4, d: 3 }], b: 1 }))
    expect(digestOf({ a: 1 })).toBe(`sha256:${sha256('{"a":1}')}`)
    expect(() => digestOf(undefined)).toThrow(/no JSON form/)
  })
})
