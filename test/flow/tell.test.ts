// Deliveries are told in batches, and one that the store does not take keeps no other from its cards.
import { describe, expect, it } from 'vitest'
import { tellDeliveries } from '../../src/flow/tell.ts'
import type { World } from '../../src/flow/world.ts'
import { GitHubProblem } from '../../src/github/github-problem.ts'
import type { Delivery, Wake } from '../../src/ledger/port.ts'

const AT = '2026-11-23T12:00:00.000Z'
const delivery = (guid: string): Delivery => ({ guid, event: 'issues', body: '{}', receivedAt: AT })
const wakes = (guid: string): Wake[] => [{ key: `card:${guid}`, owner: 'acme', due: AT }]

/** A store that refuses whatever wakes the card `poison`, all or nothing, as a database does. */
function worldOf(waiting: string[], fault: object = {}) {
  const told: string[] = []
  const woken: string[] = []
  const logged: string[] = []
  const world = {
    ledger: {
      deliveries: async () => waiting.map(delivery),
      async routed(guids: string[], woke: Wake[]) {
        if (woke.some(({ key }) => key === 'card:poison')) throw Object.assign(new Error('The key is too long.'), fault)
        told.push(...guids)
        woken.push(...woke.map(({ key }) => key))
      },
    },
    log: { warn: (fields: { delivery: string }, message: string) => logged.push(`${fields.delivery}: ${message}`) },
  } as unknown as World
  return { world, told, woken, logged }
}

describe('a batch of deliveries', () => {
  it('loses none but the one that the store does not take', async () => {
    const { world, told, woken, logged } = worldOf(['one', 'poison', 'two'])
    expect(await tellDeliveries(world, async ({ guid }) => wakes(guid))).toBe(true)
    expect(told).toEqual(['one', 'poison', 'two'])
    expect(woken).toEqual(['card:one', 'card:two'])
    expect(logged).toEqual(['poison: A delivery could not be read'])
  })

  it('is told later, whole, where the store was not there', async () => {
    const { world, told } = worldOf(['one', 'poison'], { transient: true })
    await expect(tellDeliveries(world, async ({ guid }) => wakes(guid))).rejects.toThrow('too long')
    expect(told).toEqual([])
  })

  it.each([
    ['the app itself', new GitHubProblem('forbidden', 'GitHub answered 401: A JSON web token could not be decoded')],
    ['it in the middle of the reading', new AggregateError([new GitHubProblem('not-found', 'Integration not found')])],
  ])('keeps one for which GitHub refuses %s', async (_, refusal) => {
    const { world, told, logged } = worldOf(['one', 'two'])
    await tellDeliveries(world, async ({ guid }) => {
      if (guid === 'one') throw refusal
      return wakes(guid)
    })
    expect(told).toEqual(['two'])
    expect(logged).toEqual(['one: A delivery could not be told to its cards yet'])
  })

  it('drops one that makes no sense', async () => {
    const { world, told, logged } = worldOf(['one', 'two'])
    await tellDeliveries(world, async ({ guid }) => {
      if (guid === 'one') throw new Error('The body is no JSON.')
      return wakes(guid)
    })
    expect(told).toEqual(['one', 'two'])
    expect(logged).toEqual(['one: A delivery could not be read'])
  })

  it('leaves out what an outage keeps from its cards', async () => {
    const { world, told, logged } = worldOf(['one', 'two'])
    const outage = Object.assign(new Error('GitHub does not answer.'), { transient: true })
    await tellDeliveries(world, async ({ guid }) => {
      if (guid === 'one') throw outage
      return wakes(guid)
    })
    expect(told).toEqual(['two'])
    expect(logged).toEqual(['one: A delivery could not be told to its cards yet'])
  })
})
