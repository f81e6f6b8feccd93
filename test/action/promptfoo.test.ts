// promptfoo's JSON, with every trap it is known to set.
import { describe, expect, test } from 'vitest'
import { errored, failed, promptfoo, row } from './support/promptfoo.ts'
import { evidenceOf, fixture, read, refusal } from './support/read.ts'

describe('real files of promptfoo 0.123.1', () => {
  const counts = { production: 56, 'candidate-better': 59, 'candidate-worse': 44 }
  test.each(Object.entries(counts))('%s: %i of 60 pass', (name, passes) => {
    const record = read(fixture(`promptfoo-${name}.json`))
    expect(record.cases).toHaveLength(60)
    expect(record.cases.filter((one) => one.outcome === 'passed')).toHaveLength(passes)
    expect(record.tool).toEqual({ name: 'promptfoo', version: '0.123.1' })
    const { evidence, warnings } = evidenceOf([record])
    expect(evidence.metrics.accuracy).toMatchObject({ value: passes / 60, n: 60 })
    expect(evidence.metrics.pass_rate).toMatchObject({ value: passes / 60, n: 60 })
    expect(warnings).toEqual([])
  })

  test('the same suite has the same case ids and the same digest in production and in a candidate', () => {
    const production = evidenceOf([read(fixture('promptfoo-production.json'))]).evidence
    const candidate = evidenceOf([read(fixture('promptfoo-candidate-worse.json'))]).evidence
    expect(candidate.cases?.map((one) => one.id)).toEqual(production.cases?.map((one) => one.id))
    expect(candidate.suite?.digest).toBe(production.suite?.digest)
    expect(production.cases?.[0]?.id).toMatch(/^complaint-01 \([0-9a-f]{12}\)$/)
  })

  test('the run is dated by its own start and length', () => {
    const { evidence } = evidenceOf([read(fixture('promptfoo-production.json'))])
    expect([evidence.started, evidence.ended]).toEqual(['2026-11-22T21:25:48.473Z', '2026-11-22T21:25:48.756Z'])
  })
})

describe('what became of a case', () => {
  const outcome = (one: object) => read(promptfoo([one as Record<string, unknown>])).cases[0]?.outcome

  test('failureReason 2 is an error, 1 a failure, whatever else is written', () => {
    expect(outcome(errored('a'))).toBe('errored')
    expect(outcome(failed('a'))).toBe('failed')
    expect(outcome(row('a', { failureReason: 2 }))).toBe('errored')
    expect(outcome(row('a', { failureReason: 1 }))).toBe('failed')
  })

  test('without failureReason, an error that was never graded is an error', () => {
    const old = { success: false, failureReason: undefined, error: 'ECONNREFUSED' }
    expect(outcome(row('a', { ...old, gradingResult: null }))).toBe('errored')
    expect(outcome(row('a', old))).toBe('failed')
  })

  test('a case without a yes or a no is unscored, and no pass', () => {
    expect(outcome(row('a', { success: 'true' }))).toBe('unscored')
    expect(outcome(row('a', { success: undefined }))).toBe('unscored')
  })
})

describe('the denominator', () => {
  test('errored and unscored cases stay in it', () => {
    const record = read(promptfoo([row('a'), failed('b'), errored('c'), row('d', { success: null })]))
    const { evidence } = evidenceOf([record])
    expect(evidence.metrics.pass_rate).toMatchObject({ value: 0.25, n: 4 })
    expect(evidence.metrics.error_rate).toMatchObject({ value: 0.25, n: 4 })
    expect(evidence.cases?.map((one) => [one.pass, one.error])).toEqual([
      [true, null],
      [false, null],
      [null, 'timeout'],
      [null, null],
    ])
  })

  test('cases that the file counts but does not hold come back as errors', () => {
    const stats = { successes: 5, failures: 0, errors: 0, durationMs: 1 }
    const { evidence, warnings } = evidenceOf([read(promptfoo([row('a'), row('b')], { stats }))])
    expect(evidence.metrics.pass_rate).toMatchObject({ value: 0.4, n: 5 })
    expect(warnings[0]).toContain('count 5 results, but it holds 2')
  })

  test('statistics that lie upwards about passes change nothing', () => {
    const stats = { successes: 2, failures: 0, errors: 0, durationMs: 1 }
    const { evidence } = evidenceOf([read(promptfoo([failed('a'), failed('b')], { stats }))])
    expect(evidence.metrics.pass_rate?.value).toBe(0)
  })
})

