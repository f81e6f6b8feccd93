// Writes the job summary: the numbers beside the criteria that came with the request. It informs; the app judges.
import type { Evidence, Metric } from '../../src/core/facts/evidence.ts'
import { forMarkdown } from '../shared/plain.ts'
import type { Request } from '../shared/request.ts'
import type { Made } from './evidence.ts'

// GitHub drops a summary over 1 MiB without failing the step.
const MAX_BYTES = 1024 * 1024
const MAX_ROWS = 200
const MAX_CASES = 50
const MAX_WARNINGS = 50

/** Where the run is, to link to it: out of the runner's context. */
export type Place = { serverUrl: string; owner: string; repo: string }

export function writeSummary(made: Made, request: Request, place: Place): string {
  const { evidence } = made
  const commit = `${place.serverUrl}/${encodeURIComponent(place.owner)}/${encodeURIComponent(place.repo)}/commit/${evidence.sha}`
  const lines = [
    `## Andon evidence${request.gate ? `: ${forMarkdown(request.gate)}` : ''}`,
    '',
    `Measured at commit [${evidence.sha.slice(0, 12)}](${commit}) for request ${forMarkdown(request.request)}${from(evidence)}.`,
    '',
    countCases(evidence),
    '',
    '| metric | measured | standard error | n | criterion |',
    '|---|--:|--:|--:|---|',
    ...metricRows(evidence, request),
    '',
    ...list(
      'Look at',
      made.warnings.map((warning) => forMarkdown(warning, 500)),
      MAX_WARNINGS,
    ),
    ...list('Cases that did not pass', casesNotPassed(evidence), MAX_CASES),
    'The criteria are shown for information. Andon judges by the policy on the default branch.',
    '',
  ]
  return withinLimit(lines)
}

function from(evidence: Evidence): string {
  const tool = [evidence.tool?.name, evidence.tool?.version].filter((word) => word !== undefined).join(' ')
  return `${tool ? `, by ${forMarkdown(tool)}` : ''}${evidence.suite ? `, suite ${forMarkdown(evidence.suite.name)}` : ''}`
}

/** The counts of what became of the cases, in the words of the contract. */
export function countCases(evidence: Evidence): string {
  const cases = evidence.cases ?? []
  const errored = cases.filter((one) => one.error !== null && one.error !== undefined).length
  const passed = cases.filter((one) => one.pass === true).length
  const failed = cases.filter((one) => one.pass === false).length
  const unscored = cases.length - errored - passed - failed
  return `${cases.length} results: ${passed} passed, ${failed} failed, ${errored} errored, ${unscored} unscored.`
}

function metricRows(evidence: Evidence, request: Request): string[] {
  const asked = [...request.criteria.keys()]
  const names = [...asked, ...Object.keys(evidence.metrics).filter((name) => !request.criteria.has(name))]
  const rows = names.slice(0, MAX_ROWS).map((name) => {
    const metric = Object.hasOwn(evidence.metrics, name) ? evidence.metrics[name] : undefined
    const cells = [number(metric?.value), number(metric?.stderr), metric?.n ?? '–']
    const value = metric ? cells[0] : 'not measured'
    return `| ${forMarkdown(name, 128)} | ${value} | ${cells[1]} | ${cells[2]} | ${criterion(request.criteria.get(name), metric)} |`
  })
  if (names.length > MAX_ROWS) rows.push(`| and ${names.length - MAX_ROWS} more | | | | |`)
  return rows
}

/** The criterion in its own words, and for a plain `min` or `max` whether the number is within. */
function criterion(asked: unknown, metric: Metric | undefined): string {
  if (typeof asked !== 'object' || asked === null) return ''
  const words = Object.entries(asked).map(
    ([key, value]) => `${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  )
  const min = 'min' in asked && typeof asked.min === 'number' ? asked.min : null
  const max = 'max' in asked && typeof asked.max === 'number' ? asked.max : null
  const told = forMarkdown(words.join(', '), 200)
  if (!metric || (min === null && max === null)) return told
  const within = (min === null || metric.value >= min) && (max === null || metric.value <= max)
  return `${told} (${within ? 'within' : 'missed'})`
}

function casesNotPassed(evidence: Evidence): string[] {
  return (evidence.cases ?? [])
    .filter((one) => one.pass !== true)
    .map((one) => {
      const what = one.error ? `errored: ${one.error}` : one.pass === false ? 'failed' : 'unscored'
      const repeat = (one.repeat ?? 1) > 1 ? `, repeat ${one.repeat}` : ''
      return `${forMarkdown(one.id, 200)}${repeat}: ${forMarkdown(what, 300)}`
    })
}

function list(title: string, items: string[], max: number): string[] {
  if (items.length === 0) return []
  const rest = items.length > max ? [`- and ${items.length - max} more; the evidence holds them all`] : []
  return [`### ${title}`, '', ...items.slice(0, max).map((item) => `- ${item}`), ...rest, '']
}

/** Four significant digits, so that a cost of 0.0001138 does not read as nothing. */
function number(value: number | undefined): string {
  return value === undefined ? '–' : String(Number(value.toPrecision(4)))
}

function withinLimit(lines: string[]): string {
  const end = '\n\nThe rest is left out: a summary holds at most 1 MiB. The evidence holds it all.\n'
  let bytes = Buffer.byteLength(end)
  const kept = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line) + 1
    return bytes > MAX_BYTES
  })
  return kept < 0 ? lines.join('\n') : lines.slice(0, kept).join('\n') + end
}
