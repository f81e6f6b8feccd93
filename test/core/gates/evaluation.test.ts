// Numbers against criteria, and what happens to cases that gave none.
import { describe, expect, it } from 'vitest'
import type { EvidenceSummary } from '../../../src/core/facts/evidence.ts'
import { evaluationGate } from '../../../src/core/gates/evaluation.ts'

const settings = (metrics: object) => evaluationGate.settings.parse({ workflow: 'andon-evaluate.yml', metrics })
const evidence = (metrics: EvidenceSummary['metrics'], cases?: EvidenceSummary['cases']): EvidenceSummary => ({
  andon: 1,
  request: '01J',
  sha: 'a'.repeat(40),
  metrics,
  ...(cases ? { cases } : {}),
})
const judge = (metrics: object, given: EvidenceSummary) =>
  evaluationGate.judge({ evidence: given, runUrl: 'https://github.example/run' }, settings(metrics))
const counts = (total: number, errored: number, more: object = {}) => ({
  total,
  passed: total - errored,
  failed: 0,
  errored,
  unscored: 0,
  ...more,
})

describe('a metric', () => {
  it('meets its bound exactly', () => {
    const judged = judge(
      { accuracy: { min: 0.9 }, toxicity: { max: 0.005 } },
      evidence({ accuracy: { value: 0.9, n: 200 }, toxicity: { value: 0.005 } }),
    )
    expect(judged).toMatchObject({ verdict: 'pass', reason: 'criteria-met', urls: ['https://github.example/run'] })
    expect(judged.rows).toEqual([
      { name: 'accuracy', value: 0.9, criterion: '≥ 0.9', met: true, n: 200 },
      { name: 'toxicity', value: 0.005, criterion: '≤ 0.005', met: true },
    ])
  })

  it('misses it by a hair, and the number is said', () => {
    const judged = judge({ accuracy: { min: 0.9 } }, evidence({ accuracy: { value: 0.8999999, n: 200 } }))
    expect(judged).toMatchObject({
      verdict: 'fail',
      reason: 'criteria-missed',
      detail: ['accuracy is 0.8999999, and must be ≥ 0.9'],
    })
  })

  it('that the evidence lacks fails with its own reason, though the others pass', () => {
    const judged = judge({ accuracy: { min: 0.9 }, safety: { min: 1 } }, evidence({ accuracy: { value: 1 } }))
    expect(judged).toMatchObject({
      verdict: 'fail',
      reason: 'metric-missing',
      detail: ['safety was not measured, and must be ≥ 1 (the evidence does not hold it)'],
    })
  })

  it('with a name every object has is not found in its prototype', () => {
    expect(judge({ constructor: { min: 0 } }, evidence({})).reason).toBe('metric-missing')
  })

  it('measured on no case is not measured', () => {
    expect(judge({ accuracy: { min: 0.5 } }, evidence({ accuracy: { value: 1, n: 0 } })).reason).toBe('metric-missing')
  })

  it('is bounded on both sides', () => {
    expect(judge({ length: { min: 10, max: 20 } }, evidence({ length: { value: 21 } })).rows?.[0]).toMatchObject({
      criterion: '10 – 20',
      met: false,
    })
  })
})

describe('cases without a result', () => {
  it('count as lost where more is better', () => {
    const judged = judge({ accuracy: { min: 0.9 } }, evidence({ accuracy: { value: 0.94, n: 180 } }, counts(200, 20)))
    expect(judged.verdict).toBe('fail')
    expect(judged.rows?.[0]).toMatchObject({
      value: 0.846,
      met: false,
      note: 'measured 0.94; 20 of 200 cases have no result and count against it',
    })
  })

  it('count as bad where less is better', () => {
    const judged = judge({ toxicity: { max: 0.05 } }, evidence({ toxicity: { value: 0, n: 180 } }, counts(200, 20)))
    expect(judged.rows?.[0]).toMatchObject({ value: 0.1, met: false })
  })

  it('change nothing where the bound holds all the same', () => {
    expect(
      judge({ accuracy: { min: 0.9 } }, evidence({ accuracy: { value: 1, n: 199 } }, counts(200, 1))).verdict,
    ).toBe('pass')
  })

  it('count where the tool does not say over how many cases it measured', () => {
    const judged = judge(
      { accuracy: { min: 0.9 } },
      evidence({ accuracy: { value: 0.95 } }, counts(100, 5, { unscored: 5 })),
    )
    expect(judged.rows?.[0]).toMatchObject({ value: 0.855, met: false })
  })

  it('that were simply left out count, too: dropping the hard ones does not help', () => {
    expect(
      judge({ accuracy: { min: 0.9 } }, evidence({ accuracy: { value: 1, n: 100 } }, counts(200, 0))).rows?.[0],
    ).toMatchObject({ value: 0.5, met: false })
  })

  it('do not count twice where the tool counted them already', () => {
    expect(
      judge({ accuracy: { min: 0.9 } }, evidence({ accuracy: { value: 0.9, n: 200 } }, counts(200, 20))).verdict,
    ).toBe('pass')
  })

  it('leave a metric of some cases alone, but for the errored ones', () => {
    const given = evidence({ helpful: { value: 0.9, n: 50 } }, counts(200, 2, { scored: { helpful: 50 } }))
    expect(judge({ helpful: { min: 0.9 } }, given).rows?.[0]).toMatchObject({ value: 0.891, met: false })
    expect(judge({ helpful: { min: 0.89 } }, given).verdict).toBe('pass')
  })

  it('cannot worsen what has no worst, as milliseconds', () => {
    const judged = judge({ latency: { max: 900 } }, evidence({ latency: { value: 812, n: 199 } }, counts(200, 1)))
    expect(judged).toMatchObject({
      verdict: 'pass',
      rows: [{ value: 812, note: 'measured 812; 1 of 200 cases have no result and count against it' }],
    })
  })
})

describe('no evidence', () => {
  it('is an error with the run’s own reason', () => {
    const judged = evaluationGate.judge(
      { reason: 'run-timed-out', detail: 'It ran 45 minutes.', runUrl: null },
      settings({ a: { min: 1 } }),
    )
    expect(judged).toEqual({ verdict: 'error', reason: 'run-timed-out', detail: ['It ran 45 minutes.'] })
  })

  it('never passes, whatever reason it comes with', () => {
    const judged = evaluationGate.judge(
      { reason: 'criteria-met', detail: null, runUrl: null },
      settings({ a: { min: 1 } }),
    )
    expect(judged.verdict).toBe('error')
  })
})

describe('the settings', () => {
  it('refuse criteria that a later version brings, in one sentence', () => {
    const parsed = evaluationGate.settings.safeParse({
      workflow: 'a.yml',
      metrics: { helpful: { compare: 'production' } },
    })
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([
      '`compare` is not available in this version of Andon; use `min` or `max`.',
    ])
  })

  it.each(['../a.yml', '.github/workflows/a.yml', 'a.sh', ''])('refuse %j as a workflow', (workflow) => {
    expect(evaluationGate.settings.safeParse({ workflow, metrics: { a: { min: 1 } } }).success).toBe(false)
  })

  it('are what the workflow is asked', () => {
    const own = evaluationGate.settings.parse({
      workflow: 'a.yml',
      metrics: { a: { min: 1 } },
      with: { suite: 'golden' },
    })
    expect(evaluationGate.question({} as never, own)).toEqual({
      ask: 'workflow',
      file: 'a.yml',
      criteria: { a: { min: 1 } },
      with: { suite: 'golden' },
      timeoutMinutes: 60,
    })
  })
})
