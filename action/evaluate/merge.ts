// Makes one run of several result files: no case counted twice, each with the id it has in every other run.
import type { Checked, Problem } from '../../src/core/facts/problem.ts'
import type { CaseRecord, ResultRecord } from './readers/record.ts'

/** `repeat` counts the results of one case from 1, in the order of the files. */
export type TestedCase = CaseRecord & { id: string; repeat: number }

/** `records` are the files that count. */
export type Run = { records: ResultRecord[]; cases: TestedCase[]; warnings: string[] }

export function mergeRecords(records: ResultRecord[]): Checked<Run> {
  const warnings: string[] = []
  const problems: Problem[] = []
  const kept: ResultRecord[] = []
  for (const record of records) {
    const copy = kept.find((other) => other.file.digest === record.file.digest)
    if (copy) warnings.push(`${record.file.name} holds the same bytes as ${copy.file.name}, and is counted once.`)
    else kept.push(record)
  }
  const counted = kept.filter((record) => {
    const twin = record.format === 'junit' ? kept.find((other) => isTwin(record, other)) : undefined
    if (!twin) return true
    if (agree(record, twin)) {
      warnings.push(
        `${record.file.name} tells of the same cases as ${twin.file.name}, which says more: only the latter counts.`,
      )
    } else {
      const message = `it tells of the same cases as ${twin.file.name}, but of other results.`
      problems.push({
        path: record.file.name,
        message,
        remedy: 'Is one of them left over from another run? Give only one.',
      })
    }
    return false
  })
  if (problems.length > 0) return { ok: false, problems }
  const cases = identify(counted.flatMap((record) => record.cases))
  for (const record of counted) warnings.push(...record.warnings.map((warning) => `${record.file.name}: ${warning}`))
  const cached = cases.filter((one) => one.cached && one.repeat > 1).length
  if (cached > 0) warnings.push(`${cached} repeats came out of the tool's cache: they measured nothing anew.`)
  return { ok: true, value: { records: counted, cases, warnings } }
}

/** The two formats of one run: begun at the same instant, or every case named in the JUnit file is in the other. */
function isTwin(junit: ResultRecord, other: ResultRecord): boolean {
  if (other.format === 'junit') return false
  if (junit.tool.name === other.tool.name && junit.started !== null && junit.started === other.started) return true
  const titles = new Set(other.cases.map((one) => one.title))
  return junit.cases.every((one) => one.title !== '' && titles.has(one.title))
}

/** Neither names more results or more passes of a title than the other. Without titles, the totals have to do. */
function agree(junit: ResultRecord, other: ResultRecord): boolean {
  const named = [...junit.cases, ...other.cases].every((one) => one.title !== '')
  const titles = new Set(junit.cases.map((one) => one.title))
  const sameStart = junit.started !== null && junit.started === other.started
  const compared = sameStart ? other.cases : other.cases.filter((one) => titles.has(one.title))
  return tally(junit.cases, named) === tally(compared, named)
}

function tally(cases: CaseRecord[], byTitle: boolean): string {
  const rows = cases.map((one) => `${byTitle ? one.title : ''}\n${one.outcome === 'passed'}`)
  return JSON.stringify(rows.sort())
}

/**
 * Gives ids. Provider and prompt are part of the id only where several were tested side by side: with a single one
 * the id stays the same from the version in production to the candidate, so that the two can be compared in pairs.
 */
function identify(cases: CaseRecord[]): TestedCase[] {
  const arms = new Set(cases.map((one) => one.arm).filter(Boolean))
  const seen = new Map<string, number>()
  return cases.map((one) => {
    const id = arms.size > 1 && one.arm ? `${one.label} [${one.arm}]` : one.label
    const repeat = (seen.get(id) ?? 0) + 1
    seen.set(id, repeat)
    return { ...one, id, repeat }
  })
}
