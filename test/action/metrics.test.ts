// The numbers that a run offers, and what counts against the change in each.
import { describe, expect, test } from 'vitest'
import { MAX_EVIDENCE_BYTES, makeEvidence } from '../../action/evaluate/evidence.ts'
import { readMapping } from '../../action/evaluate/mapping.ts'
import { mergeRecords } from '../../action/evaluate/merge.ts'
import { sentence } from '../../src/core/facts/problem.ts'
import { UNPACKED_LIMIT } from '../../src/github/evidence.ts'
import { errored, failed, promptfoo, row } from './support/promptfoo.ts'
import { evidenceOf, read, SHA } from './support/read.ts'

const scored = (name: string, scores: Record<string, number>, changes: object = {}) => {
  const assert = ['toxicity', 'helpfulness'].map((metric) => ({ type: 'llm-rubric', metric }))
  return row(name, { namedScores: scores, testCase: { description: name, vars: { name }, assert }, ...changes })
}

describe('a named score', () => {
  test('is a mean with its sample standard error', () => {
    const rows = [0.91, 0.42, 0.77, 1, 0, 0.63, 0.88, 0.5].map((helpfulness, index) =>
      scored(`c${index}`, { helpfulness, toxicity: 0 }),
    )
    // scipy.stats.sem of the same values
    expect(evidenceOf([read(promptfoo(rows))]).evidence.metrics.helpfulness).toMatchObject({
      value: expect.closeTo(0.63875, 12),
      n: 8,
      stderr: expect.closeTo(0.11608859763129194, 12),
    })
  })

  test('counts 0 for a case that owes it and errored, and says so', () => {
    const assert = [{ type: 'llm-rubric', metric: 'helpfulness' }]
    const lost = errored('b', { testCase: { description: 'b', vars: {}, assert } })
    const { evidence, warnings } = evidenceOf([read(promptfoo([row('a', { namedScores: { helpfulness: 1 } }), lost]))])
    expect(evidence.metrics.helpfulness).toMatchObject({ value: 0.5, n: 2 })
    expect(warnings).toEqual(['One case has no `helpfulness`: for `helpfulness` that counts as the lowest value.'])
  })

  test('counts 1 for it where the policy sets an upper limit: an error must not make a model look harmless', () => {
    const rows = [scored('a', { toxicity: 0 }), scored('b', {}, { success: false, failureReason: 2, error: 'x' })]
    const { evidence } = evidenceOf([read(promptfoo(rows))], { criteria: { toxicity: { max: 0.005 } } })
    expect(evidence.metrics.toxicity).toMatchObject({ value: 0.5, n: 2 })
  })

  test('is not owed by cases that do not assert it', () => {
    const { evidence } = evidenceOf([
      read(promptfoo([scored('a', { toxicity: 0.2, helpfulness: 1 }), row('b'), failed('c')])),
    ])
    expect(evidence.metrics.toxicity).toMatchObject({ value: 0.2, n: 1 })
  })

  test('is owed by an errored case whose assertions are not told, or are named by a template', () => {
    const template = [{ type: 'equals', metric: '{{category}}' }]
    const rows = [
      row('a', { namedScores: { safety: 1 } }),
      errored('b', { testCase: { description: 'b' } }),
      errored('c', { testCase: { description: 'c', assert: template } }),
    ]
    expect(evidenceOf([read(promptfoo(rows))]).evidence.metrics.safety).toMatchObject({ value: 1 / 3, n: 3 })
  })

  test('is a mean over the assertions of its name, where an older file holds their sum', () => {
    const part = { pass: true, score: 1, assertion: { type: 'equals', metric: 'accuracy' } }
    const sum = { namedScores: { accuracy: 2 }, gradingResult: { componentResults: [part, part] } }
    const weighted = {
      namedScores: { accuracy: 1 },
      gradingResult: { componentResults: [part, part], namedScoreWeights: { accuracy: 2 } },
    }
    expect(evidenceOf([read(promptfoo([row('a', sum)]))]).evidence.metrics.accuracy?.value).toBe(1)
    expect(evidenceOf([read(promptfoo([row('a', weighted)]))]).evidence.metrics.accuracy?.value).toBe(1)
  })

  test('inside an assertion set is owed like any other', () => {
    const assert = [{ type: 'assert-set', assert: [{ type: 'equals', metric: 'deep' }] }]
    const rows = [row('a', { namedScores: { deep: 1 } }), errored('b', { testCase: { description: 'b', assert } })]
    expect(evidenceOf([read(promptfoo(rows))]).evidence.metrics.deep).toMatchObject({ value: 0.5, n: 2 })
  })
})

