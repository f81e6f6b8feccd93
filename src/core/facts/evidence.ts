// What a workflow run measured and handed in (contract 6). Only the form is checked here; judging is the gates'.
import { z } from 'zod'

const count = z.number().int().min(0)
const finite = z.number()

export const metricSchema = z.object({
  value: finite,
  n: count.optional(),
  stderr: finite.min(0).optional(),
})

export const caseSchema = z.object({
  id: z.string().min(1).max(512),
  repeat: count.optional(),
  pass: z.boolean().nullable().optional(),
  score: finite.nullable().optional(),
  scores: z.record(z.string().max(128), finite).optional(),
  latency_ms: finite.min(0).nullable().optional(),
  cost_usd: finite.min(0).nullable().optional(),
  error: z.string().max(4096).nullable().optional(),
})

export const armSchema = z.object({ requests: count, errors: count }).catchall(z.unknown())

export const fileSchema = z.object({
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
