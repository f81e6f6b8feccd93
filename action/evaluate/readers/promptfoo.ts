// Reads promptfoo's JSON results, versions 2 and 3.
import { z } from 'zod'
import type { Checked } from '../../../src/core/facts/problem.ts'
import { oneLine, redact } from '../../shared/plain.ts'
import { type CaseRecord, contentDigest, instant, later, type Outcome, type Reading } from './record.ts'

// A field of the wrong type is read as absent: an absent score counts against the change, so nothing is gained by it.
const text = z.string().nullish().catch(null)
const number = z.number().nullish().catch(null)
const amount = z.number().min(0).nullish().catch(null)
const numbers = z.record(z.string(), z.number().nullable().catch(null)).nullish().catch(null)

const assertionSchema = z.object({ metric: text, assert: z.array(z.unknown()).nullish().catch(null) })

const rowSchema = z.object({
  success: z.boolean().nullish().catch(null),
  failureReason: number,
  error: text,
  score: number,
  latencyMs: amount,
  cost: amount,
  namedScores: numbers,
  promptId: text,
  prompt: z.object({ label: text }).nullish().catch(null),
  provider: z
    .union([z.string(), z.object({ id: text, label: text })])
    .nullish()
    .catch(null),
  vars: z.unknown().optional(),
  testCase: z.record(z.string(), z.unknown()).nullish().catch(null),
  response: z
    .object({ cached: z.boolean().nullish().catch(null), cost: amount })
    .nullish()
    .catch(null),
  gradingResult: z
    .object({
      namedScoreWeights: numbers,
      componentResults: z
        .array(
          z
            .object({ assertion: z.object({ metric: text }).nullish().catch(null) })
            .nullable()
            .catch(null),
        )
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
})

type Row = z.infer<typeof rowSchema>

const count = z.number().int().min(0).max(1_000_000).catch(0)

const fileSchema = z.object({
  config: z.object({ description: text }).nullish().catch(null),
  metadata: z.object({ promptfooVersion: text }).nullish().catch(null),
  results: z.object({
    version: z.union([z.literal(2), z.literal(3)]),
    timestamp: text,
    results: z.array(z.unknown()),
    stats: z.object({ successes: count, failures: count, errors: count, durationMs: amount }).nullish().catch(null),
  }),
})

/** True for what promptfoo writes, of any version: `results.version` and a list at `results.results`. */
export function isPromptfoo(json: unknown): boolean {
  const shape = z.object({ results: z.object({ version: z.number(), results: z.array(z.unknown()) }) })
  return shape.safeParse(json).success
}

export function readPromptfoo(json: unknown): Checked<Reading> {
  const file = fileSchema.safeParse(json)
  if (!file.success) {
    const message = 'these promptfoo results are of a version that is not known here.'
    return { ok: false, problems: [{ path: 'results.version', message, remedy: 'Known are 2 and 3.' }] }
  }
  const { results, config, metadata } = file.data
  const cases: CaseRecord[] = []
  for (const [index, raw] of results.results.entries()) {
    const row = rowSchema.safeParse(raw)
    if (!row.success) {
      const path = `results.results[${index}]`
      return {
        ok: false,
        problems: [{ path, message: `\`${path}\` is not a result.`, remedy: 'Run promptfoo again.' }],
      }
    }
    cases.push(readRow(row.data))
  }
  const warnings = missingCases(results.stats, cases)
  const started = instant(results.timestamp)
  return {
    ok: true,
    value: {
      format: 'promptfoo',
      tool: { name: 'promptfoo', version: metadata?.promptfooVersion ?? null },
      suite: config?.description ?? null,
      started,
      ended: later(started, results.stats?.durationMs),
      cases,
      warnings,
    },
  }
}

function readRow(row: Row): CaseRecord {
  const { description, vars, assert, threshold } = row.testCase ?? {}
  const key = contentDigest({ description, vars: vars ?? row.vars, assert, threshold })
  const name = typeof description === 'string' ? oneLine(description) : ''
  const outcome = outcomeOf(row)
  const cached = row.response?.cached === true
  return {
    key,
    title: name,
    label: `${name || 'case'} (${key.slice(0, 12)})`,
    arm: armOf(row),
    outcome,
    score: outcome === 'errored' ? null : (row.score ?? null),
    scores: outcome === 'errored' ? new Map() : scoresOf(row),
    expected: expectedScores(assert),
    error: outcome === 'errored' ? redact(row.error ?? '') || 'the tool named no error' : null,
    // A cached answer has the latency of the cache, and an error often has none: neither is the model's.
    latencyMs: cached || (outcome === 'errored' && !row.latencyMs) ? null : (row.latencyMs ?? null),
    // promptfoo may write a cost of 0 for "not known"; the provider's own word, or more than 0, is a cost.
    costUsd: row.response?.cost ?? (row.cost ? row.cost : null),
    cached,
  }
}

/** `failureReason` 2 is an error. Files from before that field have an error and no grading instead. */
function outcomeOf(row: Row): Outcome {
  if (row.failureReason === 2) return 'errored'
  if (row.failureReason === null || row.failureReason === undefined) {
    if (row.error && !row.gradingResult) return 'errored'
  }
  if (row.success === true) return row.failureReason === 1 ? 'failed' : 'passed'
  return row.success === false ? 'failed' : 'unscored'
}

function armOf(row: Row): string {
  const provider = typeof row.provider === 'string' ? row.provider : row.provider?.label || row.provider?.id
  // Not `prompt.raw`, which is filled in and so another for every case.
  const prompt = row.promptId ?? (row.prompt?.label ? contentDigest(row.prompt.label) : '')
  return `${oneLine(provider ?? '', 120)} / ${oneLine(prompt).slice(0, 12)}`
}

/** Named scores as means: a file without weights holds the sum over the assertions of that name. */
function scoresOf(row: Row): Map<string, number> {
  const scores = new Map<string, number>()
  for (const [name, value] of Object.entries(row.namedScores ?? {})) {
    if (value === null || !isScoreName(name)) continue
    const graded = row.gradingResult
    const parts = graded?.componentResults?.filter((part) => part?.assertion?.metric === name).length ?? 0
    scores.set(name, graded?.namedScoreWeights || parts < 2 ? value : value / parts)
  }
  return scores
}

/** A name that evidence can bear. */
function isScoreName(name: string): boolean {
  return name !== '' && name.length <= 128 && name !== '__proto__'
}

/** Scores that the case's assertions name; null where they are not told, or are only told by a template. */
function expectedScores(assert: unknown): string[] | null {
  if (!Array.isArray(assert)) return null
  const names: string[] = []
  // Two levels: an assertion, and the assertions of an `assert-set`.
  for (const part of assert.flatMap((one) => [one, ...(assertionSchema.safeParse(one).data?.assert ?? [])])) {
    const metric = assertionSchema.safeParse(part).data?.metric
    if (metric?.includes('{{')) return null
    if (metric && isScoreName(metric)) names.push(metric)
  }
  return names
}

/** Cases that the file counts but does not hold are put back as errors, so that they stay in the denominator. */
function missingCases(stats: z.infer<typeof fileSchema>['results']['stats'], cases: CaseRecord[]): string[] {
  const counted = stats ? stats.successes + stats.failures + stats.errors : 0
  const missing = counted - cases.length
  if (missing <= 0) return []
  const sentence = `the file's own statistics count ${counted} results, but it holds ${cases.length}`
  for (let index = 0; index < missing; index += 1) {
    const key = `missing ${index + 1}`
    cases.push({
      key,
      title: '',
      label: key,
      arm: cases[0]?.arm ?? '',
      outcome: 'errored',
      score: null,
      scores: new Map(),
      expected: null,
      error: sentence,
      latencyMs: null,
      costUsd: null,
      cached: false,
    })
  }
  return [`${sentence}: the missing ${missing} count as errors.`]
}
