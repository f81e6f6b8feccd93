// Finds what is another between two policies: over the plain data, so that no key is forgotten when one is added.
import { isRecord } from '../facts/shape.ts'
import { sameValue, stable } from '../facts/stable.ts'
import type { Policy } from './policy.ts'
import { type Effect, effectOf } from './strictness.ts'
import { type Written, written } from './written.ts'

/**
 * One thing that is another now. `path` leads to it, parts of a list by their names. An `entry` is a part of a list:
 * `before` or `after` is then that part alone. `columns` ask for the gate that it is about. `between`: the neighbours of
 * a column that was added.
 */
export type Difference = {
  path: string[]
  change: 'added' | 'removed' | 'changed' | 'reordered'
  entry: boolean
  before: unknown
  after: unknown
  effect: Effect
  columns: string[]
  between?: [string | null, string | null]
}

/** All of them, the most important first: what gets looser or may, then what gets stricter, then the rest. */
export function differences(before: Policy | null, after: Policy | null): Difference[] {
  if (before === null || after === null) {
    if (before === after) return []
    const change = before === null ? 'added' : 'removed'
    const effect = before === null ? 'stricter' : 'looser'
    return [{ path: [], change, entry: false, before, after, effect, columns: [] }]
  }
  const [old, now] = [written(before), written(after)]
  return walk(old, now, [])
    .map((found) => ({ ...found, effect: effectOf(found, old, now), ...surroundings(found, old, now) }))
    .sort((a, b) => rank(a) - rank(b))
}

/** The names of the columns that ask for a gate at their entry or exit. */
function columnsAsking(policy: Written, gate: string): string[] {
  return policy.columns.filter((rule) => [...rule.enter, ...rule.leave].includes(gate)).map((rule) => rule.name)
}

type Found = Omit<Difference, 'effect' | 'columns'>

function walk(before: unknown, after: unknown, path: string[]): Found[] {
  if (sameValue(before ?? null, after ?? null)) return []
  if (Array.isArray(before) && Array.isArray(after))
    return isNamed(before) && isNamed(after) ? byName(before, after, path) : byEntry(before, after, path)
  const whole = isWhole(path)
  const [lower, upper] = [recordOf(before, whole), recordOf(after, whole)]
  if (lower && upper) {
    const at = (keys: Record<string, unknown>, key: string) => (Object.hasOwn(keys, key) ? keys[key] : undefined)
    return keysOf(lower, upper)
      .filter((key) => key !== 'name' || path.length !== 2)
      .flatMap((key) => walk(at(lower, key), at(upper, key), [...path, key]))
  }
  const change = isAbsent(before) ? 'added' : isAbsent(after) ? 'removed' : 'changed'
  return [{ path, change, entry: false, before, after }]
}

function byName(before: Named[], after: Named[], path: string[]): Found[] {
  const names = (list: Named[]) => list.map(({ name }) => name)
  const old = new Map(before.map((one) => [one.name, one]))
  const kept = names(after).filter((name) => old.has(name))
  const found = after.flatMap((one) => {
    const was = old.get(one.name)
    const at = [...path, one.name]
    return was
      ? walk(was, one, at)
      : [{ path: at, change: 'added' as const, entry: true, before: undefined, after: one }]
  })
  const gone = before.filter(({ name }) => !names(after).includes(name))
  found.push(
    ...gone.map((one) => ({
      path: [...path, one.name],
      change: 'removed' as const,
      entry: true,
      before: one,
      after: undefined,
    })),
  )
  return [
    ...found,
    ...reordered(
      names(before).filter((name) => kept.includes(name)),
      kept,
      path,
    ),
  ]
}

function byEntry(before: unknown[], after: unknown[], path: string[]): Found[] {
  const only = sameButOneKey(before, after)
  if (only !== null) return walk(before[only], after[only], [...path, String(only + 1)])
  const [old, now] = [before.map(stable), after.map(stable)]
  const added = after.filter((_, at) => !old.includes(now[at] ?? ''))
  const removed = before.filter((_, at) => !now.includes(old[at] ?? ''))
  const kept = (list: unknown[], other: string[]) => list.filter((one) => other.includes(stable(one)))
  return [
    ...added.map((one) => ({ path, change: 'added' as const, entry: true, before: undefined, after: one })),
    ...removed.map((one) => ({ path, change: 'removed' as const, entry: true, before: one, after: undefined })),
    ...reordered(kept(before, now), kept(after, old), path),
  ]
}

/** The one entry that is another in one key, by its number; null where more has changed. */
function sameButOneKey(before: unknown[], after: unknown[]): number | null {
  const changed = before.flatMap((one, at) => (sameValue(one, after[at]) ? [] : [at]))
  const [at] = changed
  if (before.length !== after.length || at === undefined || changed.length > 1) return null
  const [old, now] = [before[at], after[at]]
  if (!isRecord(old) || !isRecord(now)) return null
  return keysOf(old, now).filter((key) => !sameValue(old[key] ?? null, now[key] ?? null)).length === 1 ? at : null
}

function keysOf(...all: Record<string, unknown>[]): string[] {
  return [...new Set(all.flatMap(Object.keys))]
}

function reordered(before: unknown[], after: unknown[], path: string[]): Found[] {
  if (stable(before) === stable(after)) return []
  return [{ path, change: 'reordered', entry: false, before, after }]
}

/** Sections whose parts are told as a whole where they come or go. */
const SECTIONS = ['gates', 'changes', 'risk', 'agents', 'workflows', 'columns']

/** Keys that are told as a whole where they come or go. */
const WHOLE_KEYS = new Set(['when', 'when-spent', 'waive', 'movers', 'except'])

function isWhole(path: string[]): boolean {
  if (path.length === 1) return path[0] === 'emergency'
  return (
    (path.length === 2 && SECTIONS.includes(path[0] ?? '')) ||
    WHOLE_KEYS.has(path.at(-1) ?? '') ||
    path.at(-2) === 'metrics'
  )
}

/** What is not there has no keys, where it is told key by key. */
function recordOf(value: unknown, whole: boolean): Record<string, unknown> | null {
  if (isRecord(value)) return value
  return isAbsent(value) && !whole ? {} : null
}

type Named = { name: string }

function isNamed(list: unknown[]): list is Named[] {
  return list.every((one) => isRecord(one) && typeof one.name === 'string')
}

function isAbsent(value: unknown): boolean {
  return value === null || value === undefined
}

function surroundings(
  { path, change }: Found,
  before: Written,
  after: Written,
): Pick<Difference, 'columns' | 'between'> {
  const [section, name = ''] = path
  if (section === 'gates')
    return { columns: columnsAsking(change === 'removed' && path.length === 2 ? before : after, name) }
  if (section !== 'columns' || path.length !== 2 || change !== 'added') return { columns: [] }
  const at = after.columns.findIndex((rule) => rule.name === name)
  return { columns: [], between: [after.columns[at - 1]?.name ?? null, after.columns[at + 1]?.name ?? null] }
}

const SUBJECTS = ['board', 'columns', 'gates', 'moves', 'risk', 'labels', 'changes', 'workflows']
const EFFECTS: Effect[] = ['looser', 'maybe', 'stricter', null]

function rank({ path, effect }: Found & { effect: Effect }): number {
  if (path[0] === 'board') return 0
  const subject = SUBJECTS.indexOf(path[0] ?? '')
  return (EFFECTS.indexOf(effect) + 1) * 100 + (subject < 0 ? SUBJECTS.length : subject)
}
