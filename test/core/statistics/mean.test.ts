// Means, standard errors and quantiles against values of scipy 1.17.1, numpy 2.4.6 and statsmodels 0.15.0.
import { expect, test } from 'vitest'
import {
  clusteredStandardError,
  mean,
  quantile,
  standardError,
  standardErrorOfProportion,
  sum,
} from '../../../src/core/statistics/mean.ts'

const scores = [0.91, 0.42, 0.77, 1, 0, 0.63, 0.88, 0.5]

test('a mean and its standard error agree with numpy.mean and scipy.stats.sem', () => {
  expect(mean(scores)).toBeCloseTo(0.63875, 12)
  expect(standardError(scores)).toBeCloseTo(0.11608859763129194, 12)
})

test('the standard error of a proportion agrees with scipy.stats.binom.std / n', () => {
  expect(standardErrorOfProportion(44 / 60, 60)).toBeCloseTo(0.05708992257184504, 12)
  expect(standardErrorOfProportion(0.93, 200)).toBeCloseTo(0.018041618552668705, 12)
})

test('quantiles agree with numpy.quantile, whose default is type 7', () => {
  const expected = { 0: 0, 0.05: 0.147, 0.25: 0.48, 0.5: 0.7, 0.9: 0.937, 0.95: 0.9685, 1: 1 }
  for (const [q, value] of Object.entries(expected)) expect(quantile(scores, Number(q))).toBeCloseTo(value, 12)
})

test('a quantile leaves its sample in the order it had', () => {
  const values = [3, 1, 2]
  quantile(values, 0.5)
  expect(values).toEqual([3, 1, 2])
})

test('repeats of one case widen the error as statsmodels clusters it (OLS on a constant, no correction)', () => {
  const values = [1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0]
  const cases = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd']
  expect(clusteredStandardError(values, cases)).toBeCloseTo(0.186339, 6)
})

test('equal repeats add no certainty', () => {
  const once = clusteredStandardError([1, 0, 1, 0], ['a', 'b', 'c', 'd'])
  const fourTimes = clusteredStandardError(
    [1, 0, 1, 0].flatMap((value) => [value, value, value, value]),
    ['a', 'b', 'c', 'd'].flatMap((name) => [name, name, name, name]),
  )
  expect(fourTimes).toBeCloseTo(once ?? Number.NaN, 12)
})

test('too little data has no number rather than a wrong one', () => {
  expect(mean([])).toBeNull()
  expect(standardError([0.5])).toBeNull()
  expect(standardErrorOfProportion(0, 0)).toBeNull()
  expect(clusteredStandardError([1, 1, 0], ['a', 'a', 'a'])).toBeNull()
  expect(quantile([], 0.5)).toBeNull()
  expect(quantile([7], 0.95)).toBe(7)
})

test('a sum loses no small values beside large ones', () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2)
})
