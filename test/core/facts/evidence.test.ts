// Evidence from a run: what is taken, and each way to be refused.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Evidence, parseEvidence, summarize } from '../../../src/core/facts/evidence.ts'

const expected = { request: '01JREQUEST', sha: 'a'.repeat(40) }
const good = {
  andon: 1,
  ...expected,
  tool: { name: 'promptfoo', version: '0.123.1' },
  started: '2026-11-22T10:00:00Z',
  metrics: { accuracy: { value: 0.93, n: 200, stderr: 0.018 } },
  cases: [
    { id: 'refund-1', repeat: 1, pass: true, score: 0.9, scores: { helpfulness: 0.8 }, latency_ms: 812, error: null },
  ],
}
const bytes = (text: string) => new TextEncoder().encode(text)
const take = (text: string) => parseEvidence(bytes(text), expected)
const json = (more: object) => JSON.stringify({ ...good, ...more })
const refusal = (text: string) => {
  const taken = take(text)
  return taken.ok ? 'taken' : `${taken.reason}: ${taken.message}`
}

it('is taken as it was handed in', () => {
  expect(take(json({}))).toEqual({ ok: true, evidence: good })
})

describe('is refused', () => {
  it.each([
    [
      'for another request',
      json({ request: '01JOTHER' }),
      'evidence-for-other-request: The evidence is for request 01JOTHER; 01JREQUEST was asked.',
    ],
    [
      'for another commit',
      json({ sha: 'b'.repeat(40) }),
      `evidence-for-other-commit: The evidence is for commit ${'b'.repeat(40)}; ${'a'.repeat(40)} is under test.`,
    ],
    [
      'that is no JSON',
      '{"andon": 1,\n oops}',
      'evidence-malformed: The evidence cannot be read: line 2, column 2: this is not JSON.',
    ],
    ['that is nothing', '', 'evidence-malformed: The evidence cannot be read: line 1, column 1: this is not JSON.'],
    [
      'with a bare NaN',
      '{"metrics":\n  {"a": {"value": NaN}}}',
      'evidence-malformed: The evidence cannot be read: line 2, column 19: NaN is not a number in JSON.',
    ],
    [
      'with a bare -Infinity',
      '{"a": -Infinity}',
      'evidence-malformed: The evidence cannot be read: line 1, column 7: -Infinity is not a number in JSON.',
    ],
    [
      'with 1e400',
      json({}).replace('0.93', '1e400'),
      'evidence-malformed: The evidence does not have the form it must have: at metrics.accuracy.value: `value` must be a number, and is Infinity.',
    ],
    [
      'with a negative n',
      json({ metrics: { a: { value: 1, n: -3 } } }),
      'evidence-malformed: The evidence does not have the form it must have: at metrics.a.n: `n` must be at least 0.',
    ],
    [
      'with half a case',
      json({ metrics: { a: { value: 1, n: 1.5 } } }),
      'evidence-malformed: The evidence does not have the form it must have: at metrics.a.n: `n` must be a whole number, and is 1.5.',
    ],
    [
      'with a number as text',
      json({ metrics: { a: { value: '0.99' } } }),
      'evidence-malformed: The evidence does not have the form it must have: at metrics.a.value: `value` must be a number, and is the text "0.99".',
    ],
    [
      'with a doubled metric',
      json({}).replace('"accuracy":', '"accuracy":{"value":1},"accuracy":'),
      'evidence-malformed: The evidence cannot be read: line 1, column 199: the key "accuracy" stands here twice.',
    ],
    [
      'with a doubled case',
      json({ cases: [good.cases[0], good.cases[0]] }),
      'evidence-malformed: The evidence holds case refund-1 (repeat 1) twice, the second time at cases.1.',
    ],
    [
      'without metrics',
      JSON.stringify({ andon: 1, ...expected }),
      'evidence-malformed: The evidence does not have the form it must have: at metrics: `metrics` is missing.',
    ],
    [
      'of another form of Andon’s',
      json({ andon: 2 }),
      'evidence-malformed: The evidence does not have the form it must have: at andon: `andon` must be `1`, and is 2.',
    ],
  ])('%s', (_, text, sentence) => expect(refusal(text)).toBe(sentence))

  it('with a key that reaches for the prototype, however it is spelled', () => {
    for (const key of ['__proto__', '\\u005f_proto__']) {
      expect(refusal(json({}).replace('"metrics":{', `"metrics":{"${key}":{"value":1},`))).toContain(
        '`__proto__` cannot be a key',
      )
    }
  })

  it('when it is not UTF-8', () => {
    const text = bytes(json({}))
    text[20] = 0xff
    expect(parseEvidence(text, expected)).toMatchObject({
      ok: false,
      reason: 'evidence-malformed',
      message: 'The evidence is not UTF-8 text.',
    })
  })

  it('when it is huge: in bytes, in cases, in metrics, in depth', () => {
    expect(parseEvidence(new Uint8Array(10 * 1024 * 1024 + 1), expected)).toMatchObject({
      reason: 'evidence-too-large',
    })
    expect(refusal(json({ cases: Array.from({ length: 100_001 }, () => 0) }))).toBe(
      'evidence-too-large: The evidence has 100001 cases; 100000 is the most.',
    )
    const metrics = Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => [`m${at}`, { value: 1 }]))
    expect(refusal(json({ metrics }))).toBe('evidence-too-large: The evidence has 1001 metrics; 1000 is the most.')
    expect(refusal(`{"arms":${'['.repeat(5_000_000)}`)).toContain('nested more than 32 levels deep')
    expect(refusal(json({ request: 'x'.repeat(9_000_000) }))).toContain('at most 64 characters')
  })

  it('with a sentence that is short, however long its names are', () => {
    expect(refusal(json({ metrics: { ['x'.repeat(1_000_000)]: { value: 1 } } })).length).toBeLessThan(700)
  })

  it('and never thrown at', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      'null',
      '1',
      'NaN',
      '"a"',
      ' ',
      '\n',
      '-',
      '1e999',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => void take(pieces.join(''))),
      { numRuns: 2000 },
    )
    fc.assert(fc.property(fc.json(), (text) => !take(text).ok))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (any) => !parseEvidence(any, expected).ok))
  })
})

it('is summed up without its cases', () => {
  const cases: Evidence['cases'] = [
    { id: '1', pass: true, scores: { help: 1 } },
    { id: '2', pass: false, scores: { help: 0, safe: 1 } },
    { id: '3', pass: true, error: 'timeout' },
    { id: '4' },
    { id: '5', pass: null, score: 0.4 },
    { id: '6', pass: true, error: '' },
  ]
  const { cases: counted, ...rest } = summarize({ ...good, cases } as Evidence)
  expect(counted).toEqual({ total: 6, passed: 2, failed: 1, errored: 1, unscored: 1, scored: { help: 2, safe: 1 } })
  expect(rest.metrics).toEqual(good.metrics)
  expect(summarize({ ...good, cases: undefined } as unknown as Evidence)).not.toHaveProperty('cases')
})
