// Finds names in a policy that stand for nothing. It reads plain data, so that it works beside other problems.
import type { Problem } from '../facts/problem.ts'
import { isRecord, unknownName } from '../facts/shape.ts'
import { GATES, isWorkflowGate } from '../gates/index.ts'
import { mentionsIn, type Section } from './mentions.ts'
import type { Merged } from './merged.ts'

/** All names that are used and not defined, columns that are named twice, and gates that cannot start a workflow. */
export function nameProblems(merged: Merged): Problem[] {
  const { raw } = merged
  const columns = list(raw.columns)
  const columnNames = columns.map((column) => (isRecord(column) && typeof column.name === 'string' ? column.name : ''))
  const known = {
    gates: keys(raw.gates),
    workflows: keys(raw.workflows),
    changes: keys(raw.changes),
    risk: ['default', ...keys(raw.risk)],
    agents: keys(raw.agents),
    columns: columnNames,
  }
  const unknown = mentionsIn(raw).filter(({ of, name }) => !known[of].includes(name))
  return [
    ...unknown.map(({ path, of, name, at }) =>
      merged.problem(
        path,
        { ...undefinedYet(of, known[of]), ...unknownName(name, known[of], `is no ${WORDS[of]} of this policy`) },
        at,
      ),
    ),
    ...columns.flatMap((column, at) =>
      isRecord(column)
        ? [
            ...(column.pull === true ? pullProblems(merged, at, column) : []),
            ...starters(merged, at, column.start),
            ...doubled(merged, at, columnNames),
          ]
        : [],
    ),
    ...riskProblems(merged),
    ...reservedGates(merged),
  ]
}

const WORDS: Record<Section, string> = {
  gates: 'gate',
  workflows: 'workflow',
  changes: 'kind of change',
  risk: 'risk',
  agents: 'agent',
  columns: 'column',
}

/** Where there is none at all, no other name can be meant. */
function undefinedYet(section: Section, known: string[]): { remedy?: string } {
  return known.length > 0 ? {} : { remedy: `Define it in \`${section}\`, or leave it out here.` }
}

function reservedGates(merged: Merged): Problem[] {
  const reserved = keys(merged.raw.gates).filter((name) => name.toLowerCase() === 'policy')
  return reserved.map((name) => {
    const message = `A gate cannot be named \`${name}\`: \`andon / policy\` is the check of a policy’s own pull requests.`
    return merged.problem(['gates', name], { message, remedy: 'Choose another name.' })
  })
}

function riskProblems(merged: Merged): Problem[] {
  const { risk, board } = merged.raw
  const columnField = isRecord(board) && typeof board.field === 'string' ? board.field : 'Status'
  return Object.entries(isRecord(risk) ? risk : {}).flatMap(([name, rule]) => {
    const told = keys(isRecord(rule) ? rule.fields : null)
      .filter((field) => field.toLowerCase() === columnField.toLowerCase())
      .map((field) =>
        merged.problem(['risk', name, 'fields', field], {
          message: `\`${field}\` is the field of the columns: it says where a card stands, not its risk.`,
          remedy: 'Name another field of the board.',
        }),
      )
    if (name !== 'default') return told
    const message = '`default` is the risk of a card that no rule matches.'
    return [merged.problem(['risk', name], { message, remedy: 'Choose another name.' }), ...told]
  })
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
