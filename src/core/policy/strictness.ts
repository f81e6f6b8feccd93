// Tells whether a change of the policy lets more through than before, or less, where its key alone says so.
import { isRecord } from '../facts/shape.ts'
import type { GateRule, Policy } from './policy.ts'

/** `maybe`: neither asks all that the other asks. Null where nobody can tell from the key alone. */
export type Effect = 'stricter' | 'looser' | 'maybe' | null

type Changed = {
  path: string[]
  change: 'added' | 'removed' | 'changed' | 'reordered'
  entry: boolean
  before: unknown
  after: unknown
}

/** Numbers that ask for more the greater they are; without them nothing is asked. */
const LEAST = new Set(['min', 'count', 'minutes', 'confidence', 'approvals'])
/** Numbers that ask for more the smaller they are; without them nothing is asked. */
const MOST = new Set(['max', 'total', 'perOwner', 'limit'])
/** Numbers that let more through the greater they are. */
const TOLERANCE = new Set(['margin'])
const NUMBERS = new Set([...LEAST, ...MOST, ...TOLERANCE])
/** Switches that ask for more where they are on. */
const SWITCHES = new Set(['independent', 'critical'])
/** Lists of what must be; an entry more asks for more. */
const DEMANDS = new Set(['requires', 'paths', 'names', 'windows', 'locked', 'burn'])
/** Lists of who may; an entry more lets more through. */
const RIGHTS = new Set(['teams', 'users'])
/** What opens a way around gates. */
export const WAYS_ROUND = new Set(['waivers', 'emergency'])

export function effectOf(changed: Changed, before: Policy, after: Policy): Effect {
  const { path, change } = changed
  const [section, name = ''] = path
  const key = path.at(-1) ?? ''
  if (change === 'reordered') return null
  if (section === 'columns') {
    if (key === 'enter' || key === 'leave')
      return asked(changed, change === 'added' ? gate(after, changed.after) : gate(before, changed.before))
    if (path.length === 2)
      return asked(changed, guards(changed.after ?? changed.before, change === 'added' ? after : before))
    return numbers(changed)
  }
  if (section === 'gates') return ofGate(changed, before.gates[name], after.gates[name], isAsked(before, after, name))
  if (key === 'forward') return changed.after === 'any' ? 'looser' : 'stricter'
  if (WAYS_ROUND.has(section ?? '')) return wayRound(changed, key)
  return numbers(changed) ?? entries(changed, key)
}

/** A gate that nothing asks for, or that is only shown before and after, lets the same through whatever it says. */
function ofGate(changed: Changed, before: GateRule | undefined, after: GateRule | undefined, isAsked: boolean): Effect {
  const key = changed.path.at(-1) ?? ''
  if (!isAsked || before === undefined || after === undefined) return null
  const common = changed.path[2] !== 'settings'
  if (before.kind !== after.kind && (key === 'kind' || !common)) return key === 'kind' ? 'maybe' : null
  if (key === 'enforce') return after.enforce ? 'stricter' : 'looser'
  if (!before.enforce && !after.enforce) return null
  if (changed.path[2] === 'waive') return wayRound(changed, key)
  // Both make room: for the cards that a gate is not asked of, and for those that a spent budget lets in all the same.
  if (key === 'when' || key === 'when-spent') return opposite(asked(changed, true))
  if (changed.path.at(-2) === 'when') return changed.entry ? asked(changed, true) : opposite(asked(changed, true))
  if (changed.path.at(-2) === 'metrics') return asked(changed, true)
  return numbers(changed) ?? entries(changed, key)
}

function numbers({ path, change, before, after }: Changed): Effect {
  const key = meaning(path)
  const up = typeof before === 'number' && typeof after === 'number' ? after > before : null
  const came = change === 'added'
  if (typeof (after ?? before) === 'boolean' && SWITCHES.has(key)) return after === true ? 'stricter' : 'looser'
  if (typeof (after ?? before) !== 'number') return null
  if (LEAST.has(key)) return (up ?? came) ? 'stricter' : 'looser'
  if (MOST.has(key)) return (up === null ? came : !up) ? 'stricter' : 'looser'
  if (TOLERANCE.has(key)) return (up ?? came) ? 'looser' : 'stricter'
  return null
}

/** The key that says what a number means: a limit or a count may be given once for each risk. */
function meaning(path: string[]): string {
  const last = path.at(-1) ?? ''
  return path.includes('metrics') ? last : (path.slice(2).findLast((step) => NUMBERS.has(step)) ?? last)
}

function entries(changed: Changed, key: string): Effect {
  if (!changed.entry) return null
  if (DEMANDS.has(key)) return asked(changed, true)
  return RIGHTS.has(key) ? opposite(asked(changed, true)) : null
}

/** Whatever is set about a way around gates: less of it, for fewer people and a shorter time, is stricter. */
function wayRound(changed: Changed, key: string): Effect {
  const { path, before, after } = changed
  if (path.length === 1 || key === 'waive') return opposite(asked(changed, true))
  if (typeof before === 'number' && typeof after === 'number') return after < before ? 'stricter' : 'looser'
  return entries(changed, key)
}

function asked({ change }: Changed, decides: boolean): Effect {
  if (!decides || change === 'changed') return null
  return change === 'added' ? 'stricter' : 'looser'
}

function opposite(effect: Effect): Effect {
  return effect === 'stricter' ? 'looser' : effect === 'looser' ? 'stricter' : effect
}

function gate(policy: Policy, name: unknown): boolean {
  return typeof name === 'string' && (policy.gates[name]?.enforce ?? false)
}

/** Whether a column that came or went asks for a gate that decides. */
function guards(column: unknown, policy: Policy): boolean {
  if (!isRecord(column)) return false
  const names = [column.enter, column.leave].flatMap((list) => (Array.isArray(list) ? list : []))
  return names.some((name) => gate(policy, name))
}

function isAsked(before: Policy, after: Policy, name: string): boolean {
  const ask = (policy: Policy) => policy.columns.some(({ enter, leave }) => [...enter, ...leave].includes(name))
  return ask(before) && ask(after)
}
