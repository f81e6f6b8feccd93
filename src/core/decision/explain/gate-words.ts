// One gate's answer in words: the line of the comment's table, and the check run's own page.
import { showMeasured } from '../../facts/criterion.ts'
import type { Judgement, Row } from '../../facts/judgement.ts'
import type { Reason } from '../../facts/reason.ts'
import type { Verdict } from '../../facts/verdict.ts'
import type { GateState } from '../move.ts'
import { code, oneLine, plain } from './escape.ts'
import { number, time } from './numbers.ts'
import { pieces } from './pieces.ts'
import { reasonWords, remedyWords } from './reasons.ts'

const VERDICT_SIGN: Record<Verdict, string> = { pass: '✅', wait: '⏳', unsure: '❔', error: '⚠️', fail: '❌' }

/** Reasons for which a gate that did not pass lets a card through: never to be taken for a pass. */
const EXCEPTIONS: Partial<Record<Reason, string>> = { waived: 'waived', 'skipped-emergency': 'skipped' }

/** The word for an exception that was made of a gate; null where none was. */
export function exceptionOf(judgement: Judgement | null): string | null {
  const reason = judgement?.reason
  return (reason !== undefined && Object.hasOwn(EXCEPTIONS, reason) && EXCEPTIONS[reason]) || null
}

export function verdictSign(judgement: Judgement): string {
  return exceptionOf(judgement) === null ? VERDICT_SIGN[judgement.verdict] : '🟨'
}

/** "0.7333 (n 60, standard error 0.0571), needs ≥ 0.9". Numbers are ours; a note may hold names, so it is escaped. */
function rowWords(row: Row, harmless: (text: string) => string): string {
  const size = [
    row.n === undefined ? '' : `n ${number(row.n)}`,
    row.stderr === undefined ? '' : `standard error ${number(row.stderr)}`,
  ].filter(Boolean)
  const value = row.value === null ? 'not measured' : showMeasured(row.value, row.criterion)
  const note = row.note === undefined ? '' : ` (${harmless(row.note)})`
  return `${value}${size.length > 0 ? ` (${size.join(', ')})` : ''}, needs ${row.criterion}${note}`
}

/** What a gate found, as Markdown for one cell of a table. */
export function found(judgement: Judgement | null): string {
  if (judgement === null) return 'Not asked: the move was settled before.'
  const rows = (judgement.rows ?? []).map((row) => {
    const mark = row.met ? '' : '**'
    return `${mark}${code(row.name)} ${rowWords(row, plain)}${mark}`
  })
  const until = ENDS_BY_TIME.has(judgement.reason) && judgement.until ? ` Until ${time(judgement.until)}.` : ''
  const said = `${reasonWords(judgement.reason, judgement.detail)}${until}`
  return (rows.length > 0 && TOLD_BY_NUMBERS.has(judgement.reason) ? rows : [...rows, said]).join('<br>')
}

/** Reasons that time alone ends. */
const ENDS_BY_TIME: ReadonlySet<Reason> = new Set(['in-freeze', 'soaking'])

/** Reasons that say no more than the numbers beside their criteria. */
const TOLD_BY_NUMBERS: ReadonlySet<Reason> = new Set([
  'criteria-met',
  'criteria-missed',
  'metric-missing',
  'budget-left',
  'budget-spent',
])

/** A check's title: plain text, the number that decided first. */
export function checkTitle(judgement: Judgement | null): string {
  if (judgement === null) return 'Not asked'
  const missed = judgement.rows?.find((row) => !row.met)
  const decided = missed ?? (judgement.verdict === 'pass' ? judgement.rows?.[0] : undefined)
  // An exception is told by its reason, never by a number that looks like a pass.
  const shown = exceptionOf(judgement) === null ? decided : undefined
  if (shown) return oneLine(`${shown.name} ${rowWords(shown, oneLine)}`)
  return oneLine(unmarked(reasonWords(judgement.reason, judgement.detail)))
}

/** A check's page: the reason, the table of numbers, and what to do next. */
export function checkSummary(gate: GateState): string {
  const { judgement } = gate
  const parts = [
    judgement ? `${verdictSign(judgement)} ${reasonWords(judgement.reason, judgement.detail)}` : found(null),
  ]
  if (!gate.enforce) parts.push('This gate is only shown (`enforce: false`): it decides nothing.')
  if (judgement?.rows && judgement.rows.length > 0) parts.push(table(judgement.rows))
  const next = judgement ? remedyWords(judgement.reason, judgement.detail) : undefined
  if (next && judgement?.verdict !== 'pass') parts.push(`**Next:** ${next}`)
  return parts.join('\n\n')
}

function table(rows: Row[]): string {
  const lines = rows.map((row) => {
    const value = row.value === null ? 'not measured' : showMeasured(row.value, row.criterion)
    const cells = [
      code(row.name),
      value,
      plain(row.criterion),
      row.n === undefined ? '' : number(row.n),
      row.stderr === undefined ? '' : number(row.stderr),
    ]
    return `| ${row.met ? '✅' : '❌'} | ${cells.join(' | ')} |`
  })
  return [
    '| | Metric | Measured | Criterion | Cases | Standard error |',
    '|---|---|---:|---|---:|---:|',
    ...lines,
  ].join('\n')
}

/** Our own Markdown without its marks, for places that show plain text. */
export function unmarked(markdown: string): string {
  return pieces(markdown)
    .map(({ text }) => text)
    .join('')
}
