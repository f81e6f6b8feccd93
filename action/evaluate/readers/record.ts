// The one form into which every reader brings a result file, whatever tool wrote it.
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** `errored`: the case could not be measured. `unscored`: it ran, or was skipped, without a yes or a no. */
export type Outcome = 'passed' | 'failed' | 'errored' | 'unscored'

export type CaseRecord = {
  /** What makes this case the same case in another run: never its place in the file. */
  key: string
  /** The tool's own name for the case, '' where it has none: to find the same case in another file. */
  title: string
  /** One readable line; with the key's digest in it where the line alone does not name the case. */
  label: string
  /** What was under test, where a file may hold several (provider and prompt); '' where the format knows none. */
  arm: string
  outcome: Outcome
  score: number | null
  scores: ReadonlyMap<string, number>
  /** Names of the scores it should have; null where that is not known: it then owes every score of the run. */
  expected: readonly string[] | null
  error: string | null
  latencyMs: number | null
  costUsd: number | null
  /** The answer came out of the tool's cache: it was not measured anew. */
  cached: boolean
}

/** `bytes` is a size, `digest` is `sha256:…` of the raw bytes. */
export type ResultFile = { name: string; digest: string; bytes: number }

export type ResultRecord = {
  format: 'promptfoo' | 'junit'
  file: ResultFile
  tool: { name: string; version: string | null }
  suite: string | null
  /** ISO 8601 with a zone, or null. */
  started: string | null
  ended: string | null
  cases: CaseRecord[]
  warnings: string[]
}

/** What a reader gives back; the file is known to its caller. */
export type Reading = Omit<ResultRecord, 'file'>

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The digest of a value's canonical JSON, so that the order of keys does not matter. */
export function contentDigest(value: unknown): string {
  return sha256(canonicalize(value) ?? 'null')
}

/** A time with its zone as ISO 8601 in UTC; null for anything else, as a time without a zone could be any. */
export function instant(text: string | null | undefined): string | null {
  if (!text || text.length > 40 || !/T.*(Z|[+-]\d\d:?\d\d)$/.test(text)) return null
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? null : time.toISOString()
}

/** The time `ms` after an instant. */
export function later(at: string | null, ms: number | null | undefined): string | null {
  if (at === null || ms === null || ms === undefined || !(ms >= 0) || ms > 1e12) return null
  return new Date(Date.parse(at) + ms).toISOString()
}
