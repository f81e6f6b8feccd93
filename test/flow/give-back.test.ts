// What becomes of a task whose turns never end, since its process was killed each time, or fail by its own fault.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { giveBack, refuseDeadly } from '../../src/flow/give-back.ts'
import type { World } from '../../src/flow/world.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import type { Ledger, Task } from '../../src/ledger/port.ts'

let ledger: Ledger
let clock = new Date('2026-11-25T10:00:00Z')
beforeEach(async () => {
  ledger = await openLedger({ folder: ':memory:', clock: () => clock })
})
afterEach(() => ledger.close())

/** The task, after so many processes died in its turn. */
async function after(deaths: number, key: string): Promise<Task> {
  await ledger.wake(key, 'acme', clock.toISOString())
  for (let death = 0; ; death++) {
    const task = await ledger.claim(clock.toISOString(), 30)
    if (task === null) throw new Error('nothing was due')
    if (death === deaths) return task
    clock = new Date(clock.getTime() + 60_000)
  }
}

function worldOf(): World {
  const log = { info() {}, warn() {}, error() {} }
  return { ledger, clock: () => clock, random: () => 0, log } as unknown as World
}

/** The loop's way with a task. */
async function take(task: Task): Promise<string> {
  const world = worldOf()
  try {
    refuseDeadly(task)
    return 'worked'
  } catch (error) {
    await giveBack(world, task, error)
    return 'refused'
  }
}

const aside = async () => (await ledger.backlog(clock.toISOString())).aside.map(({ key }) => key)

it('is not blamed for a process that was killed ten times in a row', async () => {
  expect(await take(await after(10, 'card:A'))).toBe('worked')
})

it('is blamed for its own faults alone: so many deaths before the first leave it all its tries', async () => {
  const world = worldOf()
  let task = await after(20, 'card:A')
  for (let fault = 1; fault < 8; fault++) {
    await giveBack(world, task, new Error('A bug.'))
    expect(await aside()).toEqual([])
    clock = new Date(clock.getTime() + 400_000)
    task = (await ledger.claim(clock.toISOString(), 30)) as Task
    expect(task).toMatchObject({ faults: fault, deaths: 20 })
  }
  await giveBack(world, task, new Error('A bug.'))
  expect(await aside()).toEqual(['card:A'])
})

it('is set aside at last', async () => {
  expect(await take(await after(24, 'card:A'))).toBe('refused')
  expect(await aside()).toEqual(['card:A'])
})

it.each(['sweep:acme', 'sweeps:all', 'redeliver:app', 'prune:store'])('waits and goes on: %s', async (key) => {
  expect(await take(await after(24, key))).toBe('refused')
  expect(await aside()).toEqual([])
  expect(await ledger.claim(clock.toISOString(), 30)).toBeNull()
  clock = new Date(clock.getTime() + 300_000)
  const again = await ledger.claim(clock.toISOString(), 30)
  expect(again).toMatchObject({ key, faults: 0 })
})
