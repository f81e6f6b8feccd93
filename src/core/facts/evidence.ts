// What a workflow run measured and handed in (contract 6). Only the form is checked here; judging is the gates'.
import { z } from 'zod'
import { readJson } from './json.ts'
import type { Reason } from './reason.ts'
import { readShape } from './shape.ts'

const count = z.number().int().min(0)
const finite = z.number()

const metricSchema = z.object({
  value: finite,
  n: count.optional(),
  stderr: finite.min(0).optional(),
})

const caseSchema = z.object({
  id: z.string().min(1).max(512),
  repeat: count.optional(),
  pass: z.boolean().nullable().optional(),
  score: finite.nullable().optional(),
  scores: z.record(z.string().max(128), finite).optional(),
  latency_ms: finite.min(0).nullable().optional(),
  cost_usd: finite.min(0).nullable().optional(),
  error: z.string().max(4096).nullable().optional(),
})

const armSchema = z.object({ requests: count, errors: count }).catchall(z.unknown())

const fileSchema = z.object({
  name: z.string().min(1).max(512),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  bytes: count,
})

export const evidenceSchema = z.object({
  andon: z.literal(1),
  request: z.string().min(1).max(64),
  sha: z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/),
  tool: z.object({ name: z.string().max(128), version: z.string().max(128).optional() }).optional(),
  suite: z.object({ name: z.string().max(256), digest: z.string().max(128).optional() }).optional(),
  started: z.iso.datetime({ offset: true }).optional(),
  ended: z.iso.datetime({ offset: true }).optional(),
  metrics: z.record(z.string().min(1).max(128), metricSchema),
  cases: z.array(caseSchema).max(100_000).optional(),
  arms: z.record(z.string().max(128), armSchema).optional(),
  files: z.array(fileSchema).max(1_000).optional(),
})

export type Evidence = z.infer<typeof evidenceSchema>
export type Metric = z.infer<typeof metricSchema>
export type Case = z.infer<typeof caseSchema>

/**
 * What the ledger keeps of evidence: everything but the cases, which stay in the stored document of that digest.
 * `errored` cases ended in an error; `unscored` ones have neither a verdict nor a score; a case with a score alone is
 * in `total` only. `scored`: how many cases bear a score of that name.
 */
export type EvidenceSummary = Omit<Evidence, 'cases'> & {
  cases?: {
    total: number
    passed: number
    failed: number
    errored: number
    unscored: number
    scored?: Record<string, number>
  }
}

const LARGEST = 10 * 1024 * 1024
const DEEPEST = 32
const MOST_CASES = 100_000
const MOST_METRICS = 1_000

export type ParsedEvidence = { ok: true; evidence: Evidence } | { ok: false; reason: Reason; message: string }

/**
 * Evidence out of the bytes a run handed in, or why it cannot be taken: one reason, one sentence with the place in the
 * JSON. `expected`: the request the run was dispatched for, and the commit it was told to test.
 */
export function parseEvidence(bytes: Uint8Array, expected: { request: string; sha: string }): ParsedEvidence {
  if (bytes.length > LARGEST)
    return refuse('evidence-too-large', `The evidence has ${bytes.length} bytes; 10 MB is the most.`)
  const text = decode(bytes)
  if (text === null) return refuse('evidence-malformed', 'The evidence is not UTF-8 text.')
  const json = readJson(text, DEEPEST)
  if (!json.ok) return refuse('evidence-malformed', `The evidence cannot be read: ${json.message}`)
  const crowd = tooMany(json.value)
  if (crowd !== null) return refuse('evidence-too-large', crowd)
  const shaped = readShape(evidenceSchema, json.value, () => ({}))
  if (!shaped.ok) {
    const [first, ...others] = shaped.problems
    const more = others.length === 0 ? '' : ` And ${others.length} more.`
    return refuse(
      'evidence-malformed',
      `The evidence does not have the form it must have: at ${first?.path || 'its top'}: ${first?.message}${more}`,
    )
  }
  const evidence = shaped.value
  if (evidence.request !== expected.request) {
    return refuse(
      'evidence-for-other-request',
      `The evidence is for request ${evidence.request}; ${expected.request} was asked.`,
    )
  }
  if (evidence.sha !== expected.sha) {
    return refuse(
      'evidence-for-other-commit',
      `The evidence is for commit ${evidence.sha}; ${expected.sha} is under test.`,
    )
  }
  const twice = doubledCase(evidence.cases ?? [])
  if (twice !== null) return refuse('evidence-malformed', twice)
  return { ok: true, evidence }
}

/** What the ledger keeps: all but the cases, which are counted. */
export function summarize(evidence: Evidence): EvidenceSummary {
  const { cases, ...rest } = evidence
  if (cases === undefined) return rest
  const counts = { total: cases.length, passed: 0, failed: 0, errored: 0, unscored: 0 }
  const scored = new Map<string, number>()
  for (const one of cases) {
    for (const name of Object.keys(one.scores ?? {})) scored.set(name, (scored.get(name) ?? 0) + 1)
    if (one.error) counts.errored++
    else if (one.pass === true) counts.passed++
    else if (one.pass === false) counts.failed++
    else if (typeof one.score !== 'number' && Object.keys(one.scores ?? {}).length === 0) counts.unscored++
  }
  const named = [...scored].slice(0, MOST_METRICS)
  return { ...rest, cases: { ...counts, ...(named.length > 0 ? { scored: Object.fromEntries(named) } : {}) } }
}

/** Names in it are the workflow's own, and may be of any length. */
function refuse(reason: Reason, message: string): ParsedEvidence {
  return { ok: false, reason, message: message.length > 600 ? `${message.slice(0, 599)}…` : message }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Counted before the schema looks at each entry. */
function tooMany(value: unknown): string | null {
  const { cases, metrics } =
    typeof value === 'object' && value !== null ? (value as { cases?: unknown; metrics?: unknown }) : {}
  if (Array.isArray(cases) && cases.length > MOST_CASES)
    return `The evidence has ${cases.length} cases; ${MOST_CASES} is the most.`
  const count = typeof metrics === 'object' && metrics !== null ? Object.keys(metrics).length : 0
  return count > MOST_METRICS ? `The evidence has ${count} metrics; ${MOST_METRICS} is the most.` : null
}

function doubledCase(cases: Case[]): string | null {
  const seen = new Set<string>()
  for (const [index, { id, repeat }] of cases.entries()) {
    const key = JSON.stringify([id, repeat ?? 0])
    if (seen.has(key))
      return `The evidence holds case ${id} (repeat ${repeat ?? 0}) twice, the second time at cases.${index}.`
    seen.add(key)
  }
  return null
}
