// What happened on a board: over all of its cards, and of no other's.
import { describe, expect, it } from 'vitest'
import { asked, drafts, placed } from './events.ts'
import { onBothStores } from './stores.ts'

const at = (day: number) => `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`

const card = (stream: string, project: string) => ({
  ...{ stream, owner: 'acme', project, projectNumber: 1, item: stream, content: null, pull: null },
  ...{ repository: null, number: null, sha: null, title: stream, column: null },
})

describe('what happened on a board', () => {
  onBothStores((store) => {
    it('is told by kind, since an instant, oldest first, with the card that it is about', async () => {
      const { ledger } = store
      const append = (stream: string, project: string, ...events: Parameters<typeof drafts>) =>
        ledger.append(stream, 0, drafts(...events), { card: card(stream, project) })
      await append('card:A', 'P', asked('Staging', 'ada', at(1)), placed('Staging', at(2)), placed('Backlog', at(4)))
      await append('card:B', 'P', asked('Staging', 'bo', at(3)))
      await append('card:C', 'Q', placed('Staging', at(5)))
      const told = async (...kinds: ('card-placed' | 'move-asked')[]) =>
        (await ledger.happened({ project: 'P', kinds, since: at(2) })).map(({ entry, card }) => [
          card.title,
          entry.event.kind,
          entry.event.at.slice(0, 10),
        ])
      expect(await told('card-placed')).toEqual([
        ['card:A', 'card-placed', '2026-11-02'],
        ['card:A', 'card-placed', '2026-11-04'],
      ])
      expect(await told('card-placed', 'move-asked')).toEqual([
        ['card:A', 'card-placed', '2026-11-02'],
        ['card:A', 'card-placed', '2026-11-04'],
        ['card:B', 'move-asked', '2026-11-03'],
      ])
      expect(await told()).toEqual([])
      const all = await ledger.happened({ project: 'P', kinds: ['card-placed', 'move-asked'], since: at(1) })
      const earlier = {
        project: 'P',
        kinds: ['card-placed' as const],
        since: at(1),
        before: all.at(-1)?.entry.seq ?? 0,
      }
      expect((await ledger.happened(earlier)).map(({ entry }) => entry.seq)).toEqual([2, 3])
      expect(await ledger.happened({ ...earlier, before: 2 })).toEqual([])
    })
  })
})