describe('which case is which', () => {
  const ids = (rows: Record<string, unknown>[]) =>
    evidenceOf([read(promptfoo(rows))]).evidence.cases?.map((one) => one.id)

  test('a new case at the top shifts every index and no id', () => {
    const before = ids([row('a', { testIdx: 0 }), row('b', { testIdx: 1 })])
    const after = ids([row('new', { testIdx: 0 }), row('a', { testIdx: 1 }), row('b', { testIdx: 2 })])
    expect(after?.slice(1)).toEqual(before)
  })

  test('one description on two different cases stays two cases', () => {
    const [one, two] = ids([row('a'), row('a', { testCase: { description: 'a', vars: { question: 'other' } } })]) ?? []
    expect(one).not.toBe(two)
  })

  test('the order of keys in a test case does not matter', () => {
    const left = row('a', { testCase: { description: 'a', vars: { x: 1, y: 2 } } })
    const right = row('a', { testCase: { vars: { y: 2, x: 1 }, description: 'a' } })
    expect(ids([left])).toEqual(ids([right]))
  })

  test('repeats share testIdx, and are counted as repeats of one case', () => {
    const { evidence } = evidenceOf([read(promptfoo([row('a'), row('a'), failed('a'), row('b')]))])
    expect(evidence.cases?.map((one) => one.repeat)).toEqual([1, 2, 3, 1])
    expect(new Set(evidence.cases?.map((one) => one.id)).size).toBe(2)
    expect(evidence.metrics.pass_rate).toMatchObject({ value: 0.75, n: 4 })
  })

  test('several providers and prompts in one file are told apart, though they share testIdx', () => {
    const rows = [
      row('a'),
      row('a', { provider: { id: 'file://model.mjs', label: 'other' } }),
      row('a', { promptIdx: 1, promptId: 'ccccccccdddddddd' }),
      row('a', { provider: 'plain-text-provider' }),
    ]
    expect(new Set(ids(rows)).size).toBe(4)
    expect(ids(rows)?.[1]).toMatch(/^a \([0-9a-f]{12}\) \[other \/ aaaaaaaabbbb\]$/)
  })

  test('prompts that are filled in differently for each case are still one prompt', () => {
    const without = (name: string) =>
      row(name, { promptId: undefined, prompt: { raw: `Say ${name}`, label: 'Say {{question}}' } })
    expect(ids([without('a'), without('b')])?.every((id) => !id.includes('['))).toBe(true)
  })
})

describe('cached repeats', () => {
  test('add no certainty, are named, and their latency is not the model’s', () => {
    const cached = { response: { output: 'yes', cached: true }, latencyMs: 1 }
    const rows = [row('a'), failed('b'), row('a', cached), failed('b', cached)]
    const { evidence, warnings } = evidenceOf([read(promptfoo(rows))])
    const once = evidenceOf([read(promptfoo([row('a'), failed('b')]))]).evidence
    expect(evidence.metrics.pass_rate?.stderr).toBeCloseTo(once.metrics.pass_rate?.stderr ?? 0, 12)
    expect(evidence.metrics.latency_ms_p50).toEqual({ value: 100, n: 2 })
    expect(warnings).toEqual([expect.stringContaining('2 repeats came out of the tool')])
  })
})

describe('version 2', () => {
  test('has a table and no prompts, and is read', () => {
    const file = promptfoo([row('a'), failed('b')], { version: 2, prompts: undefined, table: { head: {}, body: [] } })
    expect(read(file).cases.map((one) => one.outcome)).toEqual(['passed', 'failed'])
  })

  test('without test cases the variables tell the cases apart', () => {
    const old = (question: string) => row(question, { testCase: undefined, vars: { question } })
    const { evidence } = evidenceOf([read(promptfoo([old('x'), old('y')], { version: 2 }))])
    expect(evidence.cases?.map((one) => one.repeat)).toEqual([1, 1])
    expect(evidence.cases?.[0]?.id).toMatch(/^case \(/)
  })

  test('an unknown version is refused with the known ones', () => {
    expect(refusal(promptfoo([row('a')], { version: 4 }))).toContain('Known are 2 and 3.')
  })
})

describe('what a result may hold by accident or on purpose', () => {
  test('a score that is no number is no score', () => {
    const assert = [{ type: 'equals', metric: 'accuracy' }]
    const odd = { namedScores: { accuracy: '1' }, testCase: { description: 'b', vars: {}, assert } }
    const { evidence } = evidenceOf([read(promptfoo([row('a', { namedScores: { accuracy: 1 } }), row('b', odd)]))])
    expect(evidence.metrics.accuracy).toMatchObject({ value: 0.5, n: 2 })
  })

  test('names such as __proto__ reach neither the evidence nor a prototype', () => {
    const text = JSON.stringify(promptfoo([row('a')])).replace(
      '"namedScores":{}',
      '"namedScores":{"__proto__":1,"constructor":0.5}',
    )
    const { evidence } = evidenceOf([read(text)])
    expect(Object.keys(evidence.metrics)).not.toContain('__proto__')
    expect(evidence.metrics.constructor).toMatchObject({ value: 0.5 })
    expect(Object.getPrototypeOf(evidence.metrics)).toBe(Object.prototype)
  })

  test('a result that is no object is refused with its place', () => {
    expect(refusal(promptfoo([row('a'), 'oops' as never]))).toContain('`results.results[1]`')
  })

  test('the message of an error loses what looks like a credential', () => {
    const error =
      'API error 401: Incorrect API key provided: sk-proj-abcDEF0123456789abcDEF0123456789 Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.x'
    const [one] = read(promptfoo([errored('a', { error })])).cases
    expect(one?.error).toContain('API error 401')
    expect(one?.error).not.toMatch(/sk-proj|abcDEF|eyJ/)
  })

  test('a failed case does not carry the model’s answer into the evidence', () => {
    const { evidence } = evidenceOf([read(promptfoo([failed('a', { error: 'Expected "jane@example.com"' })]))])
    expect(JSON.stringify(evidence)).not.toContain('jane@')
  })
})
