// Finds names in a policy that stand for nothing. It reads plain data, so that it works beside other problems.
import type { Problem } from '../facts/problem.ts'
import { isRecord, unknownName } from '../facts/shape.ts'
import { GATES, isWorkflowGate } from '../gates/index.ts'
import type { Merged } from './merged.ts'

/** All names that are used and not defined, columns that are named twice, and gates that cannot start a workflow. */
export function nameProblems(merged: Merged): Problem[] {
  const { raw } = merged
  const names = {
    gates: keys(raw.gates),
    workflows: keys(raw.workflows),
    changes: keys(raw.changes),
    risks: ['default', ...keys(raw.risk)],
    agents: keys(raw.agents),
  }
  const columns = list(raw.columns)
  const columnNames = columns.map((column) => (isRecord(column) && typeof column.name === 'string' ? column.name : ''))
  const columnField = isRecord(raw.board) && typeof raw.board.field === 'string' ? raw.board.field : 'Status'
  const found: Problem[] = []
  const check = (
    path: (string | number)[],
    used: unknown,
    known: string[],
    what: string,
    at: 'key' | 'value' = 'value',
  ) => {
    if (typeof used === 'string' && !known.includes(used))
      found.push(merged.problem(path, unknownName(used, known, `is no ${what}`), at))
  }
  const checkAll = (path: (string | number)[], used: unknown, known: string[], what: string) => {
    for (const [index, name] of list(used).entries()) check([...path, index], name, known, what)
  }
  for (const [at, column] of columns.entries()) {
    if (!isRecord(column)) continue
    for (const key of ['leave', 'enter', 'start'])
      checkAll(['columns', at, key], column[key], names.gates, 'gate of this policy')
    checkAll(['columns', at, 'then'], column.then, names.workflows, 'workflow of this policy')
    if (isRecord(column.movers))
      checkAll(['columns', at, 'movers', 'agents'], column.movers.agents, names.agents, 'agent of this policy')
    for (const risk of keys(isRecord(column.limit) ? column.limit['per-risk'] : null))
      check(['columns', at, 'limit', 'per-risk', risk], risk, names.risks, 'risk of this policy', 'key')
    if (column.pull === true) found.push(...pullProblems(merged, at, column))
    found.push(...starters(merged, at, column.start), ...doubled(merged, at, columnNames))
  }
  for (const [name, risk] of entries(raw.risk)) {
    if (name === 'default')
      found.push(
        merged.problem(['risk', name], {
          message: '`default` is the risk of a card that no rule matches.',
          remedy: 'Choose another name.',
        }),
      )
    checkAll(['risk', name, 'changes'], risk.changes, names.changes, 'kind of change of this policy')
    for (const field of keys(risk.fields))
      if (field.toLowerCase() === columnField.toLowerCase())
        found.push(
          merged.problem(['risk', name, 'fields', field], {
            message: `\`${field}\` is the field of the columns: it says where a card stands, not its risk.`,
            remedy: 'Name another field of the board.',
          }),
        )
  }
  for (const [name, gate] of entries(raw.gates)) {
    const when = isRecord(gate.when) ? gate.when : {}
    checkAll(['gates', name, 'when', 'changes'], when.changes, names.changes, 'kind of change of this policy')
    checkAll(['gates', name, 'when', 'risk'], when.risk, names.risks, 'risk of this policy')
    for (const risk of keys(gate.count))
      check(['gates', name, 'count', risk], risk, names.risks, 'risk of this policy', 'key')
    checkAll(['gates', name, 'when', 'agents'], when.agents, names.agents, 'agent of this policy')
    for (const [at, window] of list(gate.windows).entries()) {
      const except = isRecord(window) && isRecord(window.except) ? window.except : {}
      const path = ['gates', name, 'windows', at, 'except']
      checkAll([...path, 'changes'], except.changes, names.changes, 'kind of change of this policy')
      checkAll([...path, 'risk'], except.risk, names.risks, 'risk of this policy')
    }
    for (const risk of keys(gate.weights))
      check(['gates', name, 'weights', risk], risk, names.risks, 'risk of this policy', 'key')
  }
  for (const [name, agent] of entries(raw.agents))
    checkAll(['agents', name, 'may-enter'], agent['may-enter'], columnNames, 'column of this policy')
  const emergency = isRecord(raw.emergency) ? raw.emergency : {}
  checkAll(['emergency', 'skips'], emergency.skips, names.gates, 'gate of this policy')
  const moves = isRecord(raw.labels) && isRecord(raw.labels.move) ? raw.labels.move : {}
  for (const [label, target] of Object.entries(moves))
    check(['labels', 'move', label], target, columnNames, 'column of this policy')
  return found
}

/** Only a gate that a workflow answers has something to start. */
function starters(merged: Merged, at: number, start: unknown): Problem[] {
  const gates = isRecord(merged.raw.gates) ? merged.raw.gates : {}
  return list(start).flatMap((name, index) => {
    const gate = typeof name === 'string' && Object.hasOwn(gates, name) ? gates[name] : undefined
    const kind = isRecord(gate) && typeof gate.kind === 'string' ? gate.kind : null
    if (kind === null || !Object.hasOwn(GATES, kind) || isWorkflowGate(kind)) return []
    const message = `\`${name}\` is of kind \`${kind}\`: it has no workflow that could start.`
    return [merged.problem(['columns', at, 'start', index], { message, remedy: 'Name it in `enter` or `leave`.' })]
  })
}

/** A column that pulls needs a bound, and one before it to pull from. */
function pullProblems(merged: Merged, at: number, column: Record<string, unknown>): Problem[] {
  const path = ['columns', at, 'pull']
  if (at === 0)
    return [
      merged.problem(path, {
        message: 'The first column has none before it to pull cards from.',
        remedy: 'Leave `pull` out.',
      }),
    ]
  if (column.limit !== undefined) return []
  const message = 'A column that pulls cards needs a `limit`: without one it would take every card that is ready.'
  return [merged.problem(path, { message, remedy: 'Give the column a `limit`.' })]
}

function doubled(merged: Merged, at: number, names: string[]): Problem[] {
  const name = names[at]
  if (!name || names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) === at) return []
  return [
    merged.problem(
      ['columns', at, 'name'],
      {
        message: `The column \`${name}\` is listed twice.`,
        remedy: 'Keep one of them.',
      },
      'value',
    ),
  ]
}

function keys(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : []
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function entries(value: unknown): [string, Record<string, unknown>][] {
  return isRecord(value)
    ? Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]))
    : []
}
