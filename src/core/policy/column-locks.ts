// Holds the columns of a policy to what is locked: what they ask for, that they are there, and what stands before them.
import { keepsAll, type Loosened, must, under } from '../gates/tightening.ts'
import type { BrokenLock, Lock, Locks } from './locked.ts'
import type { PolicyFile } from './schema.ts'
import { column } from './tighter.ts'

type Columns = NonNullable<PolicyFile['columns']>
type Column = Columns[number]

/** Of each column that is locked, or asks for a gate that is. */
export function columnsLoosened(locked: PolicyFile, now: PolicyFile, locks: Locks): BrokenLock[] {
  const before: Columns = locked.columns ?? []
  const after: Columns = now.columns ?? []
  return before.flatMap((rule, at) => {
    const own = locks.get(`columns.${rule.name}`)
    const guards = guardsOf(rule, locks)
    const lock = own ?? takenBy(locks.get(`gates.${[...guards.enter, ...guards.leave][0]}`))
    if (lock === undefined) return []
    const index = after.findIndex(({ name }) => name === rule.name)
    const there = after[index]
    if (there === undefined) return [{ path: ['columns'], lock, loosened: must(`hold \`${rule.name}\``) }]
    const kept = own ? column(rule, there) : asks(guards, there)
    const standing = [...outOfOrder(before, at, after, index), ...parted(guards, locked, at, after, index)]
    return [{ path: ['columns', index], lock, loosened: [...standing, ...kept] }]
  })
}

/** A column that is not locked itself stays for the sake of a gate. */
function takenBy(lock: Lock | undefined): Lock | undefined {
  return lock && { along: lock.path, ...lock }
}

type Guards = Pick<Column, 'enter' | 'leave'>

/** The locked gates that a column asks for. */
function guardsOf({ enter, leave }: Column, locks: Locks): Guards {
  const isLocked = (name: string) => locks.has(`gates.${name}`)
  return { enter: enter.filter(isLocked), leave: leave.filter(isLocked) }
}

function asks(guards: Guards, there: Column): Loosened[] {
  return (['enter', 'leave'] as const).flatMap((key) => under(key, keepsAll(guards[key], there[key])))
}

/**
 * What was reached through it is not reached before it, and from what led to it no card comes back into it: moves back
 * are asked nothing. The first is where cards begin.
 */
function outOfOrder(before: Columns, at: number, after: Columns, index: number): Loosened[] {
  if (at === 0 && index > 0) return must('come first')
  const place = ({ name }: Column) => after.findIndex((other) => other.name === name)
  const behind = before.slice(0, at).findLast((rule) => place(rule) > index)
  const ahead = before.slice(at + 1).find((rule) => place(rule) >= 0 && place(rule) < index)
  return [
    ...(behind ? must(`come after \`${behind.name}\``) : []),
    ...(ahead ? must(`come before \`${ahead.name}\``) : []),
  ]
}

/** A soak counts the time in the column before; and what is asked on leaving holds for the way into the next. */
function parted(guards: Guards, locked: PolicyFile, at: number, after: Columns, index: number): Loosened[] {
  const [last, next] = [locked.columns?.[at - 1]?.name, locked.columns?.[at + 1]?.name]
  const soak = guards.enter.find((name) => locked.gates[name]?.kind === 'soak')
  return [
    ...(soak && last && after[index - 1]?.name !== last
      ? must(`come directly after \`${last}\`, where \`${soak}\` counts the time`)
      : []),
    ...(guards.leave[0] && next && after[index + 1]?.name !== next
      ? must(`come directly before \`${next}\`, the way that \`${guards.leave[0]}\` guards`)
      : []),
  ]
}
