// A number beside its criterion, as people read it.
import { describe, expect, it } from 'vitest'
import { showMeasured } from '../../../src/core/facts/criterion.ts'

describe('a measured number', () => {
  it.each([
    [0.7333333333333333, '≥ 0.9', '0.7333'],
    [0.8999999, '≥ 0.9', '0.8999999'],
    [0.9, '≥ 0.9', '0.9'],
    [0.0050000001, '≤ 0.005', '0.0050000001'],
    [12345.678, '≤ 12000', '12350'],
  ])('%d beside %s is shown as %s', (value, criterion, shown) => {
    expect(showMeasured(value, criterion)).toBe(shown)
  })
})
