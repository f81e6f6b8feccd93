// Turns the merged file into the policy as the rest of the program reads it: defaults filled in, lists instead of maps.
import type { z } from 'zod'
import type { AgentRule, ColumnRule, EmergencyRule, GateRule, Limit, Policy, WaiveRule, When } from './policy.ts'
import type { PolicyFile } from './schema.ts'
import type { waiveSchema } from './waiver-schema.ts'

type Waive = z.infer<typeof waiveSchema>
type Emergency = NonNullable<PolicyFile['emergency']>

/** The policy; null where `board` or `columns` are in no file. */
export function resolvePolicy(file: PolicyFile): Policy | null {
  const { board, columns } = file
  if (board === undefined || columns === undefined) return null
  return {
    version: 1,
    board: resolveBoard(board),
    changes: Object.entries(file.changes).map(([name, rule]) => ({
      name,
      label: rule.label ?? null,
      requires: rule.requires,
    })),
    risk: Object.entries(file.risk).map(([name, { labels, changes, paths, fields }]) => ({
      name,
      labels,
      changes,
      ...(paths ? { paths } : {}),
      ...(fields ? { fields } : {}),
    })),
    ...(file.agents === undefined ? {} : { agents: Object.entries(file.agents).map(resolveAgent) }),
    columns: columns.map(resolveColumn),
    moves: { forward: file.moves.forward, backward: file.moves.backward },
    gates: mapValues(file.gates, resolveGate),
    workflows: mapValues(file.workflows, (name, { locked: _, ...rule }) => ({ name, ...rule })),
    labels: { hold: file.labels.hold, move: file.labels.move },
    ...(file.emergency === undefined ? {} : { emergency: resolveEmergency(file.emergency) }),
    ...(file.waivers === undefined
      ? {}
      : { waivers: { longestDays: file.waivers['longest-days'], mostOpen: file.waivers['most-open'] } }),
  }
}

function resolveBoard({ project, field, also, repositories }: NonNullable<PolicyFile['board']>): Policy['board'] {
  return { project, field, ...(also ? { also } : {}), ...(repositories ? { repositories } : {}) }
}

function resolveColumn(column: NonNullable<PolicyFile['columns']>[number]): ColumnRule {
  const { name, leave, enter, start, then } = column
  return {
    name,
    limit: resolveLimit(column.limit),
    leave,
    enter,
    start,
    then,
    whileWaiting: column['while-waiting'],
    ...(column.movers === undefined ? {} : { movers: column.movers }),
    ...(column.pull ? { pull: true as const } : {}),
  }
}

function resolveAgent([name, rule]: [string, NonNullable<PolicyFile['agents']>[string]]): AgentRule {
  return { name, login: rule.login, mayEnter: rule['may-enter'] ?? null }
}

function resolveLimit(limit: NonNullable<PolicyFile['columns']>[number]['limit']): Limit | null {
  if (limit === undefined) return null
  if (typeof limit === 'number') return { total: limit, perOwner: null }
  const perRisk = limit['per-risk']
  return { total: limit.total ?? null, perOwner: limit['per-owner'] ?? null, ...(perRisk ? { perRisk } : {}) }
}

/** What is not common to all gates are the settings of its kind. What is locked matters to other layers only. */
function resolveGate(name: string, gate: Record<string, unknown>): GateRule {
  const { kind, when, enforce, waive, locked: _, ...settings } = gate as Record<string, unknown> & { waive?: Waive }
  return {
    name,
    kind: String(kind),
    enforce: enforce !== false,
    when: (when as When | undefined) ?? null,
    settings,
    ...(waive === undefined ? {} : { waive: resolveWaive(waive) }),
  }
}

function resolveEmergency({ 'review-hours': reviewHours, locked: _, ...rule }: Emergency): EmergencyRule {
  return { ...rule, reviewHours }
}

function resolveWaive(waive: Waive): WaiveRule {
  return { teams: waive.teams, longestDays: waive['longest-days'] ?? null, compensate: waive.compensate ?? null }
}

function mapValues<A, B>(from: Record<string, A>, make: (name: string, value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, make(name, value)]))
}
