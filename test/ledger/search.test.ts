// Finding entries: by words and by filters, newest first, with nothing in the words read as syntax.
import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/core/facts/event.ts'
import type { CardIndex, Search } from '../../src/ledger/port.ts'
import { wordsOf } from '../../src/ledger/words.ts'
import { add, asked, drafts, placed } from './events.ts'
import { onBothStores } from './stores.ts'

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`

const refused = (day: number, gate: string, detail = ''): Event => ({
  kind: 'move-refused',
  at: at(day),
  move: `M${day}`,
  from: 'Backlog',
  to: 'Staging',
  reasons: [
    { reason: 'gates-not-passed', gate: null, detail: [] },
    { reason: 'criteria-missed', gate, detail: [detail] },
  ],
})

const judged = (day: number, gate: string): Event => ({
  kind: 'gate-judged',
  at: at(day),
  move: `M${day}`,
  gate,
  request: null,
  judgement: { verdict: 'pass', reason: 'criteria-met' },
})

const card = (stream: string, title: string): CardIndex => ({
  ...{ stream, owner: 'acme', project: 'P', projectNumber: 1, item: stream, content: null, pull: null },
  ...{ repository: null, number: null, sha: null, title, column: null },
})

describe('the search', () => {
  onBothStores((store) => {
    /** The seqs found: 1 asked by Ada, 2 judged, 3 refused (card A, "Réfund bot 42"); 4 asked by bo, 5 refused (card B). */
    const found = async (search: Search) => {
      const { ledger } = store
      if ((await ledger.head()).seq === 0) {
        const events = [
          asked('Staging', 'Ada', at(1)),
          judged(2, 'offline-eval'),
          refused(3, 'security-review', 'accuracy'),
        ]
        await ledger.append('card:A', 0, drafts(...events), { card: card('card:A', 'Réfund bot 42') })
        await ledger.append('card:B', 0, drafts(asked('Production', 'bo', at(4))), {
          card: card('card:B', 'Near OR not'),
        })
        await add(ledger, 'card:B', refused(5, 'offline-eval', 'toxicity'))
      }
      return (await ledger.search(search)).map(({ seq }) => seq)
    }

    it('lists the newest first and turns pages by seq', async () => {
      expect(await found({})).toEqual([5, 4, 3, 2, 1])
      expect(await found({ limit: 2 })).toEqual([5, 4])
      expect(await found({ limit: 2, before: 4 })).toEqual([3, 2])
      expect(await found({ limit: 2, before: 1 })).toEqual([])
      expect(await found({ words: 'bot', limit: 1, before: 3 })).toEqual([2])
      expect(await found({ verdict: 'fail', limit: 1, before: 5 })).toEqual([3])
    })

    it('filters by what entries are about, all filters together', async () => {
      expect(await found({ actor: 'ADA' })).toEqual([1])
      expect(await found({ gate: 'offline-eval' })).toEqual([5, 2])
      expect(await found({ gate: 'offline-eval', verdict: 'fail' })).toEqual([5])
      expect(await found({ reason: 'criteria-missed' })).toEqual([5, 3])
      expect(
        await found({ reason: 'criteria-missed', gate: 'security-review', kind: 'move-refused', stream: 'card:A' }),
      ).toEqual([3])
      expect(await found({ kind: 'move-refused', stream: 'card:B' })).toEqual([5])
      expect(await found({ actor: 'ada', kind: 'move-refused' })).toEqual([])
      expect(await found({ stream: 'card:A' })).toEqual([3, 2, 1])
    })

    it('takes a time from its first moment and up to, but without, its last', async () => {
      expect(await found({ from: at(2), to: at(4) })).toEqual([3, 2])
      expect(await found({ from: '2026-11-02T13:00:00.000+01:00', to: at(3) })).toEqual([2])
      await expect(found({ from: 'yesterday' })).rejects.toThrow('"yesterday" is not a time.')
    })

    it('finds words by their beginnings, accents and case aside, a card by its title on each of its entries', async () => {
      expect(await found({ words: 'refund' })).toEqual([3, 2, 1])
      expect(await found({ words: 'RÉF 42' })).toEqual([3, 2, 1])
      expect(await found({ words: 'refund toxicity' })).toEqual([])
      expect(await found({ words: 'toxi' })).toEqual([5])
      expect(await found({ words: 'refund', kind: 'move-refused', verdict: 'fail' })).toEqual([3])
      expect(await found({ words: 'security-review' })).toEqual([3])
      expect(await found({ words: 'ada staging' })).toEqual([1])
    })

    it('reads no syntax in words', async () => {
      expect(await found({ words: '" OR 1' })).toEqual([])
      expect(await found({ words: 'near or' })).toEqual([5, 4])
      for (const words of [
        'NEAR(',
        'near OR "',
        "near' or 'x",
        'near:* & or',
        'words : near or',
        '^near + or',
        '-near -or',
        'near\0or',
        '{near or} : or*',
      ]) {
        expect(
          (await found({ words })).every((seq) => seq >= 4),
          words,
        ).toBe(true)
      }
      for (const words of ['"', '*', '()', '\0', '\ud800', "';drop table entries;--", '&|!<->', '👍']) {
        expect(await found({ words }), words).toEqual([])
      }
      expect(await found({ words: '   ' })).toHaveLength(5)
      expect(await found({ actor: "' or 1=1 --", gate: '\0' })).toEqual([])
    })

    it('stands long questions and limits out of reason', async () => {
      expect(await found({ words: 'refund '.repeat(10_000) })).toEqual([3, 2, 1])
      expect(await found({ words: Array.from({ length: 5000 }, (_, index) => `w${index}`).join(' ') })).toEqual([])
      expect(await found({ gate: 'g'.repeat(100_000) })).toEqual([])
      for (const limit of [-1, 0.5, Number.NaN, 1e300]) expect(await found({ limit })).toHaveLength(5)
    })

    it('finds what a huge entry begins with', async () => {
      const many = Array.from({ length: 50_000 }, (_, index) => `word${index}`).join(' ')
      await add(store.ledger, 'card:A', { ...placed(`first ${many}`), at: at(1) } as Event)
      expect(await found({ words: 'first word17' })).toEqual([1])
    })
  })
})

describe('words', () => {
  it('are letters and digits of any script, once each, lower case', () => {
    expect(wordsOf(['Ünïcode: v1.2-RC', null, '東京 ΑΒΓ', 'unicode'])).toEqual([
      'unicode',
      'v1',
      '2',
      'rc',
      '東京',
      'αβγ',
    ])
    expect(wordsOf(['x'.repeat(1000)])).toEqual(['x'.repeat(64)])
    expect(wordsOf(['a b c d'], 2)).toEqual(['a', 'b'])
  })
})
