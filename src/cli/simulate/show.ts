// What a rehearsal found, for people at a terminal: a block for each card that could move, and a sum.
import { oneLine } from '../../core/decision/explain/escape.ts'
import { gateWords, grantedWords, neededWords, outcomeWords, ruleWords } from '../../core/decision/explain/rehearsal.ts'
import type { Rehearsal } from '../../core/decision/rehearse.ts'
import type { Rehearsed } from '../../flow/rehearse-board.ts'

type Played = Extract<Rehearsal, { attempt: unknown }>
type Paint = (code: number, text: string) => string

const COLORS = { pass: 32, wait: 33, refuse: 31 } satisfies Record<Played['outcome'], number>
const SIGNS = { pass: '✓', wait: '…', unsure: '?', error: '!', fail: '✗' }
const VERDICT_COLORS = { pass: 32, wait: 33, unsure: 33, error: 31, fail: 31 }

/** `record`: whether there was one to look into. */
export function showAll(all: Rehearsed[], record: boolean, color: boolean): string {
  const paint: Paint = (code, text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const blocks = all.flatMap((each) => {
    const lines = blockOf(each, paint, all.length === 1)
    return lines.length > 0 ? [`${lines.join('\n')}\n`] : []
  })
  const hint = record
    ? ''
    : 'Without a record: approvals by comment, what was measured before and older times are not known.\n'
  return `${blocks.join('\n')}${blocks.length > 0 ? '\n' : ''}${sum(all)}\n${hint}`
}

function nameOf({ card }: Rehearsed, paint: Paint): string {
  const content = card.content ? `${card.content.repository}#${card.content.number}` : 'draft'
  return `${paint(1, content)} ${oneLine(card.title, 100)}`
}

/** Cards that have nowhere to go are only counted, unless it is the one that was asked for. */
function blockOf(each: Rehearsed, paint: Paint, alone: boolean): string[] {
  const { rehearsal, card } = each
  const stands = columnWords(card.place.column?.name ?? null)
  switch (rehearsal.outcome) {
    case 'end':
      return alone ? [nameOf(each, paint), `  stands in ${stands}, the last column: there is none after it`] : []
    case 'there':
      return alone ? [nameOf(each, paint), `  stands in ${stands} already`] : []
    case 'ungoverned':
      return alone ? [nameOf(each, paint), `  stands in ${stands}; no policy governs it on this board`] : []
    case 'no-column':
      return [nameOf(each, paint), `  its policy has no such column`]
    default:
      return played(each, rehearsal, paint)
  }
}

function played(each: Rehearsed, rehearsal: Played, paint: Paint): string[] {
  const { attempt, outcome } = rehearsal
  const stands = each.card.place.column?.name ?? null
  const way = `${columnWords(attempt.from)} → ${columnWords(attempt.to)}`
  const where = stands === attempt.from ? '' : `  stands in ${columnWords(stands)}; `
  const waits = each.waits === null ? '' : ` (it waits to enter ${columnWords(each.waits)})`
  const gates = gateWords(rehearsal)
  const width = Math.max(0, ...gates.map(({ gate }) => gate.length))
  return [
    nameOf(each, paint),
    `${where || '  '}${way}${waits}: ${paint(COLORS[outcome], outcomeWords(outcome))}`,
    ...ruleWords(rehearsal).map((text) => `  ${paint(31, SIGNS.fail)} ${oneLine(text, 400)}`),
    ...gates.flatMap(({ gate, verdict, says, shown }) => {
      const sign = verdict === null ? '·' : paint(VERDICT_COLORS[verdict], SIGNS[verdict])
      const indent = ' '.repeat(width + 6)
      const [first = '', ...more] = says.map((text) => oneLine(text, 400))
      const only = shown ? ' (shown only)' : ''
      return [`  ${sign} ${gate.padEnd(width)}  ${first}${only}`, ...more.map((text) => `${indent}${text}`)]
    }),
    ...grantedWords(rehearsal).map((text) => `  ${paint(2, oneLine(text, 400))}`),
    ...(outcome === 'pass' ? [] : neededWords(rehearsal).map((text) => `  ${paint(36, '→')} ${oneLine(text, 400)}`)),
    ...(each.unfinished ? ['  GitHub did not tell all that this decision needs: ask again.'] : []),
  ]
}

function columnWords(column: string | null): string {
  return column === null ? 'no column' : oneLine(column, 60)
}

function sum(all: Rehearsed[]): string {
  const count = (...outcomes: Rehearsed['rehearsal']['outcome'][]) =>
    all.filter(({ rehearsal }) => outcomes.includes(rehearsal.outcome)).length
  const parts: [number, string][] = [
    [count('pass'), 'would be granted'],
    [count('wait'), 'would wait'],
    [count('refuse'), 'would be refused'],
    [count('end', 'there'), 'have nowhere to go'],
    [count('ungoverned'), 'are under no policy'],
    [count('no-column'), 'have no such column'],
  ]
  const cards = `${all.length.toLocaleString('en')} ${all.length === 1 ? 'card' : 'cards'}`
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number.toLocaleString('en')} ${what}`)
  return `${cards}${told.length > 0 ? `: ${told.join(', ')}` : ''}. Nothing was touched.`
}