describe('cost', () => {
  test('is the sum, where every measured case names its own', () => {
    const { evidence } = evidenceOf([read(promptfoo([row('a'), failed('b'), errored('c')]))])
    expect(evidence.metrics.cost_usd).toEqual({ value: 0.002, n: 2 })
  })

  test('is not measured where some cases are silent: part of a bill looks like a low one', () => {
    const { evidence } = evidenceOf([read(promptfoo([row('a'), row('b', { response: {}, cost: 0 })]))])
    expect(evidence.metrics).not.toHaveProperty('cost_usd')
  })
})

test('latency is a type 7 quantile over what was measured, at any percent', () => {
  const rows = [100, 200, 300, 400].map((latencyMs) => row(`c${latencyMs}`, { latencyMs }))
  const mapping = [{ name: 'slow', source: 'latency_ms_p90' }]
  const { evidence } = evidenceOf([read(promptfoo([...rows, errored('x')]))], { mapping })
  expect(evidence.metrics.latency_ms_p50).toEqual({ value: 250, n: 4 })
  expect(evidence.metrics.slow).toEqual({ value: expect.closeTo(370, 9), n: 4 })
})

test('one case repeated has no standard error: nothing is known of other cases', () => {
  const { evidence } = evidenceOf([read(promptfoo([row('a'), failed('a')]))])
  expect(evidence.metrics.pass_rate).toEqual({ value: 0.5, n: 2 })
})

describe('the input `metrics`', () => {
  const run = () => {
    const merged = mergeRecords([
      read(promptfoo([row('a', { namedScores: { pass_rate: 0.3, 'answer relevance': 0.9 } })])),
    ])
    if (!merged.ok) throw new Error('not merged')
    return merged.value
  }
  const make = (lines: string[]) => {
    const mapping = readMapping(lines)
    if (!mapping.ok) return mapping.problems.map(sentence).join('\n')
    const request = { request: '01JR', gate: null, sha: SHA, criteria: new Map() }
    const made = makeEvidence(run(), request, mapping.value, '')
    return made.ok ? made.value.evidence.metrics : made.problems.map(sentence).join('\n')
  }

  test('gives measured numbers names of your own', () => {
    expect(make(['# ours', '', 'quality = answer relevance', 'pass = pass_rate'])).toMatchObject({
      quality: { value: 0.9, n: 1 },
      pass: { value: 1, n: 1 },
    })
  })

  test('reaches a score that bears the name of a built-in metric', () => {
    expect(make(['own = score:pass_rate'])).toMatchObject({
      own: { value: 0.3 },
      pass_rate: { value: 1 },
      'score:pass_rate': { value: 0.3 },
    })
  })

  test('refuses a source that was not measured, and names those that were', () => {
    expect(make(['x = nothing'])).toBe(
      'The input `metrics` asks for `nothing`, which was not measured. Measured were: pass_rate, error_rate, cost_usd, latency_ms_p50, latency_ms_p95, answer relevance, score:pass_rate.',
    )
  })

  test('refuses lines that are none, all at once and with their line', () => {
    expect(make(['accuracy', 'a = b', 'a = c', '= x', '__proto__ = pass_rate'])).toMatch(
      /^line 1, .*\nline 3, .*twice.*\nline 4, .*\nline 5, .*not allowed/,
    )
  })
})

test('a metric that the policy asks for and nobody measured is named with those there are', () => {
  const { evidence, warnings } = evidenceOf([read(promptfoo([row('a')]))], { criteria: { accuracy: { min: 0.9 } } })
  expect(evidence.metrics).not.toHaveProperty('accuracy')
  expect(warnings).toEqual([
    expect.stringMatching(/^The policy asks for `accuracy`, which was not measured\. Measured were: pass_rate,/),
  ])
})

test('evidence that the app would refuse for its size is not handed in, but says so', () => {
  expect(MAX_EVIDENCE_BYTES).toBe(UNPACKED_LIMIT)
  const rows = Array.from({ length: 60_000 }, (_, index) => row(`${'long description '.repeat(10)}${index}`))
  expect(() => evidenceOf([read(promptfoo(rows))])).toThrow(
    /would be \d\d MB large; Andon takes at most 12 MB\. Split the suite/,
  )
})
