// The work to do: one turn a key at a time, no knock lost, each owner in its turn.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ledger, Task } from '../../src/ledger/port.ts'
import { onBothStores } from './stores.ts'

const time = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 12) + seconds * 1000).toISOString()
const texts = (task: Task | null) => task?.knocks.map(({ text }) => text)

async function claimed(ledger: Ledger, now: string): Promise<Task> {
  const task = await ledger.claim(now, 60)
  if (!task) throw new Error('nothing was due')
  return task
}

describe('tasks', () => {
  onBothStores((store) => {
    it('merge: one row a key, due at the earliest, with all knocks in order', async () => {
      const { ledger } = store
      await ledger.wake('card:A', 'acme', time(50), 'one')
      await ledger.wake('card:A', 'acme', time(10), 'two')
      await ledger.wake('card:A', 'acme', time(30))
      expect(await ledger.claim(time(9), 60)).toBeNull()

      const task = await claimed(ledger, time(10))
      expect(task).toMatchObject({ key: 'card:A', owner: 'acme', tries: 0 })
      expect(texts(task)).toEqual(['one', 'two'])
      await ledger.finish(task, null)
      expect(await ledger.claim(time(9999), 60)).toBeNull()
    })

    it('go to one of many that claim at once', async () => {
      const other = await store.another()
      for (let card = 0; card < 10; card += 1) await store.ledger.wake(`card:${card}`, `owner:${card % 3}`, time(0))
      const claims = await Promise.all(
        Array.from({ length: 40 }, (_, index) => (index % 2 ? other : store.ledger).claim(time(0), 60)),
      )
      const keys = claims.flatMap((task) => (task ? [task.key] : []))
      expect(new Set(keys).size).toBe(keys.length)
      // Passing over what another is about to take may leave a claim empty-handed: what is left is found by the next.
      for (let task = await other.claim(time(0), 60); task; task = await other.claim(time(0), 60)) keys.push(task.key)
      expect(keys.sort()).toEqual(Array.from({ length: 10 }, (_, card) => `card:${card}`))
    })

    it('are due again after a turn in which they were woken, with that knock alone', async () => {
      const { ledger } = store
      await ledger.wake('card:A', 'acme', time(0), 'before')
      const turn = await claimed(ledger, time(0))
      await ledger.wake('card:A', 'acme', time(1), 'meanwhile')
      expect(await ledger.claim(time(2), 60)).toBeNull()
      await ledger.finish(turn, time(500))

      const next = await claimed(ledger, time(2))
      expect(texts(next)).toEqual(['meanwhile'])
      await ledger.finish(next, time(500))
      expect(await ledger.claim(time(499), 60)).toBeNull()
      expect(texts(await ledger.claim(time(500), 60))).toEqual([])
    })

    it('stay with a turn that renews its lease, and not with one that lost it', async () => {
      const { ledger } = store
      await ledger.wake('card:A', 'acme', time(0))
      const long = await claimed(ledger, time(0))
      expect(await ledger.renew(long, time(50), 60)).toBe(true)
      expect(await ledger.claim(time(100), 60)).toBeNull()
      const other = await claimed(ledger, time(110))
      expect(await ledger.renew(long, time(111), 600)).toBe(false)
      await ledger.finish(other, null)
    })

    it('of which a turn ended well or by an outage are not taken for deadly', async () => {
      const { ledger } = store
      await ledger.wake('card:A', 'acme', time(0))
      await claimed(ledger, time(0))
      const after = await claimed(ledger, time(60))
      expect(after).toMatchObject({ deaths: 1, faults: 0 })
      await ledger.postpone(after, time(70), 'GitHub is out', 'outage')
      expect((await claimed(ledger, time(70))).deaths).toBe(0)
    })

    it('come to another process once the lease of a dead one ends, and its late finish counts for nothing', async () => {
      const other = await store.another()
      await store.ledger.wake('card:A', 'acme', time(0), 'one')
      const lost = await claimed(store.ledger, time(0))
      expect(await other.claim(time(59), 60)).toBeNull()

      const second = await claimed(other, time(60))
      expect(second).toMatchObject({ key: 'card:A', tries: 1 })
      expect(texts(second)).toEqual(['one'])
      await store.ledger.finish(lost, null)
      await store.ledger.postpone(lost, time(0), 'late', 'own')
      await store.ledger.setAside(lost, 'late')
      expect(await other.claim(time(61), 60)).toBeNull()

      const third = await claimed(store.ledger, time(120))
      expect(third.tries).toBe(2)
      expect(texts(third)).toEqual(['one'])
    })

    it('back off after a failure, whoever knocks meanwhile, and keep their knocks', async () => {
      const { ledger } = store
      await ledger.wake('card:A', 'acme', time(0), 'one')
      await ledger.postpone(await claimed(ledger, time(0)), time(100), 'GitHub answered 502', 'outage')
      await ledger.wake('card:A', 'acme', time(1), 'two')
      expect(await ledger.claim(time(99), 60)).toBeNull()

      const again = await claimed(ledger, time(100))
      expect(again.tries).toBe(1)
      expect(texts(again)).toEqual(['one', 'two'])
      await ledger.finish(again, time(101))
      expect((await claimed(ledger, time(101))).tries).toBe(0)
    })

    it('are set aside with their reason, and come back whole when released', async () => {
      const { ledger, clock } = store
      for (const key of ['card:A', 'card:B']) {
        await ledger.wake(key, 'acme', time(0), key)
        await ledger.setAside(await claimed(ledger, time(0)), 'failed 8 times: no such team')
      }
      await ledger.wake('card:A', 'acme', time(1), 'more')
      expect(await ledger.claim(time(9999), 60)).toBeNull()
      expect((await ledger.backlog(time(1))).aside).toEqual([
        { key: 'card:A', why: 'failed 8 times: no such team', since: clock.now.toISOString() },
        { key: 'card:B', why: 'failed 8 times: no such team', since: clock.now.toISOString() },
      ])

      expect(await ledger.release('card:A')).toBe(1)
      expect(await ledger.release('card:A')).toBe(0)
      const task = await claimed(ledger, time(1))
      expect(texts(task)).toEqual(['card:A', 'more'])
      expect(task.tries).toBe(0)
      expect(await ledger.release()).toBe(1)
    })

    it('let an owner with one task pass one with a flood of them', async () => {
      const { ledger } = store
      for (let card = 0; card < 150; card += 1) await ledger.wake(`flood:${card}`, 'flooded', time(0))
      for (let turn = 0; turn < 20; turn += 1) await ledger.finish(await claimed(ledger, time(1)), null)
      await ledger.wake('card:A', 'acme', time(1))
      await ledger.wake('card:Z', 'zeta', time(1))

      const served: string[] = []
      for (let turn = 0; turn < 20; turn += 1) {
        const task = await claimed(ledger, time(2))
        served.push(task.owner)
        await ledger.finish(task, null)
      }
      expect(served).toContain('acme')
      expect(served).toContain('zeta')
    })

    it('serve every owner of many, though the first ones never run dry', async () => {
      const { ledger } = store
      const owners = Array.from({ length: 50 }, (_, index) => `owner:${index}`)
      for (const owner of owners) await ledger.wake(`card:${owner}`, owner, time(0))
      const served = new Set<string>()
      for (let turn = 0; turn < 70; turn += 1) {
        const task = await claimed(ledger, time(turn))
        served.add(task.owner)
        await ledger.finish(task, time(turn))
      }
      expect(served.size).toBe(50)
    })

    it('give a flooded turn 500 knocks, and the rest to the next', async () => {
      const { ledger } = store
      await Promise.all(
        Array.from({ length: 510 }, (_, index) => ledger.wake('card:A', 'acme', time(0), String(index))),
      )
      const first = await claimed(ledger, time(0))
      await ledger.finish(first, null)
      const second = await claimed(ledger, time(1))
      expect([first.knocks.length, second.knocks.length]).toEqual([500, 10])
      await ledger.finish(second, null)
      expect(await store.meddle('select * from knocks union all select 1, key, key from tasks')).toEqual([])
    })

    it('count what waits and tell since when', async () => {
      const { ledger } = store
      await ledger.wake('card:A', 'acme', time(-30))
      await ledger.wake('card:B', 'acme', time(-20))
      await ledger.wake('card:C', 'acme', time(1000))
      expect(await ledger.backlog(time(0))).toMatchObject({ due: 2, oldest: time(-30), leased: 0, deliveries: 0 })
      await claimed(ledger, time(0))
      expect(await ledger.backlog(time(0))).toMatchObject({ due: 1, oldest: time(-20), leased: 1 })
    })

    // The model is a promise: each knock is handed to a turn that finishes, and a key is never in two turns at once.
    it('lose no knock and work no key twice at once, in any order of calls, deaths and failures', async () => {
      const step = fc.record({
        process: fc.constantFrom(0, 1),
        act: fc.constantFrom('wake', 'wake', 'claim', 'claim', 'finish', 'postpone', 'die', 'wait'),
        key: fc.constantFrom('card:A', 'card:B'),
      })
      let round = 0
      const processes = [store.ledger, await store.another()]
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          round += 1
          let now = round * 1_000_000
          const given = new Set<string>()
          const done = new Set<string>()
          /** Finished after the lease, which counts unless somebody looked for lost ones meanwhile. */
          const late = new Set<string>()
          const turns: { process: number; task: Task; until: number }[] = []
          const end = async (turn: (typeof turns)[number], act: string) => {
            turns.splice(turns.indexOf(turn), 1)
            const ledger = processes[turn.process] as Ledger
            if (act === 'postpone') await ledger.postpone(turn.task, time(now + 5), 'failed', 'outage')
            if (act === 'finish') {
              await ledger.finish(turn.task, null)
              for (const { text } of turn.task.knocks) (turn.until > now ? done : late).add(text)
            }
          }
          const claim = async (process: number) => {
            const task = await processes[process]?.claim(time(now), 10)
            if (!task) return false
            expect(turns.filter(({ task: { key }, until }) => key === task.key && until > now)).toEqual([])
            turns.push({ process, task, until: now + 10 })
            return true
          }
          for (const { process, act, key } of steps) {
            const mine = turns.find((turn) => turn.process === process)
            if (act === 'wake') {
              const text = `${round}:${given.size}`
              given.add(text)
              await processes[process]?.wake(`${key}:${round}`, `owner of ${key}`, time(now), text)
            } else if (act === 'claim') await claim(process)
            else if (act === 'wait') now += 6
            else if (mine) await end(mine, act)
          }
          now += 1000
          turns.splice(0)
          while (await claim(0)) await end(turns[0] as (typeof turns)[number], 'finish')
          expect([...given].filter((text) => !done.has(text) && !late.has(text))).toEqual([])
        }),
        { numRuns: 40 },
      )
    })

    it('have no fault while they only wait or what they stand on is out, and a death for each turn that never ends', async () => {
      const { ledger } = store
      await ledger.wake('card:A', 'acme', time(0))
      await ledger.postpone(await claimed(ledger, time(0)), time(100), 'GitHub is out', 'outage')
      await ledger.postpone(await claimed(ledger, time(100)), time(200), 'the limit is reached', 'none')
      await ledger.postpone(await claimed(ledger, time(200)), time(300), 'a bug', 'own')
      await claimed(ledger, time(300))
      // The process dies in this turn; its lease ends a minute later.
      expect(await claimed(ledger, time(361))).toMatchObject({ tries: 3, faults: 1, deaths: 1 })
      const last = await claimed(ledger, time(500))
      expect(last).toMatchObject({ faults: 1, deaths: 2 })
      await ledger.finish(last, time(600))
      expect(await claimed(ledger, time(600))).toMatchObject({ tries: 0, faults: 0, deaths: 0 })
    })

    it('are woken by a knock while they wait for a limit, and not while they back off after a failure', async () => {
      const { ledger } = store
      for (const [key, fault] of [
        ['card:A', 'none'],
        ['card:B', 'outage'],
      ] as const) {
        await ledger.wake(key, 'acme', time(0))
        await ledger.postpone(await claimed(ledger, time(0)), time(3600), 'later', fault)
        await ledger.wake(key, 'acme', time(10), 'news')
      }
      expect((await ledger.claim(time(10), 60))?.key).toBe('card:A')
      expect(await ledger.claim(time(10), 60)).toBeNull()
    })

    it('lose no knock that races with a finish', async () => {
      const other = await store.another()
      const seen: string[] = []
      let knocking = true
      const knock = async () => {
        for (let index = 0; index < 120; index += 1) await other.wake('card:A', 'acme', time(0), String(index))
        knocking = false
      }
      const work = async () => {
        for (;;) {
          const last = !knocking
          const task = await store.ledger.claim(time(1), 60)
          if (task) {
            seen.push(...(texts(task) ?? []))
            await store.ledger.finish(task, null)
          } else if (last) return
          else await new Promise((resolve) => setImmediate(resolve))
        }
      }
      await Promise.all([knock(), work()])
      expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => String(index)))
    })
  })
})
