// Tells whether a change of the policy lets more through than before, or less: by the rules for what is locked.
import { isRecord } from '../facts/shape.ts'
import { sameValue } from '../facts/stable.ts'
import { free, keepsAll, keyByKey, same, type Tightening } from '../gates/tightening.ts'
import * as rules from './tighter.ts'
import type { Written } from './written.ts'

/** `maybe`: neither asks all that the other asks. Null where the same cards are let through. */
export type Effect = 'stricter' | 'looser' | 'maybe' | null

type Changed = {
  path: string[]
  change: 'added' | 'removed' | 'changed' | 'reordered'
  entry: boolean
  before: unknown
  after: unknown
}
type Rule = Tightening<never>

/** A layer above a lock names its boards and labels as it likes; in a policy as a whole, others are a change. */
const SECTIONS: Record<string, Rule> = {
  ...rules.SECTIONS,
  board: keyByKey({
    project: same,
    also: keepsAll,
    repositories: (locked, now) => rules.board({ repositories: locked }, { repositories: now }),
  }),
  labels: keyByKey({ hold: same, move: free }),
  workflows: free,
}
/** Of these the first that fits a card counts: one more, or another order, may let it through. */
const FIRST_FITS: Record<string, Rule> = { changes: rules.change, risk: rules.risk }
/** What is asked of a gate whatever its kind. */
const COMMON = new Set(['when', 'waive'])

export function effectOf(changed: Changed, before: Written, after: Written): Effect {
  const { path } = changed
  const [section = ''] = path
  if (section === 'columns') return ofColumns(changed, before, after)
  if (section === 'gates') return ofGate(changed, before, after)
  if (section === 'agents') return path.length === 2 ? asked(changed) : byRule(rules.agent, changed, before, 2)
  if (section === 'emergency' && path.length === 1) return opposite(asked(changed))
  const firstFits = own(FIRST_FITS, section) as Rule | undefined
  if (firstFits) return path.length <= 2 ? 'maybe' : byRule(firstFits, changed, before, 2)
  // What no rule is known for may mean anything.
  return byRule((own(SECTIONS, section) as Rule | undefined) ?? same, changed, before, 1)
}

function ofColumns(changed: Changed, before: Written, after: Written): Effect {
  const { path, change, entry } = changed
  const policy = change === 'added' ? after : before
  const one = changed.after ?? changed.before
  switch (path[2]) {
    case undefined:
      return path.length === 1 ? 'maybe' : guards(one, policy) ? asked(changed) : null
    case 'enter':
    case 'leave':
      return entry && decides(policy, one) ? asked(changed) : null
    case 'then':
      // What runs after a move lets no other card through.
      return null
    default:
      return byRule(rules.column, changed, before, 2)
  }
}

/** A gate that nothing asks for, or that is only shown before and after, lets the same through whatever it says. */
function ofGate(changed: Changed, before: Written, after: Written): Effect {
  const { path, entry } = changed
  const [, name = '', key = ''] = path
  const [old, now] = [own(before.gates, name), own(after.gates, name)] as (Written['gates'][string] | undefined)[]
  if (old === undefined || now === undefined || !isAsked(before, name) || !isAsked(after, name)) return null
  if (key === 'enforce') return now.enforce ? 'stricter' : 'looser'
  if (!old.enforce && !now.enforce) return null
  // The settings of two kinds cannot be compared; that the kind is another one says so.
  if (old.kind !== now.kind && !COMMON.has(key)) return key === 'kind' ? 'maybe' : null
  if (key === 'windows' && path[4] === 'except')
    return path.length > 5 && !entry ? asked(changed) : opposite(asked(changed))
  return byRule(rules.gate, changed, before, 2)
}

/** By the rule for the part that the first steps of the path lead to: as if nothing else had changed. */
function byRule(rule: Rule, changed: Changed, before: Written, steps: number): Effect {
  const compare = rule as Tightening<unknown>
  const old = changed.path.slice(0, steps).reduce<unknown>(own, before) ?? {}
  const now = patched(old, changed.path.slice(steps), changed)
  const [looser, stricter] = [compare(old, now).length > 0, compare(now, old).length > 0]
  return looser ? (stricter ? 'maybe' : 'looser') : stricter ? 'stricter' : null
}

function patched(value: unknown, [step, ...rest]: string[], changed: Changed): unknown {
  if (step !== undefined) {
    const next = patched(own(value, step), rest, changed)
    if (Array.isArray(value)) return value.map((one) => (one === own(value, step) ? next : one))
    return { ...(isRecord(value) ? value : {}), [step]: next }
  }
  if (changed.change === 'reordered') return changed.after
  if (!changed.entry) return changed.after ?? undefined
  const list = Array.isArray(value) ? value : []
  return changed.change === 'added' ? [...list, changed.after] : list.filter((one) => !sameValue(one, changed.before))
}

/** A part of a list by its name, or by its number from 1; what is inherited is not there. */
function own(value: unknown, step: string): unknown {
  if (Array.isArray(value)) return value.find((one) => isRecord(one) && one.name === step) ?? value[Number(step) - 1]
  return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

function asked({ change }: Changed): Effect {
  return change === 'added' ? 'stricter' : change === 'removed' ? 'looser' : 'maybe'
}

function opposite(effect: Effect): Effect {
  return effect === 'stricter' ? 'looser' : effect === 'looser' ? 'stricter' : effect
}

function decides(policy: Written, gate: unknown): boolean {
  const rule = typeof gate === 'string' ? own(policy.gates, gate) : undefined
  return isRecord(rule) && rule.enforce === true
}

/** Whether a column that came or went asks something of a card. */
function guards(column: unknown, policy: Written): boolean {
  if (!isRecord(column)) return false
  const names = [column.enter, column.leave].flatMap((list) => (Array.isArray(list) ? list : []))
  return column.movers !== undefined || column.limit !== undefined || names.some((name) => decides(policy, name))
}

function isAsked(policy: Written, name: string): boolean {
  return policy.columns.some(({ enter, leave }) => [...enter, ...leave].includes(name))
}
