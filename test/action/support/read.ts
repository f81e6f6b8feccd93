// Reads result files in the tests as the action does, without a disk.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Made, makeEvidence } from '../../../action/evaluate/evidence.ts'
import type { Mapping } from '../../../action/evaluate/mapping.ts'
import { mergeRecords } from '../../../action/evaluate/merge.ts'
import { readResults } from '../../../action/evaluate/readers/index.ts'
import type { ResultRecord } from '../../../action/evaluate/readers/record.ts'
import { sentence } from '../../../src/core/facts/problem.ts'
import { bytes } from './promptfoo.ts'

export const SHA = '1'.repeat(40)
const FIXTURES = join(import.meta.dirname, '../../fixtures/results')

export function fixture(name: string): Uint8Array {
  return readFileSync(join(FIXTURES, name))
}

/** The record of some content; throws with the reader's own sentence where there is none. */
export function read(content: unknown, name = 'results.json'): ResultRecord {
  const result = readResults(name, content instanceof Uint8Array ? content : bytes(content))
  if (!result.ok) throw new Error(result.problems.map(sentence).join('\n'))
  return result.value
}

/** The sentence with which a reader refuses some content. */
export function refusal(content: unknown): string {
  const result = readResults('results.json', content instanceof Uint8Array ? content : bytes(content))
  return result.ok ? 'it was read' : result.problems.map(sentence).join('\n')
}

/** Evidence and warnings of some records. */
export function evidenceOf(
  records: ResultRecord[],
  {
    criteria = {},
    mapping = [],
    suite = '',
  }: { criteria?: Record<string, unknown>; mapping?: Mapping[]; suite?: string } = {},
): Made {
  const run = mergeRecords(records)
  if (!run.ok) throw new Error(run.problems.map(sentence).join('\n'))
  const request = { request: '01JR', gate: 'offline-eval', sha: SHA, criteria: new Map(Object.entries(criteria)) }
  const made = makeEvidence(run.value, request, mapping, suite)
  if (!made.ok) throw new Error(made.problems.map(sentence).join('\n'))
  return made.value
}
