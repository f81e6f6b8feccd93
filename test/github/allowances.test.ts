// One account for several processes: what is under way, what is told to who is sent away, and what is kept for verdicts.
import { describe, expect, it } from 'vitest'
import { createAllowances, keepHere } from '../../src/github/allowances.ts'

const ASKING = { running: 0, atOnce: 100, patience: 1_000 }
const content = (rank: number, amount = 1, limit = 80) => ({
  lanes: ['all', 'graphql'],
  rank,
  wants: [{ name: 'content', amount, limit, window: 60_000 }],
})

function start() {
  const clock = { now: 1_000_000 }
  const keep = keepHere(() => clock.now)
  return { clock, one: createAllowances(keep, 'one'), other: createAllowances(keep, 'other') }
}

describe('the account of an installation', () => {
  it('counts what other processes have under way, until they have been silent for long', async () => {
    const { clock, one, other } = start()
    const free = { lanes: ['all'], rank: 0, wants: [] }
    expect(await one.take({ ...ASKING, running: 60 }, Array(30).fill(free))).toEqual(Array(30).fill(0))
    const waits = await other.take(ASKING, Array(20).fill(free))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(10)
    clock.now += 30_000
    expect(await other.take({ ...ASKING, running: 10 }, Array(20).fill(free))).toEqual(Array(20).fill(0))
  })

  it('tells those it sends away times of their own, as many for each minute as may go then', async () => {
    const { one } = start()
    await one.take(ASKING, Array(80).fill(content(0)))
    const waits = await one.take(ASKING, Array(200).fill(content(0)))
    expect([60_000, 120_000, 180_000].map((at) => waits.filter((wait) => wait === at).length)).toEqual([80, 80, 40])
  })

  it('lets no cosmetic that was told a time hold up a verdict', async () => {
    const { one } = start()
    await one.take(ASKING, Array(80).fill(content(0)))
    await one.take(ASKING, Array(200).fill(content(2)))
    expect(await one.take(ASKING, [content(0)])).toEqual([60_000])
  })

  it('never tells a time further off than an hour', async () => {
    const { one } = start()
    await one.take(ASKING, Array(80).fill(content(0)))
    const waits = await one.take(ASKING, Array(9_000).fill(content(0)))
    expect(Math.max(...waits)).toBe(3_600_000)
  })

  it('gives nothing to the less urgent that was refused to the more urgent', async () => {
    const { one } = start()
    await one.take(ASKING, Array(78).fill(content(0)))
    const [large, small] = await one.take(ASKING, [content(0, 5), content(2, 1)])
    expect(large).toBeGreaterThan(0)
    expect(small).toBeGreaterThan(0)
  })
})
