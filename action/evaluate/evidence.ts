// Makes the evidence that is handed in (contract 6) out of one run's cases.
import { type Case, type Evidence, evidenceSchema, type Metric } from '../../src/core/facts/evidence.ts'
import type { Checked, Problem } from '../../src/core/facts/problem.ts'
import { oneLine } from '../shared/plain.ts'
import type { Request } from '../shared/request.ts'
import type { Mapping } from './mapping.ts'
import type { Run, TestedCase } from './merge.ts'
import { measure, scoreOf, sourcesOf, unscoredCases } from './metrics.ts'
import { contentDigest } from './readers/record.ts'

const MAX_CASES = 100_000
/** The app takes no larger evidence. */
export const MAX_EVIDENCE_BYTES = 12 * 1024 * 1024

/** The evidence, as a value and as the text that is handed in, and what its reader should know of it besides. */
export type Made = { evidence: Evidence; text: string; warnings: string[] }

/** `suite` is the workflow's own name for the suite, '' for the tool's. */
export function makeEvidence(run: Run, request: Request, mapping: Mapping[], suite: string): Checked<Made> {
  const warnings = [...run.warnings]
  const measured = measureAll(run, request, mapping, warnings)
  if (!measured.ok) return measured
  if (run.cases.length > MAX_CASES) {
    const message = `There are ${run.cases.length} cases; evidence holds at most ${MAX_CASES}.`
    return { ok: false, problems: [{ message, remedy: 'Split the suite over several gates.' }] }
  }
  const started = run.records.flatMap((record) => record.started ?? []).sort()[0]
  const ended = run.records
    .flatMap((record) => record.ended ?? [])
    .sort()
    .at(-1)
  const name = oneLine(suite || run.records.flatMap((record) => record.suite ?? [])[0] || '', 256)
  const evidence: Evidence = {
    andon: 1,
    request: request.request,
    sha: request.sha,
    tool: toolOf(run),
    ...(name ? { suite: { name, digest: suiteDigest(run.cases) } } : {}),
    ...(started ? { started } : {}),
    ...(ended ? { ended } : {}),
    metrics: Object.fromEntries(measured.value),
    cases: run.cases.map(caseOf),
    files: run.records.map((record) => record.file),
  }
  // What goes out is checked as strictly as the app checks what comes in: better no evidence than refused evidence.
  const checked = evidenceSchema.safeParse(evidence)
  if (checked.success) return withinLimit(checked.data, warnings)
  const problems = checked.error.issues.slice(0, 10).map((issue): Problem => {
    const path = oneLine(issue.path.join('.'), 80)
    return { path, message: `The evidence would not be valid at \`${path}\`.`, remedy: 'Look at the results there.' }
  })
  return { ok: false, problems }
}

function withinLimit(evidence: Evidence, warnings: string[]): Checked<Made> {
  const text = JSON.stringify(evidence)
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_EVIDENCE_BYTES) return { ok: true, value: { evidence, text, warnings: [...new Set(warnings)] } }
  const limit = MAX_EVIDENCE_BYTES / 1024 / 1024
  const message = `The evidence would be ${Math.ceil(bytes / 1024 / 1024)} MB large; Andon takes at most ${limit} MB.`
  return { ok: false, problems: [{ message, remedy: 'Split the suite over several gates.' }] }
}

function measureAll(run: Run, request: Request, mapping: Mapping[], warnings: string[]): Checked<Map<string, Metric>> {
  const sources = sourcesOf(run.cases)
  const metrics = new Map<string, Metric>()
  const problems: Problem[] = []
  const wanted = [...sources.map((source) => ({ name: source, source })), ...mapping]
  for (const { name, source } of wanted) {
    const lowerIsBetter = isUpperLimit(request.criteria.get(name))
    const metric = measure(run.cases, source, lowerIsBetter)
    if (metric) metrics.set(name, metric)
    else if (mapping.some((line) => line.name === name)) {
      const message = `The input \`metrics\` asks for \`${oneLine(source, 80)}\`, which was not measured.`
      problems.push({ message, remedy: `Measured were: ${sources.map((one) => oneLine(one, 80)).join(', ')}.` })
    }
    const score = scoreOf(source)
    const unscored = metric && score !== null ? unscoredCases(run.cases, score) : 0
    if (unscored > 0) {
      const worst = lowerIsBetter ? 'highest' : 'lowest'
      const who = unscored === 1 ? 'One case has' : `${unscored} cases have`
      warnings.push(`${who} no \`${score}\`: for \`${name}\` that counts as the ${worst} value.`)
    }
  }
  for (const name of request.criteria.keys()) {
    if (metrics.has(name)) continue
    const remedy = `Measured were: ${[...metrics.keys()].join(', ')}. The input \`metrics\` can give one of them this name.`
    warnings.push(`The policy asks for \`${name}\`, which was not measured. ${remedy}`)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: metrics }
}

/** True for a criterion with a `max` and no `min`: there a high number is the bad one. */
function isUpperLimit(criterion: unknown): boolean {
  return typeof criterion === 'object' && criterion !== null && 'max' in criterion && !('min' in criterion)
}

function toolOf(run: Run): { name: string; version?: string } {
  const tools = new Map(run.records.map((record) => [record.tool.name, record.tool.version]))
  const version = tools.size === 1 ? [...tools.values()][0] : null
  const name = oneLine([...tools.keys()].sort().join(', '), 128)
  return { name, ...(version ? { version: oneLine(version, 128) } : {}) }
}

/** The same cases give the same digest, in whatever order and however often they ran. */
function suiteDigest(cases: TestedCase[]): string {
  return `sha256:${contentDigest([...new Set(cases.map((one) => one.key))].sort())}`
}

function caseOf(one: TestedCase): Case {
  return {
    id: one.id,
    repeat: one.repeat,
    pass: one.outcome === 'passed' ? true : one.outcome === 'failed' ? false : null,
    ...(one.score === null ? {} : { score: one.score }),
    ...(one.scores.size === 0 ? {} : { scores: Object.fromEntries(one.scores) }),
    ...(one.latencyMs === null ? {} : { latency_ms: one.latencyMs }),
    ...(one.costUsd === null ? {} : { cost_usd: one.costUsd }),
    error: one.error,
  }
}
