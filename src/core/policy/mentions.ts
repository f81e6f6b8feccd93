// Every place where a policy names a part of itself. It reads plain data, so that it works beside other problems.
import { isRecord } from '../facts/shape.ts'

/** The part that is named: a gate, a risk, a column, by the section in which it stands. */
export type Section = 'gates' | 'workflows' | 'changes' | 'risk' | 'agents' | 'columns'

/** `at`: whether the name is a key there, or a value. */
export type Mention = { path: (string | number)[]; of: Section; name: string; at: 'key' | 'value' }

export function mentionsIn(raw: Record<string, unknown>): Mention[] {
  const labels = isRecord(raw.labels) ? raw.labels : {}
  const emergency = isRecord(raw.emergency) ? raw.emergency : {}
  return [
    ...list(raw.columns).flatMap((column, at) => (isRecord(column) ? inColumn(['columns', at], column) : [])),
    ...entries(raw.risk).flatMap(([name, risk]) => all(['risk', name, 'changes'], risk.changes, 'changes')),
    ...entries(raw.gates).flatMap(([name, gate]) => [
      ...inGate(['gates', name], gate),
      ...sources(['gates', name, 'from'], gate.from, raw.workflows),
    ]),
    ...entries(raw.agents).flatMap(([name, agent]) =>
      all(['agents', name, 'may-enter'], agent['may-enter'], 'columns'),
    ),
    ...all(['emergency', 'skips'], emergency.skips, 'gates'),
    ...Object.entries(isRecord(labels.move) ? labels.move : {}).flatMap(([label, column]) =>
      one(['labels', 'move', label], column, 'columns'),
    ),
  ]
}

type Path = (string | number)[]

function inColumn(path: Path, column: Record<string, unknown>): Mention[] {
  const { movers, limit } = column
  return [
    ...['leave', 'enter', 'start'].flatMap((key) => all([...path, key], column[key], 'gates')),
    ...all([...path, 'then'], column.then, 'workflows'),
    ...all([...path, 'movers', 'agents'], isRecord(movers) ? movers.agents : [], 'agents'),
    ...keys([...path, 'limit', 'per-risk'], isRecord(limit) ? limit['per-risk'] : null),
  ]
}

function inGate(path: Path, gate: Record<string, unknown>): Mention[] {
  const windows = list(gate.windows).flatMap((window, at) =>
    isRecord(window) ? conditions([...path, 'windows', at, 'except'], window.except) : [],
  )
  // `default` of a count or a weight is no risk: it holds for all that have none of their own there.
  const byRisk = ['count', 'weights'].flatMap((key) => keys([...path, key], gate[key]))
  return [...conditions([...path, 'when'], gate.when), ...windows, ...byRisk.filter(({ name }) => name !== 'default')]
}

/** Whose evidence counts: gates and workflows, which have their names in two sections. */
function sources(path: Path, value: unknown, workflows: unknown): Mention[] {
  const isWorkflow = (name: unknown) =>
    typeof name === 'string' && isRecord(workflows) && Object.hasOwn(workflows, name)
  return list(value).flatMap((name, at) => one([...path, at], name, isWorkflow(name) ? 'workflows' : 'gates'))
}

function conditions(path: Path, value: unknown): Mention[] {
  return (['changes', 'risk', 'agents'] as const).flatMap((of) =>
    all([...path, of], isRecord(value) ? value[of] : [], of),
  )
}

function keys(path: Path, value: unknown): Mention[] {
  return Object.keys(isRecord(value) ? value : {}).map((name) => ({
    path: [...path, name],
    of: 'risk',
    name,
    at: 'key',
  }))
}

function all(path: Path, value: unknown, of: Section): Mention[] {
  return list(value).flatMap((name, at) => one([...path, at], name, of))
}

function one(path: Path, name: unknown, of: Section): Mention[] {
  return typeof name === 'string' ? [{ path, of, name, at: 'value' }] : []
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function entries(value: unknown): [string, Record<string, unknown>][] {
  return isRecord(value)
    ? Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]))
    : []
}
