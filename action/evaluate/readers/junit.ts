// Reads JUnit XML, as promptfoo, pytest, vitest and many more write it.
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Checked, Problem } from '../../../src/core/facts/problem.ts'
import { sum } from '../../../src/core/statistics/mean.ts'
import { oneLine, redact } from '../../shared/plain.ts'
import { type CaseRecord, instant, later, type Outcome, type Reading, sha256 } from './record.ts'

const MAX_DEPTH = 50

// Entities are off: those of XML itself are decoded below, and a document that declares its own is refused.
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  maxNestedTags: MAX_DEPTH,
  isArray: (_name, _path, _leaf, isAttribute) => !isAttribute,
})

type Element = Record<string, unknown>

export function readJunit(xml: string): Checked<Reading> {
  const problem = findProblem(xml)
  if (problem) return { ok: false, problems: [problem] }
  let root: Element
  try {
    root = parser.parse(xml)
  } catch {
    const message = `this XML cannot be read: it nests deeper than ${MAX_DEPTH} elements, or uses a reserved name.`
    return { ok: false, problems: [{ message, remedy: 'Give a JUnit file.' }] }
  }
  const tops = [...children(root, 'testsuites'), ...children(root, 'testsuite')]
  const top = tops[0]
  if (!top) {
    const message = 'this XML is no JUnit file: its root is neither `testsuites` nor `testsuite`.'
    return { ok: false, problems: [{ message, remedy: 'Give a JUnit file, or promptfoo results as JSON.' }] }
  }
  const suites = children(root, 'testsuites').length > 0 ? children(top, 'testsuite') : [top]
  const tool = toolOf([top, ...suites].map((suite) => attribute(suite, 'name') ?? ''))
  const started = instant([top, ...suites].map((suite) => attribute(suite, 'timestamp')).find((time) => instant(time)))
  const seconds = secondsOf(top) ?? sum(suites.map((suite) => secondsOf(suite) ?? 0))
  return {
    ok: true,
    value: {
      format: 'junit',
      tool: { name: tool, version: null },
      suite: tool === 'promptfoo' ? null : (attribute(top, 'name') ?? attribute(suites[0] ?? {}, 'name') ?? null),
      started,
      ended: later(started, seconds * 1000),
      cases: [...casesIn(top)].map((element) => readCase(element, tool)),
      warnings: [],
    },
  }
}

function findProblem(xml: string): Problem | null {
  const validity = XMLValidator.validate(xml)
  if (validity !== true) {
    const { line, col } = validity.err
    const message = 'this is not well-formed XML.'
    return { message, remedy: 'Was the run cut short while it wrote the file?', line, column: col }
  }
  if (!declaresEntities(xml)) return null
  const message = 'this XML has a document type declaration, which is not read for safety.'
  return { message, remedy: 'Take the <!DOCTYPE …> out of the file.' }
}

/** Looks for a declaration outside comments and CDATA, where a model's answer may well quote one. */
function declaresEntities(xml: string): boolean {
  for (let at = xml.indexOf('<!'); at >= 0; at = xml.indexOf('<!', at)) {
    const close = xml.startsWith('<!--', at) ? '-->' : xml.startsWith('<![CDATA[', at) ? ']]>' : null
    if (close === null) return true
    const end = xml.indexOf(close, at + 4)
    if (end < 0) return true
    at = end + close.length
  }
  return false
}

/** Test cases in document order; suites may stand in suites, no deeper than the parser allows. */
function* casesIn(suite: Element): Generator<Element> {
  yield* children(suite, 'testcase')
  for (const inner of children(suite, 'testsuite')) yield* casesIn(inner)
}

function readCase(element: Element, tool: string): CaseRecord {
  const group = attribute(element, 'classname') ?? attribute(element, 'file') ?? ''
  const name = attribute(element, 'name') ?? ''
  // promptfoo numbers its tests and puts provider and prompt in the class name; a number is no identity.
  const described = tool === 'promptfoo' ? /^test \d+: (.+)$/s.exec(name)?.[1] : undefined
  const raw = described ?? [group, name].filter(Boolean).join(' › ')
  const key = JSON.stringify([described ? '' : group, described ?? name])
  const label = oneLine(raw)
  const outcome = outcomeOf(element)
  const seconds = secondsOf(element)
  return {
    key,
    title: oneLine(described ?? name),
    label: label && label === raw ? label : `${label || 'case'} (${sha256(key).slice(0, 12)})`,
    arm: described ? oneLine(group, 120) : '',
    outcome,
    score: null,
    scores: new Map(),
    expected: [],
    error: outcome === 'errored' ? errorOf(element) : null,
    latencyMs: seconds === null || outcome === 'unscored' ? null : seconds * 1000,
    costUsd: null,
    cached: false,
  }
}

/** By the elements within, never by the counts that the suite claims. */
function outcomeOf(element: Element): Outcome {
  if ('error' in element) return 'errored'
  if ('failure' in element) return 'failed'
  return 'skipped' in element ? 'unscored' : 'passed'
}

function errorOf(element: Element): string {
  const error = children(element, 'error')[0] ?? {}
  const message = attribute(error, 'message') ?? attribute(error, 'type') ?? ''
  return redact(message) || 'the tool named no error'
}

function toolOf(names: string[]): string {
  return ['promptfoo', 'pytest', 'vitest'].find((tool) => names.some((name) => name.split(' ')[0] === tool)) ?? 'junit'
}

/** Child elements of a name; one that holds only text has no attributes to offer. */
function children(element: Element, name: string): Element[] {
  const found = element[name]
  if (!Array.isArray(found)) return []
  return found.map((child) => (typeof child === 'object' && child !== null ? (child as Element) : {}))
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`]
  return typeof value === 'string' ? decode(value) : undefined
}

function secondsOf(element: Element): number | null {
  const time = attribute(element, 'time') ?? ''
  return /^\d+(\.\d+)?(e-?\d+)?$/i.test(time) && Number.isFinite(Number(time)) ? Number(time) : null
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decode(value: string): string {
  return value.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi, (whole, name, decimal, hex) => {
    if (name) return ENTITIES[String(name).toLowerCase()] ?? whole
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16)
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole
  })
}
