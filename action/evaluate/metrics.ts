// Measures: from the cases of a run to the numbers that the evidence offers under their names.
import type { Metric } from '../../src/core/facts/evidence.ts'
import {
  clusteredStandardError,
  mean,
  quantile,
  standardError,
  standardErrorOfProportion,
  sum,
} from '../../src/core/statistics/mean.ts'
import type { TestedCase } from './merge.ts'

const LATENCY = /^latency_ms_p([1-9]\d?)$/
const BUILT_IN = ['pass_rate', 'error_rate', 'cost_usd', 'latency_ms_p50', 'latency_ms_p95']

/**
 * Measures one source over all cases: a built-in name, `latency_ms_p1` to `p99`, or a named score, also written
 * `score:<name>`. Null where the run does not tell it. `lowerIsBetter` says what counts against the change.
 */
export function measure(cases: TestedCase[], source: string, lowerIsBetter: boolean): Metric | null {
  const score = scoreOf(source)
  if (score !== null) return namedScore(cases, score, lowerIsBetter)
  if (source === 'pass_rate') return share(cases, (one) => one.outcome === 'passed')
  if (source === 'error_rate') return share(cases, (one) => one.outcome === 'errored')
  if (source === 'cost_usd') return totalCost(cases)
  return latency(cases, Number(LATENCY.exec(source)?.[1]) / 100)
}

/** The named score that a source means; null for what is built in. */
export function scoreOf(source: string): string | null {
  if (source.startsWith('score:')) return source.slice('score:'.length)
  return BUILT_IN.includes(source) || LATENCY.test(source) ? null : source
}

/** Sources that this run has numbers for; a named score that bears a built-in's name is reached by `score:` only. */
export function sourcesOf(cases: TestedCase[]): string[] {
  const names = scoreNames(cases).map((name) => (scoreOf(name) === name ? name : `score:${name}`))
  return [...BUILT_IN.filter((source) => measure(cases, source, false) !== null), ...names]
}

/** Cases that owe a score of that name and have none: they count as the worst value. */
export function unscoredCases(cases: TestedCase[], name: string): number {
  return cases.filter((one) => owes(one, name) && !one.scores.has(name)).length
}

function scoreNames(cases: TestedCase[]): string[] {
  const names = new Set<string>()
  for (const one of cases) for (const name of one.scores.keys()) names.add(name)
  for (const one of cases) for (const name of one.expected ?? []) names.add(name)
  return [...names].sort()
}

/** Every case is in the denominator: failed, errored, unscored and missing ones too. */
function share(cases: TestedCase[], has: (one: TestedCase) => boolean): Metric | null {
  const values = cases.map((one) => (has(one) ? 1 : 0))
  const value = mean(values)
  if (value === null) return null
  return metric(value, values.length, spread(cases, values) ?? standardErrorOfProportion(value, values.length))
}

function namedScore(cases: TestedCase[], name: string, lowerIsBetter: boolean): Metric | null {
  const owing = cases.filter((one) => one.scores.has(name) || owes(one, name))
  const measured = owing.flatMap((one) => one.scores.get(name) ?? [])
  if (measured.length === 0) return null
  const worst = measured.reduce((a, b) => (lowerIsBetter ? Math.max(a, b) : Math.min(a, b)), lowerIsBetter ? 1 : 0)
  const values = owing.map((one) => one.scores.get(name) ?? worst)
  return metric(mean(values) ?? worst, values.length, spread(owing, values) ?? standardError(values))
}

/** A case that failed before it was scored, and does not tell what it would be scored on, owes every score. */
function owes(one: TestedCase, name: string): boolean {
  return one.expected === null ? one.outcome === 'errored' || one.outcome === 'unscored' : one.expected.includes(name)
}

/** The sum, where every case that was measured names its cost: a part of the bill would look like a low one. */
function totalCost(cases: TestedCase[]): Metric | null {
  const costs = cases.flatMap((one) => one.costUsd ?? [])
  const silent = cases.some((one) => one.costUsd === null && !one.cached && one.outcome !== 'errored')
  return costs.length === 0 || silent ? null : metric(sum(costs), costs.length, null)
}

function latency(cases: TestedCase[], q: number): Metric | null {
  const values = cases.flatMap((one) => one.latencyMs ?? [])
  const value = quantile(values, q)
  return value === null ? null : metric(value, values.length, null)
}

/** The clustered standard error where cases repeat, as repeats of a case are not independent; else null. */
function spread(cases: TestedCase[], values: number[]): number | null {
  if (!cases.some((one) => one.repeat > 1)) return null
  // With a single cluster nothing is known of other cases; NaN is left out of the evidence.
  return (
    clusteredStandardError(
      values,
      cases.map((one) => one.id),
    ) ?? Number.NaN
  )
}

function metric(value: number, n: number, stderr: number | null): Metric {
  return { value, n, ...(stderr !== null && Number.isFinite(stderr) ? { stderr } : {}) }
}
