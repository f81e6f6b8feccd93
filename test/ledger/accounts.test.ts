// Accounts that all processes share: nothing is spent twice, and one clock counts for all.
import { describe, expect, it } from 'vitest'
import { createAllowances, keepAsText } from '../../src/github/allowances.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { onBothStores } from './stores.ts'

const ASKING = { running: 0, atOnce: 100, patience: 1_000 }
const WISH = { lanes: ['all'], rank: 0, wants: [{ name: 'content', amount: 1, limit: 80, window: 60_000 }] }

const allowancesOn = (ledger: Ledger, process: string) =>
  createAllowances(
    keepAsText((change) => ledger.account('github:1', change)),
    process,
  )

describe('accounts', () => {
  onBothStores((store) => {
    it('are changed by one process at a time', async () => {
      const ledgers = [store.ledger, await store.another(), await store.another()]
      const add = (ledger: Ledger) => ledger.account('sum', (text) => String(Number(text ?? 0) + 1))
      await Promise.all(ledgers.flatMap((ledger) => Array.from({ length: 30 }, () => add(ledger))))
      let sum = ''
      await store.ledger.account('sum', (text) => {
        sum = text ?? ''
        return sum
      })
      expect(sum).toBe('90')
    })

    it('grant eighty contents a minute to three processes together', async () => {
      const ledgers = [store.ledger, await store.another(), await store.another()]
      const takes = ledgers.flatMap((ledger, index) => {
        const allowances = allowancesOn(ledger, String(index))
        return Array.from({ length: 10 }, () => allowances.take(ASKING, Array(4).fill(WISH)))
      })
      const waits = (await Promise.all(takes)).flat()
      expect(waits.filter((wait) => wait === 0)).toHaveLength(80)
      expect(waits).toHaveLength(120)
    })

    it('are closed to all processes by what GitHub told one of them', async () => {
      await allowancesOn(store.ledger, 'a').close('all', 600_000)
      const [wait] = await allowancesOn(await store.another(), 'b').take(ASKING, [WISH])
      expect(wait).toBeGreaterThan(60_000)
    })

    it('are forgotten once nobody uses them', async () => {
      await store.ledger.account('old', () => '{}')
      const later = new Date(Math.max(Date.now(), store.clock.now.getTime()) + 1_000).toISOString()
      expect(await store.ledger.prune(later)).toMatchObject({ accounts: 1 })
    })

    // The embedded store is used on one machine, which has one clock.
    if (store.kind === 'embedded') return
    it('go by the database’s clock where those of the processes differ', async () => {
      await allowancesOn(store.ledger, 'a').take(ASKING, Array(80).fill(WISH))
      const ahead = await store.another({ clock: () => new Date(store.clock.now.getTime() + 3_600_000) })
      const [wait] = await allowancesOn(ahead, 'b').take(ASKING, [WISH])
      expect(wait).toBeGreaterThan(1_000)
    })
  })
})
