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

const cron = (text: string, minutes: number, zone = 'Europe/Berlin') => ({ cron: text, minutes, zone })

describe('a window that comes back by cron', () => {
  const monthEnd = cron('0 18 28-31 * *', 720)
  it.each([
    ['before it begins', '2026-11-28T16:59:59Z', 'open'],
    ['as it begins', '2026-11-28T17:00:00Z', '2026-11-29T05:00:00.000Z'],
    ['to its last second', '2026-11-29T04:59:59Z', '2026-11-29T05:00:00.000Z'],
    ['as it ends', '2026-11-29T05:00:00Z', 'open'],
    ['in a month of 28 days', '2027-02-28T20:00:00Z', '2027-03-01T05:00:00.000Z'],
    ['on a day that it does not name', '2026-11-27T20:00:00Z', 'open'],
    ['in summer', '2026-07-30T16:00:00Z', '2026-07-31T04:00:00.000Z'],
    // Clocks go forward in the night to Sunday 2026-03-29: it begins at 18:00 before and after; 720 minutes pass.
    ['into the start of daylight saving', '2026-03-28T17:00:00Z', '2026-03-29T05:00:00.000Z'],
    ['not an hour too late after it', '2026-03-29T16:00:00Z', '2026-03-30T04:00:00.000Z'],
  ])('%s', (_, at, expected) => expect(judge(at, monthEnd)).toBe(expected))

  it('through the end of daylight saving', () => {
    const saturdays = cron('0 18 * * SAT', 720)
    expect(judge('2026-10-24T15:59:59Z', saturdays)).toBe('open')
    expect(judge('2026-10-24T16:00:00Z', saturdays)).toBe('2026-10-25T04:00:00.000Z')
    expect(judge('2026-10-31T16:59:59Z', saturdays)).toBe('open')
    expect(judge('2026-10-31T17:00:00Z', saturdays)).toBe('2026-11-01T05:00:00.000Z')
  })

  it('is not lost where the clocks skip its beginning, whether it is one time or every half hour', () => {
    for (const text of ['30 2 * * *', '*/30 2 * * *']) {
      expect(judge('2026-03-29T01:15:00Z', cron(text, 60))).toBe('2026-03-29T02:30:00.000Z')
      expect(judge('2026-03-29T02:30:00Z', cron(text, 60))).toBe('open')
      expect(judge('2026-03-30T00:45:00Z', cron(text, 60))).toMatch(/^2026-03-30T01:[03]0/)
    }
  })

  it('lasts from the first to after the second of a beginning that comes twice', () => {
    const window = cron('30 2 * * *', 60)
    expect(judge('2026-10-25T00:29:59Z', window)).toBe('open')
    expect(judge('2026-10-25T00:30:00Z', window)).toBe('2026-10-25T02:30:00.000Z')
    expect(judge('2026-10-25T01:45:00Z', window)).toBe('2026-10-25T02:30:00.000Z')
    expect(judge('2026-10-25T02:30:00Z', window)).toBe('open')
  })

  it('reads the last day of a month, names, and years between two of them', () => {
    expect(judge('2028-02-29T23:30:00Z', cron('0 23 L * *', 60, 'UTC'))).toBe('2028-03-01T00:00:00.000Z')
    expect(judge('2026-11-13T10:00:00Z', cron('0 9 * NOV FRI#2', 120, 'UTC'))).toBe('2026-11-13T11:00:00.000Z')
    expect(judge('2028-02-29T12:00:00Z', cron('0 0 29 2 *', 1440, 'UTC'))).toBe('2028-03-01T00:00:00.000Z')
    expect(judge('2027-02-28T12:00:00Z', cron('0 0 29 2 *', 1440, 'UTC'))).toBe('open')
  })

  it('that never ends is looked at again, and ends nothing', () => {
    expect(judge('2026-11-22T12:00:00Z', cron('* * * * *', 60))).toMatch(/^2026-11-/)
  })
})

describe('an exception', () => {
  const window = berlin('2026-12-20T00:00', '2027-01-04T00:00')
  const judged = (except: object, card: { risk?: string; changeKind?: string | null }, ...more: object[]) => {
    const settings = freezeGate.settings.parse({ windows: [{ ...window, except }, ...more] })
    return freezeGate.judge(context({ at: '2026-12-24T12:00:00Z', ...card }), settings)
  }
  const low = { risk: ['low'] }

  it('lets cards through that meet it, and says which', () => {
    expect(judged(low, { risk: 'low' })).toEqual({ verdict: 'pass', reason: 'no-freeze', detail: ['risk low'] })
    expect(judged(low, { risk: 'high' })).toMatchObject({ verdict: 'wait', reason: 'in-freeze' })
  })
  it('is met by a card that meets all of it', () => {
    const both = { risk: ['low'], changes: ['guardrail-policy'] }
    expect(judged(both, { risk: 'low', changeKind: 'guardrail-policy' }).verdict).toBe('pass')
    expect(judged(both, { risk: 'low', changeKind: 'model-version' }).verdict).toBe('wait')
    expect(judged(both, { risk: 'low', changeKind: null }).verdict).toBe('wait')
    expect(judged(both, { risk: 'default', changeKind: 'guardrail-policy' }).verdict).toBe('wait')
  })
  it('is of its own window only', () => {
    const other = berlin('2026-12-24T00:00', '2026-12-26T00:00')
    expect(judged(low, { risk: 'low' }, other)).toMatchObject({ until: '2026-12-25T23:00:00.000Z' })
    expect(judged(low, { risk: 'high' }, other)).toMatchObject({ until: '2027-01-03T23:00:00.000Z' })
  })
  it('of a window that is not open is not told', () => {
    const settings = freezeGate.settings.parse({ windows: [{ ...window, except: low }] })
    expect(freezeGate.judge(context({ at: '2026-11-24T12:00:00Z', risk: 'low' }), settings)).toEqual({
      verdict: 'pass',
      reason: 'no-freeze',
    })
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
    ['a cron that means now', cron('? * * * *', 60)],
    ['a window longer than 30 days', cron('0 0 1 * *', 43_201)],
    ['a cron of endless length', cron(`0 0 ${'1,'.repeat(100)}1 * *`, 60)],
  ])('refuse %s', (_, window) => expect(freezeGate.settings.safeParse({ windows: [window] }).success).toBe(false))
})
