// What the loop does while the store cannot be used: it asks less often, says so once a minute, and is back at once.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Loop, startLoop } from '../../src/flow/loop.ts'
import type { World } from '../../src/flow/world.ts'

let reason: string | null
let asked: number
let lines: string[]
let loop: Loop
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  reason = null
  asked = 0
  lines = []
  const ask = (nothing: unknown) => async () => {
    asked += 1
    if (reason !== null) throw new Error(reason)
    return nothing
  }
  const world = {
    ledger: { claim: ask(null), deliveries: ask([]) },
    clock: () => new Date('2026-11-26T10:00:00Z'),
    log: { error: (fields: { reason: string }, message: string) => lines.push(`${message}: ${fields.reason}`) },
  } as unknown as World
  loop = startLoop(world, { read: async () => [] })
})
afterEach(async () => {
  await loop.stop()
  vi.useRealTimers()
})

/** How often the store is asked in so many seconds. */
async function askedIn(seconds: number): Promise<number> {
  const before = asked
  await vi.advanceTimersByTimeAsync(seconds * 1_000)
  return asked - before
}

it('asks a store that fails every few seconds, and says so once a minute', async () => {
  expect(await askedIn(10)).toBeGreaterThan(100)
  reason = 'The store cannot be reached.'
  await askedIn(20)
  // Five hands, every five seconds.
  expect(await askedIn(30)).toBe(30)
  expect(lines).toEqual(['The store could not be used: The store cannot be reached.'])
  await askedIn(300)
  expect(lines).toHaveLength(6)
})

it('says at once when something else is wrong', async () => {
  reason = 'The store cannot be reached.'
  await askedIn(10)
  reason = 'The disk of the store is full.'
  await askedIn(10)
  expect(lines).toEqual([
    'The store could not be used: The store cannot be reached.',
    'The store could not be used: The disk of the store is full.',
  ])
})

it('is back at its work five seconds after the store is, and can be stopped before', async () => {
  reason = 'The store cannot be reached.'
  await askedIn(60)
  reason = null
  await askedIn(5)
  expect(await askedIn(10)).toBeGreaterThan(100)
  reason = 'The store cannot be reached.'
  await askedIn(60)
  await loop.stop()
  expect(await askedIn(60)).toBe(0)
})
