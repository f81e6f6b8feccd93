// The outbox: what was ordered with an entry is done, also after a crash, and a later order replaces an earlier.
import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/core/decision/effects.ts'
import { drafts, placed } from './events.ts'
import { onBothStores } from './stores.ts'

const comment = (body: string): Effect => ({ effect: 'write-comment', body })

describe('orders', () => {
  onBothStores((store) => {
    const order = async (version: number, orders: { key: string; effect: Effect }[]) => {
      const appended = await store.ledger.append('card:A', version, drafts(placed('Backlog')), { orders })
      if (!appended.ok) throw new Error('conflict')
      return appended.orders
    }

    it('come again after a crash between the entry and the act, and tell that it was tried', async () => {
      const [ordered] = await order(0, [{ key: 'comment', effect: comment('one') }])
      expect(ordered).toMatchObject({ key: 'comment', stream: 'card:A', seq: 1, tries: 0, effect: comment('one') })
      await store.ledger.attempting([ordered?.id ?? 0])

      const afterCrash = await store.another()
      expect(await afterCrash.pending('card:A')).toEqual([{ ...ordered, tries: 1 }])
      await afterCrash.done([ordered?.id ?? 0])
      expect(await store.ledger.pending('card:A')).toEqual([])
    })

    it('replace an earlier one of their key that still waits, and inherit its tries', async () => {
      const [first] = await order(0, [
        { key: 'comment', effect: comment('one') },
        { key: 'check', effect: comment('check') },
      ])
      await store.ledger.attempting([first?.id ?? 0])
      await order(1, [
        { key: 'comment', effect: comment('two') },
        { key: 'comment', effect: comment('three') },
      ])
      expect(await store.ledger.pending('card:A')).toMatchObject([
        { key: 'check', seq: 1, tries: 0 },
        { key: 'comment', seq: 2, tries: 1, effect: comment('three') },
      ])
    })

    it('are not ticked off by whoever still works on the one they replaced', async () => {
      const [first] = await order(0, [{ key: 'comment', effect: comment('one') }])
      await order(1, [{ key: 'comment', effect: comment('two') }])
      await store.ledger.done([first?.id ?? 0])
      expect(await store.ledger.pending('card:A')).toMatchObject([{ effect: comment('two') }])
    })

    it('stand beside a done one of the same key, and beside other cards', async () => {
      const [first] = await order(0, [{ key: 'comment', effect: comment('one') }])
      await store.ledger.done([first?.id ?? 0])
      await order(1, [{ key: 'comment', effect: comment('two') }])
      await store.ledger.append('card:B', 0, [], { orders: [{ key: 'comment', effect: comment('b') }] })
      expect(await store.ledger.pending('card:A')).toMatchObject([{ effect: comment('two'), tries: 0 }])
      expect(await store.ledger.pending('card:B')).toMatchObject([{ effect: comment('b') }])
      await store.ledger.attempting([])
      await store.ledger.done([])
    })

    it('leave handles for the next write, the latest of each name', async () => {
      const { ledger } = store
      await ledger.keepHandle('card:A', 'comment', 'IC_1')
      await ledger.keepHandle('card:A', 'comment', 'IC_2')
      await ledger.keepHandle('card:A', '__proto__', 'CR_\0')
      await ledger.keepHandle('card:B', 'comment', 'IC_3')
      expect(await ledger.handle('card:A', 'comment')).toBe('IC_2')
      expect(await ledger.handle('card:A', 'check')).toBeNull()
      expect(Object.entries(await ledger.handles('card:A')).sort()).toEqual([
        ['__proto__', 'CR_\ufffd'],
        ['comment', 'IC_2'],
      ])
    })
  })
})
