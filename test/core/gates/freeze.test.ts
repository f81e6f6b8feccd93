// Freeze windows on the clocks of their zone, across the days when clocks change.
import { describe, expect, it } from 'vitest'
import { freezeGate } from '../../../src/core/gates/freeze.ts'
import { context } from './given.ts'

const judge = (at: string, ...windows: object[]) => {
  const settings = freezeGate.settings.parse({ windows })
  const judged = freezeGate.judge(context({ at }), settings)
  return judged.verdict === 'pass' ? 'open' : judged.until
}
const berlin = (from: string, to: string) => ({ from, to, zone: 'Europe/Berlin' })
const weekly = (from: string, to: string, zone = 'Europe/Berlin') => ({ weekly: { from, to }, zone })

describe('a window of dates', () => {
  const window = berlin('2026-12-20T00:00', '2027-01-04T00:00')
  it.each([
    ['2026-12-19T22:59:59Z', 'open'],
    ['2026-12-19T23:00:00Z', '2027-01-03T23:00:00.000Z'],
    ['2027-01-03T22:59:59Z', '2027-01-03T23:00:00.000Z'],
    ['2027-01-03T23:00:00Z', 'open'],
  ])('at %s is %s', (at, expected) => expect(judge(at, window)).toBe(expected))

  it('ends with the last of those that overlap or touch', () => {
    const windows = [
      berlin('2026-12-01T00:00', '2026-12-03T00:00'),
      berlin('2026-12-02T00:00', '2026-12-05T00:00'),
      berlin('2026-12-05T00:00', '2026-12-06T00:00'),
    ]
    expect(judge('2026-12-01T12:00:00Z', ...windows)).toBe('2026-12-05T23:00:00.000Z')
  })
})

describe('a weekly window', () => {
  const weekend = weekly('Fri 16:00', 'Mon 08:00')
  it.each([
    ['winter, just before', '2026-11-20T14:59:59Z', 'open'],
    ['winter, begun', '2026-11-20T15:00:00Z', '2026-11-23T07:00:00.000Z'],
    ['winter, Sunday', '2026-11-22T12:00:00Z', '2026-11-23T07:00:00.000Z'],
    ['winter, over', '2026-11-23T07:00:00Z', 'open'],
    ['summer, begun', '2026-07-03T14:00:00Z', '2026-07-06T06:00:00.000Z'],
    // Clocks go forward on Sunday 2026-03-29 and back on Sunday 2026-10-25.
    ['through the start of daylight saving', '2026-03-27T15:00:00Z', '2026-03-30T06:00:00.000Z'],
    ['through its end', '2026-10-23T14:00:00Z', '2026-10-26T07:00:00.000Z'],
    ['over the turn of the year', '2027-01-02T12:00:00Z', '2027-01-04T07:00:00.000Z'],
  ])('%s', (_, at, expected) => expect(judge(at, weekend)).toBe(expected))

  it('within one day, in a zone a day ahead', () => {
    expect(judge('2026-11-22T18:30:00Z', weekly('Mon 08:00', 'Mon 09:00', 'Pacific/Kiritimati'))).toBe(
      '2026-11-22T19:00:00.000Z',
    )
  })

  it('that begins later in the week than it ends on the same day lasts almost a week', () => {
    expect(judge('2026-11-24T12:00:00Z', weekly('Mon 09:00', 'Mon 08:00'))).toBe('2026-11-30T07:00:00.000Z')
    expect(judge('2026-11-23T07:30:00Z', weekly('Mon 09:00', 'Mon 08:00'))).toBe('open')
  })

  it('begins at the first and ends at the last of a time that comes twice', () => {
    expect(judge('2026-10-25T00:30:00Z', weekly('Sun 02:30', 'Sun 05:00'))).toBe('2026-10-25T04:00:00.000Z')
    expect(judge('2026-10-25T01:20:00Z', weekly('Sun 00:00', 'Sun 02:30'))).toBe('2026-10-25T01:30:00.000Z')
  })

  it('freezes an hour that does not exist', () => {
    expect(judge('2026-03-29T00:45:00Z', weekly('Sun 02:30', 'Sun 04:00'))).toBe('2026-03-29T02:00:00.000Z')
  })
})

describe('the settings', () => {
  it.each([
    ['a date without a time', berlin('2026-12-20', '2027-01-04T00:00')],
    ['an offset beside the zone', berlin('2026-12-20T00:00Z', '2027-01-04T00:00')],
    ['a day that does not exist', berlin('2026-02-30T00:00', '2026-03-04T00:00')],
    ['no zone', { from: '2026-12-20T00:00', to: '2027-01-04T00:00' }],
    ['a zone that does not exist', { ...berlin('2026-12-20T00:00', '2027-01-04T00:00'), zone: 'Mars/Phobos' }],
    ['an end before the beginning', berlin('2027-12-20T00:00', '2027-01-04T00:00')],
    ['a weekday spelled out', weekly('Friday 16:00', 'Mon 08:00')],
    ['an hour that does not exist', weekly('Fri 24:00', 'Mon 08:00')],
    ['a week without length', weekly('Fri 16:00', 'Fri 16:00')],
  ])('refuse %s', (_, window) => expect(freezeGate.settings.safeParse({ windows: [window] }).success).toBe(false))
})
