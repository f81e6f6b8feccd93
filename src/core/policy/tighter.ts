// Which way each part of a policy is tighter: what a higher layer may do to a part that a lower one locked.
import { isRecord } from '../facts/shape.ts'
import { GATES } from '../gates/index.ts'
import {
  addsNone,
  atMost,
  demanded,
  eachOf,
  free,
  keepsAll,
  keyByKey,
  type Loosened,
  must,
  same,
  type Tightening,
  under,
  wherePresent,
} from '../gates/tightening.ts'

type Keys = Record<string, unknown>

/** Fewer cards to which something applies is looser: a condition may be dropped or widened, not added. */
const when: Tightening<Keys | undefined> = (locked, now) => {
  if (now === undefined) return []
  if (locked === undefined) return must('not be limited by `when`')
  return Object.entries(now).flatMap(([key, value]) => {
    if (!Object.hasOwn(locked, key)) return under(key, must('not be a condition'))
    const lists = Array.isArray(locked[key]) && Array.isArray(value)
    return under(key, lists ? keepsAll(locked[key] as unknown[], value) : same(locked[key], value))
  })
}

const waive: Tightening<Keys | undefined> = (locked, now) => {
  if (now === undefined) return []
  if (locked === undefined) return must('not be there: nobody may waive this gate')
  return keyByKey({ teams: addsNone, 'longest-days': cap })(locked, now)
}

/** A highest number that may be set where there was none, and lowered. */
const cap = wherePresent(atMost)

const limit: Tightening<unknown> = (locked, now) => {
  const keys = (value: unknown): Keys => (typeof value === 'number' ? { total: value } : ((value ?? {}) as Keys))
  return keyByKey({ total: cap, 'per-owner': cap, 'per-risk': eachOf(atMost) })(keys(locked), keys(now))
}

const choice =
  (strict: string): Tightening<unknown> =>
  (locked, now) =>
    locked === strict && now !== strict ? must(`stay \`${strict}\``) : []

/** The repositories whose cards are governed: a list of them may be lengthened or left out. */
const repositories: Tightening<readonly unknown[] | undefined> = (locked, now) =>
  now === undefined ? [] : locked === undefined ? must('not be limited') : keepsAll(locked, now)

/** A repository may name further boards, and need not name again those of the layer below. */
export const board = keyByKey({ project: free, also: free, repositories })

const people = keyByKey({ teams: addsNone, users: addsNone, bots: addsNone, agents: addsNone })

/** Without it everybody may move cards there. */
const movers: Tightening<Keys | undefined> = (locked, now) =>
  locked === undefined ? [] : now === undefined ? must('not be left out') : people(locked, now)

/** The columns that an agent may enter: without them, all that everybody may. */
const mayEnter: Tightening<readonly unknown[] | undefined> = (locked, now) =>
  locked === undefined ? [] : now === undefined ? must('not be left out') : addsNone(locked, now)

export const agent = keyByKey({ 'may-enter': mayEnter, locked: free })

/** A column that takes cards by itself asks none of its movers. */
const pull: Tightening<boolean | undefined> = (locked, now) => (now && !locked ? must('not take cards by itself') : [])

export const column = keyByKey({
  movers,
  pull,
  limit,
  leave: keepsAll,
  enter: keepsAll,
  then: keepsAll,
  start: free,
  'while-waiting': choice('return'),
  locked: free,
})

/** The settings of the gate's kind have rules of their own, in the gate's file. */
export function gate(locked: Keys, now: Keys): Loosened[] {
  if (locked.kind !== now.kind) return under('kind', same(locked.kind, now.kind))
  const common = { when, waive, enforce: demanded, kind: free, locked: free }
  const part = (gate: Keys, shared: boolean) =>
    Object.fromEntries(Object.entries(gate).filter(([key]) => Object.hasOwn(common, key) === shared))
  return [
    ...keyByKey(common)(part(locked, true), part(now, true)),
    ...keyByKey(settingsOf(String(locked.kind)))(part(locked, false), part(now, false)),
  ]
}

/** The rules of a kind's own settings. */
function settingsOf(kind: string): Record<string, Tightening<never>> {
  const gates: Record<string, { tightening: object }> = GATES
  return (gates[kind]?.tightening ?? {}) as Record<string, Tightening<never>>
}

export const change = keyByKey({ requires: keepsAll, locked: free })
/** Neither more cards nor fewer: whoever falls under another risk meets other gates. */
export const risk = keyByKey({ locked: free })
const workflow = keyByKey({ locked: free })

/** Parts that are locked one by one. */
export const PARTS: Record<string, Tightening<never>> = {
  gates: gate,
  changes: change,
  risk,
  agents: agent,
  workflows: workflow,
}

/** Sections that are locked as a whole. One that was not there may not be added where it only concedes. */
export const SECTIONS: Record<string, Tightening<never>> = {
  // Where no kind is known, none is looked for; where some are, a new one takes cards from them.
  changes: closed('the list of kinds', change, 'open while empty'),
  risk: closed('the list of risks', risk),
  // Who is an automaton: what each of them may enter is free, unless the agent itself is locked.
  agents: eachOf(keyByKey({ 'may-enter': free, locked: free })),
  moves: keyByKey({ forward: choice('next'), locked: free }),
  labels: keyByKey({ move: free, locked: free }),
  waivers: optional(keyByKey({ 'longest-days': cap, 'most-open': cap, locked: free })),
  emergency: optional(keyByKey({ teams: addsNone, skips: addsNone, 'review-hours': atMost, locked: free })),
}

/** Names of which the first that fits a card is the card's: one more would take cards from `default` or from others. */
function closed(what: string, each: Tightening<Keys>, empty?: 'open while empty'): Tightening<Record<string, Keys>> {
  return (locked, now) => {
    const isOpen = empty !== undefined && Object.keys(locked).length === 0
    const added = Object.keys(now).filter((name) => !isOpen && !Object.hasOwn(locked, name))
    return [
      ...eachOf(each)(locked, now),
      ...added.flatMap((name) => under(name, [{ path: [], must: 'not be added', what }])),
    ]
  }
}

function optional(rule: Tightening<Keys>): Tightening<Keys | undefined> {
  return (locked, now) => (isRecord(locked) && isRecord(now) ? rule(locked, now) : [])
}
