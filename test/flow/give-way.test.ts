// A flood at the door goes before the work behind it, but never for long; and little is no flood.
import { describe, expect, it } from 'vitest'
import { createWay } from '../../src/flow/give-way.ts'

/** A process whose time passes only while somebody looks whether it is idle; `idle`: the share it then finds. */
function door({ idle = 0, meanwhile = 0 } = {}) {
  let now = 1_000
  const way = createWay({
    now: () => now,
    async idle(milliseconds) {
      now += milliseconds
      for (let count = 0; count < meanwhile; count++) way.arrived()
      return idle
    },
  })
  const arrive = (count: number) => {
    for (; count > 0; count--) way.arrived()
  }
  return { ...way, arrive, pass: (milliseconds: number) => (now += milliseconds), now: () => now }
}

describe('the work behind the door', () => {
  it('does not wait for few deliveries', async () => {
    const { arrive, giveWay, now } = door()
    arrive(49)
    await giveWay()
    expect(now()).toBe(1_000)
  })

  it('does not wait for a flood that is over', async () => {
    const { arrive, giveWay, pass, now } = door()
    arrive(500)
    pass(250)
    await giveWay()
    expect(now()).toBe(1_250)
  })

  it('goes on as soon as a flood leaves the process idle', async () => {
    const { arrive, giveWay, now } = door({ idle: 0.6, meanwhile: 10 })
    arrive(50)
    await giveWay()
    await giveWay()
    expect(now()).toBeLessThanOrEqual(1_100)
  })

  it('goes on as soon as the flood ends', async () => {
    const { arrive, giveWay, now } = door()
    arrive(50)
    await giveWay()
    arrive(50)
    await giveWay()
    expect(now()).toBeLessThan(1_300)
  })

  it('never starves: in a flood without end each of its steps has its turn, one after the other', async () => {
    const { arrive, giveWay, now } = door({ meanwhile: 100 })
    arrive(50)
    const turns: number[] = []
    await Promise.all(Array.from({ length: 10 }, () => giveWay().then(() => turns.push(now()))))
    expect(turns).toHaveLength(10)
    expect(turns[9]).toBeLessThanOrEqual(1_000 + 10 * 250)
    expect(new Set(turns).size).toBe(10)
  })
})
