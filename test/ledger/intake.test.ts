// Deliveries: durable when accepted, each once, and told to their cards by one process.
import { describe, expect, it } from 'vitest'
import { groupCalls } from '../../src/ledger/group.ts'
import type { Delivery } from '../../src/ledger/port.ts'
import { AT } from './events.ts'
import { onBothStores } from './stores.ts'

const delivery = (guid: string, body = '{}'): Delivery => ({ guid, event: 'projects_v2_item', body, receivedAt: AT })

describe('the intake', () => {
  onBothStores((store) => {
    it('takes each delivery once, also where both come in one batch or to two processes', async () => {
      const other = await store.another()
      const { ledger } = store
      const together = await Promise.all([
        ledger.accept(delivery('a')),
        ledger.accept(delivery('b')),
        ledger.accept(delivery('a')),
      ])
      expect(together).toEqual([true, true, false])
      expect(await ledger.accept(delivery('b'))).toBe(false)

      const both = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? other : ledger).accept(delivery(`c${i >> 1}`))),
      )
      expect(both.filter(Boolean)).toHaveLength(20)
      expect((await ledger.backlog(AT)).deliveries).toBe(22)
    })

    it('takes the same deliveries to two processes in opposite order, and neither ends the other', async () => {
      const other = await store.another()
      for (let round = 0; round < 10; round += 1) {
        const guids = Array.from({ length: 400 }, (_, index) => `${round}-${String(index).padStart(3, '0')}`)
        const taken = await Promise.all([
          ...guids.map((guid) => store.ledger.accept(delivery(guid))),
          ...guids.toReversed().map((guid) => other.accept(delivery(guid))),
        ])
        expect(taken.filter(Boolean)).toHaveLength(guids.length)
      }
    })

    it('gives back each byte of a body, nonsense included', async () => {
      const bodies = ['{"a":1}', 'NUL \0 and 👍', 'x'.repeat(1_000_000), '']
      for (const [index, body] of bodies.entries()) await store.ledger.accept(delivery(String(index), body))
      expect(await store.ledger.deliveries(10)).toEqual(bodies.map((body, index) => delivery(String(index), body)))
    })

    it('gives them back in the order in which they came, also those of one batch', async () => {
      const guids = ['b', 'c', 'a', 'e', 'd']
      await Promise.all(guids.map((guid) => store.ledger.accept(delivery(guid))))
      expect((await store.ledger.deliveries(10)).map(({ guid }) => guid)).toEqual(guids)
    })

    it('hands a delivery to one process, oldest first, until its lease ends', async () => {
      const other = await store.another()
      for (let index = 0; index < 30; index += 1) await store.ledger.accept(delivery(String(index).padStart(2, '0')))
      const first = await store.ledger.deliveries(5)
      expect(first.map(({ guid }) => guid)).toEqual(['00', '01', '02', '03', '04'])

      const rest = await Promise.all([0, 1, 2, 3].map((index) => (index % 2 ? other : store.ledger).deliveries(10)))
      const guids = rest.flat().map(({ guid }) => guid)
      expect(new Set(guids).size).toBe(guids.length)
      expect(guids).not.toContain('00')

      await store.ledger.routed(['00', '01'])
      store.clock.now = new Date(store.clock.now.getTime() + 60_000)
      expect((await other.deliveries(3)).map(({ guid }) => guid)).toEqual(['02', '03', '04'])
      expect((await other.backlog(AT)).deliveries).toBe(28)
    })

    it('tells since when the oldest waits that is not told yet', async () => {
      const { ledger } = store
      expect((await ledger.backlog(AT)).oldestDelivery).toBeNull()
      const times = ['2026-11-23T12:00:03.000Z', '2026-11-23T12:00:01.000Z', '2026-11-23T12:00:02.000Z']
      for (const receivedAt of times) await ledger.accept({ ...delivery(receivedAt), receivedAt })
      expect((await ledger.backlog(AT)).oldestDelivery).toBe(times[1])
      await ledger.routed([times[1] ?? ''])
      expect((await ledger.backlog(AT)).oldestDelivery).toBe(times[2])
    })

    it('marks deliveries as told and wakes their cards, all or nothing, and forgets what they said', async () => {
      const { ledger } = store
      for (const guid of ['a', 'b', 'c']) await ledger.accept(delivery(guid, 'what nobody needs any more'))
      const wake = (key: string, knock: string) => ({ key, owner: 'acme', due: AT, knock })
      const wakes = [wake('card:B', 'one'), wake('card:A', 'two'), wake('card:B', 'three')]
      await ledger.routed(['a', 'b'], wakes)
      await expect(
        ledger.routed(['c'], [wake('card:C', 'four'), { ...wake('card:D', 'five'), due: 'never' }]),
      ).rejects.toThrow()

      const tasks = [await ledger.claim(AT, 60), await ledger.claim(AT, 60), await ledger.claim(AT, 60)]
      const knocks = tasks.flatMap((task) => (task ? [[task.key, ...task.knocks.map(({ text }) => text)]] : []))
      expect(knocks.sort()).toEqual([
        ['card:A', 'two'],
        ['card:B', 'one', 'three'],
      ])
      expect((await ledger.deliveries(10)).map(({ guid }) => guid)).toEqual(['c'])
      const kept = await store.meddle('select guid, length(body) as bytes from deliveries order by id')
      expect(kept.map(({ guid, bytes }) => [guid, Number(bytes)])).toEqual([
        ['a', 0],
        ['b', 0],
        ['c', 26],
      ])
      expect(await ledger.accept(delivery('a'))).toBe(false)
    })

    it('forgets old routed deliveries and done orders, and nothing else', async () => {
      const { ledger, clock } = store
      for (const guid of ['old', 'waiting', 'young']) await ledger.accept(delivery(guid))
      await ledger.routed(['old'])
      const effect = { effect: 'archive-card' } as const
      const orders = ['old', 'waiting'].map((key) => ({ key, effect }))
      const appended = await ledger.append('card:A', 0, [{ id: '1', event: { kind: 'card-archived', at: AT } }], {
        orders,
      })
      if (appended.ok) await ledger.done(appended.orders.slice(0, 1).map(({ id }) => id))
      clock.now = new Date(clock.now.getTime() + 1000)
      await ledger.routed(['young'])

      expect(await ledger.prune(clock.now.toISOString())).toEqual({ deliveries: 1, orders: 1, knocks: 0, accounts: 0 })
      expect(await ledger.accept(delivery('young'))).toBe(false)
      expect((await ledger.deliveries(10)).map(({ guid }) => guid)).toEqual(['waiting'])
      expect(await ledger.pending('card:A')).toHaveLength(1)
      expect(await ledger.read('card:A')).toHaveLength(1)
    })
  })
})

describe('grouped calls', () => {
  it('share a run where they come together, as far as their weights fit', async () => {
    const batches: number[][] = []
    const call = groupCalls(
      async (items: number[]) => {
        batches.push(items)
        return items.map((item) => item * 2)
      },
      10,
      (item) => item,
    )
    expect(await Promise.all([4, 6, 1, 50, 2].map((item) => call(item)))).toEqual([8, 12, 2, 100, 4])
    expect(batches).toEqual([[4, 6], [1], [50], [2]])
  })

  it('all fail with their batch, and the next batch runs', async () => {
    let runs = 0
    const call = groupCalls(
      async (items: string[]) => {
        runs += 1
        if (items.includes('bad')) throw new Error('disk full')
        return items
      },
      2,
      () => 1,
    )
    const answers = await Promise.allSettled(['good', 'bad', 'late'].map((item) => call(item)))
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled'])
    expect(await call('after')).toBe('after')
    expect(runs).toBe(3)
  })
})
