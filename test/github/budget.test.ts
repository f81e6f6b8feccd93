// The governor keeps GitHub's limits, lets verdicts go first, and sends away who would wait too long.
import { describe, expect, it } from 'vitest'
import { type Budget, type Clock, type Cost, createBudget, GITHUB_LIMITS } from '../../src/github/budget.ts'
import { GitHubProblem } from '../../src/github/github-problem.ts'

const READ: Cost = { lane: 'graphql', points: 1, content: 0, urgency: 'read' }
const REST: Cost = { lane: 'core', points: 1, content: 0, urgency: 'read' }
const VERDICT: Cost = { lane: 'graphql', points: 5, content: 1, urgency: 'verdict' }
const COSMETIC: Cost = { lane: 'graphql', points: 5, content: 1, urgency: 'cosmetic' }

/** A clock that a test moves by hand. */
function handClock(): Clock & { pass(milliseconds: number): Promise<void> } {
  let now = 1_000_000
  let sleepers: { until: number; wake: () => void }[] = []
  return {
    now: () => now,
    sleep: (milliseconds) => new Promise((wake) => sleepers.push({ until: now + milliseconds, wake })),
    async pass(milliseconds) {
      now += milliseconds
      for (const sleeper of sleepers.filter(({ until }) => until <= now)) sleeper.wake()
      sleepers = sleepers.filter(({ until }) => until > now)
      await settled()
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

function start(patience = 10 * 60_000) {
  const clock = handClock()
  const budget = createBudget({ clock, patience })
  const went: string[] = []
  return { clock, budget, went }
}

/** Runs a call that notes its name, and its end when told. */
function call(budget: Budget, cost: Cost, name: string, went: string[]): Promise<void> {
  return budget.run(cost, async () => {
    went.push(name)
  })
}

describe('the budget', () => {
  it('lets eighty contents a minute through, and the next when the minute is over', async () => {
    const { clock, budget, went } = start()
    const all = Array.from({ length: 82 }, (_, n) => call(budget, VERDICT, `w${n}`, went))
    await settled()
    expect(went).toHaveLength(80)
    await clock.pass(59_999)
    expect(went).toHaveLength(80)
    await clock.pass(1)
    await Promise.all(all)
    expect(went).toHaveLength(82)
  })

  it('lets five hundred contents an hour through', async () => {
    const { clock, budget, went } = start(2 * 3_600_000)
    for (let n = 0; n < 510; n++) void call(budget, VERDICT, `w${n}`, went)
    for (let minute = 0; minute < 10; minute++) await clock.pass(60_000)
    expect(went).toHaveLength(500)
    for (let minute = 0; minute < 60; minute++) await clock.pass(60_000)
    expect(went).toHaveLength(510)
  })

  it('does not hold reads up while contents must wait', async () => {
    const { budget, went } = start()
    for (let n = 0; n < 90; n++) void call(budget, COSMETIC, 'cosmetic', went)
    await settled()
    await call(budget, READ, 'read', went)
    expect(went.filter((name) => name === 'read')).toHaveLength(1)
    expect(went).toHaveLength(65)
  })

  it('lets a verdict go before the cosmetics that waited longer', async () => {
    const { clock, budget, went } = start()
    for (let n = 0; n < 85; n++) void call(budget, COSMETIC, 'cosmetic', went)
    await settled()
    for (let n = 0; n < 17; n++) void call(budget, VERDICT, 'verdict', went)
    await settled()
    // Of the eighty, sixteen are kept for verdicts; the seventeenth is the first when the minute is over.
    expect(went.slice(64)).toEqual(Array(16).fill('verdict'))
    await clock.pass(60_000)
    expect(went[80]).toBe('verdict')
    expect(went[81]).toBe('cosmetic')
  })

  it('keeps the points of a minute', async () => {
    const { clock, budget, went } = start()
    for (let n = 0; n < 901; n++) void call(budget, REST, 'read', went)
    for (let n = 0; n < 10; n++) await settled()
    expect(went).toHaveLength(900)
    await clock.pass(60_000)
    expect(went).toHaveLength(901)
  })

  it('has a hundred calls under way and no more', async () => {
    const { budget } = start()
    const ends: (() => void)[] = []
    for (let n = 0; n < 103; n++) void budget.run(READ, () => new Promise<void>((end) => ends.push(end)))
    await settled()
    expect(ends).toHaveLength(100)
    ends[0]?.()
    ends[1]?.()
    await settled()
    expect(ends).toHaveLength(102)
  })

  it('sends nothing before the time that a secondary limit names is over', async () => {
    const { clock, budget, went } = start()
    budget.refused(new GitHubProblem('secondary-limit', 'slow down', { retryAfter: 30 }), 'graphql')
    void call(budget, REST, 'read', went)
    await settled()
    await clock.pass(29_999)
    expect(went).toEqual([])
    await clock.pass(1)
    expect(went).toEqual(['read'])
  })

  it('waits a minute where none is named, and longer each time until a call goes through', async () => {
    const { clock, budget, went } = start(20 * 60_000)
    const limit = () => budget.refused(new GitHubProblem('secondary-limit', 'slow down'), 'core')
    limit()
    limit()
    void call(budget, REST, 'read', went)
    await settled()
    await clock.pass(119_999)
    expect(went).toEqual([])
    await clock.pass(1)
    expect(went).toEqual(['read'])
    budget.went()
    limit()
    void call(budget, REST, 'again', went)
    await settled()
    await clock.pass(60_000)
    expect(went).toEqual(['read', 'again'])
  })

  it('closes only the account that is used up, until its reset', async () => {
    const { clock, budget, went } = start(3_600_000)
    const reset = clock.now() / 1000 + 100
    budget.observe({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}`, 'x-ratelimit-resource': 'graphql' })
    void call(budget, READ, 'graphql', went)
    void call(budget, REST, 'rest', went)
    await settled()
    expect(went).toEqual(['rest'])
    await clock.pass(101_000)
    expect(went).toEqual(['rest', 'graphql'])
  })

  it('sends away at once who would wait longer than the patience, and says for how long', async () => {
    const { budget, went } = start(10_000)
    budget.refused(new GitHubProblem('rate-limit', 'used up', { retryAfter: 1800 }), 'graphql')
    await expect(call(budget, READ, 'read', went)).rejects.toMatchObject({
      kind: 'rate-limit',
      transient: true,
      retryAfter: 1800,
    })
    await call(budget, REST, 'rest', went)
    expect(went).toEqual(['rest'])
  })

  it('frees the place of a call that failed', async () => {
    const clock = handClock()
    const budget = createBudget({ clock, limits: { ...GITHUB_LIMITS, atOnce: 1 } })
    await expect(budget.run(READ, async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(budget.run(READ, async () => 'yes')).resolves.toBe('yes')
  })
})
