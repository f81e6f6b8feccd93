// What is another between two policies, in sentences of Markdown.
import { type Criterion, describeCriterion } from '../../facts/criterion.ts'
import { isRecord } from '../../facts/shape.ts'
import type { Difference } from '../../policy/differences.ts'
import { code } from './escape.ts'

const MOST_VALUE = 200

export const EFFECT_WORDS = { looser: 'looser', maybe: 'may be looser', stricter: 'stricter' }

/** One difference in one sentence, without a full stop: "**Staging**: `offline-eval` asks `accuracy` min 0.90 → 0.92 (stricter)". */
export function differenceWords(difference: Difference): string {
  const { effect } = difference
  return `${said(difference)}${effect === null ? '' : ` (${EFFECT_WORDS[effect]})`}`
}

function said(difference: Difference): string {
  const { path, change } = difference
  const [section, name = '', ...rest] = path
  if (section === undefined) return change === 'added' ? 'There is a policy now' : 'There is no policy any more'
  if (section === 'columns') return ofColumns(difference, name, rest)
  if (section === 'gates') return ofGate(difference, name, rest)
  if (section === 'board' && name === 'project')
    return `The policy governs board ${value(difference.after)} now, and governed board ${value(difference.before)}`
  if (section === 'moves' && name === 'forward')
    return difference.after === 'any'
      ? 'A card may move forward by more than one column at a time, through the gates of each'
      : 'A card moves forward one column at a time now'
  if (section === 'labels' && name === 'move') return ofMoveLabel(difference, rest)
  if (section === 'labels' && name === 'hold')
    return `The label that holds a card is ${value(difference.after)} now, and was ${value(difference.before)}`
  const part = PARTS[section]
  if (part && path.length === 2) return `The ${part} ${code(name)} is ${NEWS[change]}`
  if (part && path.length > 2) return `${capital(part)} ${code(name)}: ${changed(difference, rest)}`
  return changed(difference, path)
}

const PARTS: Record<string, string> = {
  changes: 'kind of change',
  risk: 'risk',
  agents: 'agent',
  workflows: 'workflow',
}
const NEWS = { added: 'new', removed: 'gone', changed: 'another one now', reordered: 'in another place' }

function ofColumns(difference: Difference, column: string, rest: string[]): string {
  const { change, before, after } = difference
  if (column === '') return `The columns are in another order: ${list(after)}, and were ${list(before)}`
  if (rest.length === 0) return change === 'added' ? newColumn(difference, column) : `Column ${code(column)} is gone`
  const name = `**${code(column)}**`
  const key = rest.join('.')
  if (change === 'reordered') return `${name} asks ${list(after)} in this order now`
  const added = change === 'added'
  const what = code(String((added ? after : before) ?? ''))
  switch (difference.entry ? key : `=${key}`) {
    case 'enter':
      return `${name} ${added ? 'now' : 'no longer'} asks ${what}`
    case 'leave':
      return `Leaving ${name} ${added ? 'now' : 'no longer'} asks ${what}`
    case 'start':
      return `${what} ${added ? 'now' : 'no longer'} starts as a card arrives in ${name}`
    case 'then':
      return `${name} ${added ? 'now' : 'no longer'} runs ${what} once a move into it is granted`
    case '=limit.total':
      return limit(difference, name, '')
    case '=limit.per-owner':
      return limit(difference, name, ' for one owner')
    case `=limit.per-risk.${rest[2]}`:
      return limit(difference, name, ` for risk ${code(rest[2] ?? '')}`)
    case '=movers':
      return change === 'added'
        ? `Only ${people(after)} may move cards into ${name} now`
        : `Everybody may move cards into ${name} now, and before only ${people(before)}`
    case '=pull':
      return after === true ? `${name} takes ready cards by itself now` : `${name} no longer takes cards by itself`
    case '=while-waiting':
      return after === 'return'
        ? `While its gates are open, a card goes back from ${name} and comes forward by itself`
        : `While its gates are open, a card waits in ${name}`
    default:
      return `${name}: ${changed(difference, rest)}`
  }
}

function people(movers: unknown): string {
  const named = Object.entries(isRecord(movers) ? movers : {})
  return named
    .filter(([, names]) => Array.isArray(names) && names.length > 0)
    .map(([who, names]) => `${keyName([who])} ${list(names)}`)
    .join(', and ')
}

function newColumn({ after, between = [null, null] }: Difference, column: string): string {
  const [left, right] = between
  const where =
    left !== null && right !== null
      ? `between ${code(left)} and ${code(right)}`
      : left !== null
        ? `after ${code(left)}`
        : right !== null
          ? `before ${code(right)}`
          : 'alone'
  const gates = isRecord(after) && Array.isArray(after.enter) && after.enter.length > 0 ? after.enter : null
  return `Column ${code(column)} added ${where}${gates === null ? '; it asks nothing of a card' : `; it asks ${list(gates)}`}`
}

