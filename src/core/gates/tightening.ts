// What may be done to a setting that a lower layer of the policy has locked: it may be tightened, never loosened.
import type { Criterion } from '../facts/criterion.ts'
import { isRecord } from '../facts/shape.ts'
import type { Path } from '../facts/yaml.ts'

/**
 * A setting that was made easier to pass than it is locked. `must`: what it must be, in words: "be at least 0.9".
 * `what` is locked, where that is not the setting itself.
 */
export type Loosened = { path: Path; must: string; what?: string }

/** Compares the locked value with the one of a higher layer. */
export type Tightening<Value> = (locked: Value, now: Value) => Loosened[]

/** One rule for each key, so that a new setting must say which way it is tighter. */
export type Tightenings<Settings> = { [Key in keyof Settings]-?: Tightening<Settings[Key]> }

/** Neither way is looser. */
export const free: Tightening<unknown> = () => []

export const same: Tightening<unknown> = (locked, now) =>
  stable(locked) === stable(now) ? [] : must(`stay ${show(locked)}`)

export const atLeast: Tightening<number> = (locked, now) => (now >= locked ? [] : must(`be at least ${locked}`))

export const atMost: Tightening<number> = (locked, now) => (now <= locked ? [] : must(`be at most ${locked}`))

/** A demand: what is locked at `true` stays so. */
export const demanded: Tightening<boolean> = (locked, now) => (locked && !now ? must('stay `true`') : [])

/** A concession: what is locked at `false` stays so. */
export const conceded: Tightening<boolean> = (locked, now) => (!locked && now ? must('stay `false`') : [])

/** A list of demands: entries may be added. */
export const keepsAll: Tightening<readonly unknown[] | undefined> = (locked, now) => {
  const gone = (locked ?? []).filter((entry) => !(now ?? []).some((other) => stable(other) === stable(entry)))
  return gone.length > 0 ? must(`keep ${gone.map(show).join(', ')}`) : []
}

/** A list of concessions (who may approve, what is excepted): entries may be taken away. */
export const addsNone: Tightening<readonly unknown[] | undefined> = (locked, now) => {
  const added = (now ?? []).filter((entry) => !(locked ?? []).some((other) => stable(other) === stable(entry)))
  return added.length > 0 ? must(`not add ${added.map(show).join(', ')}`) : []
}

/** A demand that may be missing: it may be added, and not be left out. */
export function wherePresent<Value>(rule: Tightening<Value>): Tightening<Value | undefined> {
  return (locked, now) => {
    if (locked === undefined) return []
    return now === undefined ? must(`stay, as ${show(locked)}`) : rule(locked, now)
  }
}

/** A map of demands by name: each name stays, and its value keeps to the rule. */
export function eachOf<Value>(rule: Tightening<Value>): Tightening<Record<string, Value> | undefined> {
  return (locked, now) =>
    Object.entries(locked ?? {}).flatMap(([name, value]) =>
      now !== undefined && Object.hasOwn(now, name)
        ? under(name, rule(value, now[name] as Value))
        : under(name, must('not be left out')),
    )
}

/** A number for each risk: no less at any that one of the two names, nor at all the others. */
export function atLeastAtRisks<Value>(numberAt: (value: Value, risk: string) => number): Tightening<Value> {
  return (locked, now) => {
    const risks = [locked, now].flatMap((value) => (isRecord(value) ? Object.keys(value) : []))
    return [...new Set(['default', ...risks])].flatMap((risk) => {
      const loosened = atLeast(numberAt(locked, risk), numberAt(now, risk))
      if (isRecord(now) && Object.hasOwn(now, risk)) return under(risk, loosened)
      return risk === 'default'
        ? loosened
        : loosened.map((one) => ({ ...one, must: `${one.must} at risk \`${risk}\`` }))
    })
  }
}

/** Keys that have a rule of their own keep to it; any other key stays as it is locked. */
export function keyByKey(rules: Record<string, Tightening<never>>): Tightening<Record<string, unknown>> {
  return (locked, now) =>
    [...new Set([...Object.keys(locked), ...Object.keys(now)])].flatMap((key) => {
      const rule = (Object.hasOwn(rules, key) ? rules[key] : same) as Tightening<unknown>
      return under(key, rule(locked[key], now[key]))
    })
}

/** The bounds of a metric: a minimum may rise, a maximum fall; either may be added. */
export const criterion: Tightening<Criterion> = (locked, now) =>
  keyByKey({ min: wherePresent(atLeast), max: wherePresent(atMost) })(locked, now)

export function under(key: string | number, loosened: Loosened[]): Loosened[] {
  return loosened.map((one) => ({ ...one, path: [key, ...one.path] }))
}

export function must(what: string): Loosened[] {
  return [{ path: [], must: what }]
}

/** One text for equal values, in whatever order their keys stand. */
function stable(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
}

function show(value: unknown): string {
  if (value === undefined) return 'absent'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `\`${text.length > 80 ? `${text.slice(0, 79)}…` : text}\``
}
