// The policy in the words of its file: keys spelled as there, and what holds where it says nothing filled in.
import type { ColumnRule, GateRule, Limit, Policy, WaiveRule } from './policy.ts'
import { waiversSchema } from './waiver-schema.ts'

type Keys = Record<string, unknown>
type Column = Keys & { name: string; enter: string[]; leave: string[] }
type Gate = Keys & { kind: string; enforce: boolean }

/** Every other key is there as the policy has it. */
export type Written = Keys & { columns: Column[]; gates: Record<string, Gate> }

export function written(policy: Policy): Written {
  const { agents, emergency, waivers } = policy
  return {
    ...policy,
    columns: policy.columns.map(column),
    gates: Object.fromEntries(Object.entries(policy.gates).map(([name, rule]) => [name, gate(rule)])),
    waivers: waiversSchema.parse(waivers ? { 'longest-days': waivers.longestDays, 'most-open': waivers.mostOpen } : {}),
    ...(agents === undefined
      ? {}
      : {
          agents: Object.fromEntries(
            agents.map(({ name, mayEnter, ...agent }) => [name, { ...agent, ...given('may-enter', mayEnter) }]),
          ),
        }),
    ...(emergency === undefined ? {} : { emergency: spelled(emergency, 'reviewHours', 'review-hours') }),
  }
}

function column({ limit, ...rule }: ColumnRule): Column {
  return { ...spelled(rule, 'whileWaiting', 'while-waiting'), ...given('limit', limit && limits(limit)) } as Column
}

function limits({ total, perOwner, perRisk }: Limit): Keys {
  return { ...given('total', total), ...given('per-owner', perOwner), ...given('per-risk', perRisk) }
}

/** The settings of a gate's kind stand among the keys that every gate has. */
function gate({ name: _, when, settings, waive, ...rule }: GateRule): Gate {
  return { ...rule, ...given('when', when), ...(settings as Keys), ...given('waive', waive && waiving(waive)) }
}

function waiving({ longestDays, compensate, ...rule }: WaiveRule): Keys {
  return { ...rule, ...given('longest-days', longestDays), ...given('compensate', compensate) }
}

function spelled(rule: Keys, key: string, inFile: string): Keys {
  const { [key]: value, ...others } = rule
  return { ...others, [inFile]: value }
}

function given(key: string, value: unknown): Keys {
  return value === null || value === undefined ? {} : { [key]: value }
}
