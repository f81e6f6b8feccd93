// What evidence adds up to, and how it is kept from lying: numbers that cannot be, other environments, old entries.
import { describe, expect, it } from 'vitest'
import type { EvidenceSummary } from '../../../src/core/facts/evidence.ts'
import type { SpentQuestion } from '../../../src/core/facts/spent.ts'
import { sumSpent } from '../../../src/core/statistics/sum-spent.ts'

const NOW = '2026-11-25T12:00:00.000Z'
const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString()
const evidence = (metrics: EvidenceSummary['metrics'], arms?: EvidenceSummary['arms']): EvidenceSummary => ({
  ...{ andon: 1, request: 'r', sha: 'a'.repeat(40), metrics },
  ...(arms ? { arms } : {}),
})
const errors = (value: number, n?: number) => evidence({ error_rate: { value, ...(n === undefined ? {} : { n }) } })
const cost = (value: number) => evidence({ cost_usd: { value } })

const question = (more: Partial<SpentQuestion> = {}): SpentQuestion => ({
  ...{ of: 'spent', budget: 'errors', metric: 'error_rate', environment: null, regions: [], windows: ['30d'] },
  ...more,
})
type Told = { at?: string; evidence: EvidenceSummary; name?: string; environment?: string | null; regions?: string[] }
const sums = (asked: SpentQuestion, ...told: Told[]) =>
  sumSpent(
    asked,
    told.map((one) => ({ at: ago(1), ...one })),
    NOW,
  )
const one = (asked: SpentQuestion, ...told: Told[]) => sums(asked, ...told)[0]?.windows[0]

describe('errors', () => {
  it('are shares of requests, or counts of arms, within each window', () => {
    const asked = question({ windows: ['1h', '30d'] })
    const told = [
      { at: ago(60 * 24 * 31), evidence: errors(1, 1_000_000) },
      { at: ago(60), evidence: errors(0.02, 1000) },
      { at: ago(59), evidence: errors(0.001, 1000) },
      {
        at: ago(1),
        evidence: evidence({}, { canary: { requests: 500, errors: 9 }, baseline: { requests: 1000, errors: 8 } }),
      },
    ]
    expect(sums(asked, ...told)).toEqual([
      {
        region: null,
        windows: [
          { window: '1h', spent: 18, requests: 2500, pieces: 2, silent: 0, unusable: 0, oldest: ago(59) },
          { window: '30d', spent: 38, requests: 3500, pieces: 3, silent: 0, unusable: 0, oldest: ago(60) },
        ],
      },
    ])
  })

  it('are the metric’s where it says of how many requests, and else the arms’', () => {
    const arms = { canary: { requests: 10, errors: 1 } }
    const metric = (n?: number) => evidence({ error_rate: { value: 0.5, ...(n ? { n } : {}) } }, arms)
    expect(one(question(), { evidence: metric(100) })).toMatchObject({ spent: 50, requests: 100 })
    expect(one(question(), { evidence: metric() })).toMatchObject({ spent: 1, requests: 10 })
  })

  it.each([
    ['a negative share over very many requests, to refill the budget', errors(-5, 1_000_000_000)],
    ['no errors among more requests than there can be, to drown them', errors(0, 9_000_000_000_000_000)],
    ['a share above 1', errors(1.01, 100)],
    ['a share of nobody knows how many', errors(0.5)],
    ['a share that is no number', errors(Number.NaN, 100)],
    ['a negative number of requests', errors(0.5, -100)],
    ['more errors than requests', evidence({}, { canary: { requests: 1, errors: 2 } })],
    [
      'one arm that cannot be beside one that can',
      evidence({}, { a: { requests: 1e13, errors: 0 }, b: { requests: 1, errors: 0 } }),
    ],
  ])('are never added from %s', (_, lie) => {
    const honest = { evidence: errors(0.5, 100) }
    expect(one(question(), honest, { evidence: lie })).toMatchObject({
      spent: 50,
      requests: 100,
      pieces: 1,
      unusable: 1,
    })
  })

  it('are not those of another metric, whatever its name', () => {
    const asked = question({ metric: 'constructor' })
    expect(one(asked, { evidence: errors(0.5, 100) })).toMatchObject({
      pieces: 0,
      silent: 1,
      unusable: 0,
      oldest: ago(1),
    })
  })
})

describe('cost', () => {
  const asked = question({ budget: 'cost', metric: 'cost_usd' })

  it('is the sum of the metric', () => {
    const told = [cost(1.5), cost(0), cost(0.25), errors(0.1, 10)]
    expect(one(asked, ...told.map((each) => ({ evidence: each })))).toMatchObject({ spent: 1.75, pieces: 3, silent: 1 })
  })

  it('is never lowered by a negative one', () => {
    expect(one(asked, { evidence: cost(10) }, { evidence: cost(-1000) })).toMatchObject({ spent: 10, unusable: 1 })
  })
})

describe('an environment and its regions', () => {
  const production = { environment: 'production', regions: ['eu', 'us'] }

  it('have sums of their own', () => {
    const asked = question({ budget: 'cost', metric: 'cost_usd', environment: 'production', regions: ['eu', 'us'] })
    const told = [
      { evidence: cost(1), environment: 'Production', regions: ['EU'] },
      { evidence: cost(2), environment: 'staging', regions: ['eu'] },
      { evidence: cost(4), ...production },
    ]
    expect(sums(asked, ...told).map(({ region, windows }) => [region, windows[0]?.spent])).toEqual([
      ['eu', 5],
      ['us', 4],
    ])
  })

  it.each([
    ['an entry from before it was recorded', {}],
    ['a change without an environment', { environment: null, regions: [] }],
    ['a change without regions', { environment: 'production', regions: [] }],
  ])('are charged with all cost of %s', (_, scope) => {
    const asked = question({ budget: 'cost', metric: 'cost_usd', environment: 'production', regions: ['eu'] })
    expect(one(asked, { evidence: cost(3), ...scope })).toMatchObject({ spent: 3 })
  })

  it('are charged with the errors of what nobody can place, and never given its good requests', () => {
    const asked = question({ environment: 'production' })
    const placed = { evidence: errors(0.1, 100), ...production }
    expect(one(asked, placed, { evidence: errors(0, 1_000_000) })).toMatchObject({ spent: 10, requests: 100 })
    expect(one(asked, placed, { evidence: errors(0.5, 1000) })).toMatchObject({ spent: 510, requests: 600 })
  })
})

describe('what a budget counts from', () => {
  const slo = { name: 'slo', evidence: errors(0.2, 1000) }
  const evaluation = { name: 'offline-eval', evidence: errors(0, 2000) }

  it('is all evidence with the metric, or that of the gates and workflows that it names', () => {
    expect(one(question(), slo, evaluation)).toMatchObject({ spent: 200, requests: 3000, pieces: 2 })
    expect(one(question({ from: ['slo'] }), slo, evaluation)).toMatchObject({ spent: 200, requests: 1000, pieces: 1 })
    expect(one(question({ from: ['offline-eval', 'slo'] }), slo, evaluation)).toMatchObject({ requests: 3000 })
  })

  it('is, where nothing says who asked for the evidence, its errors alone', () => {
    const old = { evidence: errors(0.01, 1000) }
    expect(one(question({ from: ['slo'] }), slo, old)).toMatchObject({ spent: 210, requests: 1010, pieces: 2 })
  })
})
