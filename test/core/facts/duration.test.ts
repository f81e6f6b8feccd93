// Lengths of time in a policy, and what is said of nonsense.
import { describe, expect, it } from 'vitest'
import { durationSchema, millisecondsOf } from '../../../src/core/facts/duration.ts'

const FORM = 'Write a length of time as a whole number and `m`, `h` or `d`, as in `5m`, `1h` or `30d`.'
const said = (value: unknown) => durationSchema.safeParse(value).error?.issues.map(({ message }) => message)

describe('a length of time', () => {
  it.each([
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['366d', 31_622_400_000],
  ])('%s is %s milliseconds', (text, length) => {
    expect(durationSchema.parse(text)).toBe(text)
    expect(millisecondsOf(text)).toBe(length)
  })

  it.each(['', 'm', '5', '5 m', '5s', '5M', '1.5h', '-5m', '+5m', '05m', '1h30m', '1e3m', '５m', 'forever', 30, null])(
    '%j is none',
    (value) => expect(said(value)).toEqual([FORM]),
  )

  it('is longer than nothing and no longer than a year', () => {
    expect(said('0d')).toEqual(['A length of time must be longer than nothing.'])
    expect(said('367d')).toEqual(['The longest length of time is `366d`.'])
    expect(said('9999999d')).toEqual(['The longest length of time is `366d`.'])
    expect(said('99999999999d')).toEqual([FORM])
  })
})
