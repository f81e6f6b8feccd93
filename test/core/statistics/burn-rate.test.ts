// Burn rates, held against the tables of the Site Reliability Workbook, chapter 5.
import { describe, expect, it } from 'vitest'
import { burnRate, fires, PAGING_PAIRS, partSpent } from '../../../src/core/statistics/burn-rate.ts'

const HOURS = { '5m': 1 / 12, '30m': 0.5, '1h': 1, '6h': 6, '3d': 72, '30d': 720 }

describe('the part of a budget of 30 days that is spent', () => {
  // "Recommended time windows and burn rates", for a 99.9% objective.
  it.each([
    [14.4, '1h', 0.02],
    [6, '6h', 0.05],
    [1, '3d', 0.1],
  ] as const)('at %s times for %s is %s', (rate, window, part) => {
    expect(partSpent(rate, HOURS[window], HOURS['30d'])).toBe(part)
  })

  // "Burn rates and time to complete budget exhaustion": 30 days, 15 days, 3 days, 43 minutes.
  it.each([
    [1, 30 * 24 * 60],
    [2, 15 * 24 * 60],
    [10, 3 * 24 * 60],
    [1000, 43.2],
  ])('at %s times is all of it after %s minutes', (rate, minutes) => {
    expect(partSpent(rate, minutes, 30 * 24 * 60)).toBe(1)
  })
})

describe('the burn rate', () => {
  // The second column of the same table: the share of errors that burns a 99.9% objective at that rate.
  it.each([
    [1, 0.001],
    [2, 0.002],
    [10, 0.01],
    [14.4, 0.0144],
    [1000, 1],
  ])('is %s where a share of %s goes wrong and 0.001 may', (rate, share) => {
    expect(burnRate(share * 1_000_000, 1_000_000, 0.001)).toBe(rate)
  })

  it('is not known without requests', () => {
    expect(burnRate(0, 0, 0.001)).toBeNull()
    expect(burnRate(0, 1, 0.001)).toBe(0)
  })
})

describe('a pair of windows fires', () => {
  it.each([
    ['over both', 14.4, 14.4, true],
    ['not while the short one is calm: it has stopped', 100, 14.3, false],
    ['not while the long one is calm: it was but a blip', 14.3, 100, false],
    ['while the short one knows nothing: nothing says that it has stopped', 14.4, null, true],
    ['not while the long one knows nothing', null, 100, false],
  ])('%s', (_, long, short, expected) => expect(fires(14.4, long, short)).toBe(expected))

  it('by default as the workbook pages: short windows are a twelfth of the long ones', () => {
    for (const { long, short } of PAGING_PAIRS)
      expect(HOURS[short as keyof typeof HOURS] * 12).toBeCloseTo(HOURS[long as keyof typeof HOURS], 12)
    expect(PAGING_PAIRS.map(({ rate }) => rate)).toEqual([14.4, 6])
  })
})