function limit(difference: Difference, column: string, of: string): string {
  const { change, before, after } = difference
  if (change === 'added') return `${column} has a limit${of} of ${value(after)} now`
  if (change === 'removed') return `${column} has no limit${of} any more (it was ${value(before)})`
  return `The limit of ${column}${of}: ${steps(before, after)}`
}

function ofGate(difference: Difference, gate: string, rest: string[]): string {
  const { change, before, after, columns } = difference
  const name = code(gate)
  const where = columns.length === 0 ? '' : `${columns.map((column) => `**${code(column)}**`).join(', ')}: `
  const [first, metric, ...more] = rest
  if (first === undefined) {
    if (change !== 'added') return `The gate ${name} is gone`
    const kind = isRecord(after) ? String(after.kind) : '?'
    const shown = isRecord(after) && after.enforce === false ? ', and only shown' : ''
    return `The gate ${name} is new, of kind ${code(kind)}${shown}${criteria(after)}`
  }
  if (first === 'kind') return `${where}${name} is of kind ${value(after)} now, and was of kind ${value(before)}`
  if (first === 'enforce')
    return after === true
      ? `${where}gate ${name} is enforced now`
      : `${where}gate ${name} is no longer enforced: it is only shown`
  if (first === 'when' && rest.length === 1) {
    if (change === 'added') return `${where}${name} is asked only of some cards now: ${value(after)}`
    return `${where}${name} is asked of every card now, and was asked only of some: ${value(before)}`
  }
  if (first === 'metrics' && metric !== undefined) {
    if (more.length > 0) return `${where}${name} asks ${code(metric)} ${changed(difference, more)}`
    if (change === 'added') return `${where}${name} also asks ${code(metric)} ${bound(after)}`
    return `${where}${name} no longer asks ${code(metric)} (it asked ${bound(before)})`
  }
  return `${where}${name}: ${changed(difference, rest)}`
}

function criteria(gate: unknown): string {
  if (!isRecord(gate) || !isRecord(gate.metrics)) return ''
  const asked = Object.entries(gate.metrics).map(([metric, criterion]) => `${code(metric)} ${bound(criterion)}`)
  return asked.length === 0 ? '' : `; it asks ${asked.join(', ')}`
}

function bound(criterion: unknown): string {
  if (!isRecord(criterion)) return value(criterion)
  const keys = Object.keys(criterion)
  const plainBound = keys.length > 0 && keys.every((key) => key === 'min' || key === 'max')
  return plainBound ? describeCriterion(criterion as Criterion) : value(criterion)
}

function ofMoveLabel({ change, before, after }: Difference, [label = '']: string[]): string {
  if (change === 'added') return `The label ${code(label)} asks for a move to ${value(after)} now`
  if (change === 'removed') return `The label ${code(label)} no longer asks for a move (it was to ${value(before)})`
  return `The label ${code(label)} asks for a move to ${value(after)} now, and asked for one to ${value(before)}`
}

/** For every key without words of its own. */
function changed({ change, entry, before, after }: Difference, rest: string[]): string {
  const key = rest.length === 0 ? '' : `${keyName(rest)} `
  if (change === 'reordered') return `${key}in another order: ${list(after)}`
  if (entry) return change === 'added' ? `${key}gains ${value(after)}` : `${key}loses ${value(before)}`
  if (change === 'added') return `${key}${value(after)}, new`
  if (change === 'removed') return `${key}no longer set (it was ${value(before)})`
  return `${key}${steps(before, after)}`
}

/** One plain word needs no marks. */
function keyName(path: string[]): string {
  const [only = ''] = path
  return path.length === 1 && /^[a-z]+$/.test(only) ? only : code(path.join('.'))
}

/** "0.90 → 0.92": two numbers with as many decimals as tell them apart. */
function steps(before: unknown, after: unknown): string {
  if (typeof before === 'number' && typeof after === 'number') {
    const decimals = Math.max(...[before, after].map((one) => /^-?\d+\.(\d+)$/.exec(String(one))?.[1]?.length ?? 0))
    const same = [before, after].every((one) => !String(one).includes('e'))
    if (same && decimals > 0) return `${before.toFixed(decimals)} → ${after.toFixed(decimals)}`
  }
  return `${value(before)} → ${value(after)}`
}

function value(what: unknown): string {
  if (typeof what === 'number' || typeof what === 'boolean') return String(what)
  if (Array.isArray(what) && what.every((one) => typeof one === 'string')) return list(what)
  return code(typeof what === 'string' ? what : (JSON.stringify(what) ?? 'nothing'), MOST_VALUE)
}

function list(names: unknown): string {
  const all = Array.isArray(names) ? names : [names]
  return all.length === 0 ? 'an empty list' : all.map((one) => value(one)).join(', ')
}

function capital(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`
}
