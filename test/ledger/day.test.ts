// The times that people give a search.
import { expect, it } from 'vitest'
import { readTime } from '../../src/ledger/day.ts'

it('takes a day from its first to its last moment', () => {
  expect(readTime('2026-11-23', 'from')).toBe('2026-11-23T00:00:00.000Z')
  expect(readTime('2026-11-23', 'to')).toBe('2026-11-24T00:00:00.000Z')
  expect(readTime('2026-12-31', 'to')).toBe('2027-01-01T00:00:00.000Z')
})

it('takes a moment as it is, and only with its zone', () => {
  expect(readTime('2026-11-23T10:00+01:00', 'to')).toBe('2026-11-23T09:00:00.000Z')
  expect(readTime('2026-11-23T10:00', 'from')).toBeNull()
})

it('takes nothing else', () => {
  for (const text of ['', '2026-02-30', '2026-13-01', '23.11.2026', 'yesterday', '2026-11-23T25:00Z', '+275760-09-13'])
    expect([text, readTime(text, 'from'), readTime(text, 'to')]).toEqual([text, null, null])
})
