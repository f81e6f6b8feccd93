// Warns of rules in a policy that can never apply, or that always pass.
import type { Problem } from '../facts/problem.ts'
import { isPast, type Window } from '../gates/freeze-window.ts'
import type { Merged } from './merged.ts'
import type { GateRule, Policy } from './policy.ts'

export function vainRules(policy: Policy, merged: Merged, now: number | null): Problem[] {
  return [
    ...shadowedRisks(policy, merged),
    ...gatesForNobody(policy, merged),
    ...windowsForNobody(policy, merged),
    ...(now === null ? [] : pastWindows(policy, merged, now)),
    ...emptyManifests(policy, merged),
    ...looseLimits(policy, merged),
  ]
}

/** Everything that gives a card this risk, as one list that can be compared. */
function causesOf(rule: Policy['risk'][number]): string[] {
  const fields = Object.entries(rule.fields ?? {}).flatMap(([field, values]) =>
    values.map((value) => `field ${field.toLowerCase()} ${value.toLowerCase()}`),
  )
  return [
    ...rule.labels.map((label) => `label ${label}`),
    ...rule.changes.map((kind) => `kind ${kind}`),
    ...(rule.paths ?? []).map((glob) => `path ${glob}`),
    ...fields,
  ]
}

/** The risk that takes every card that could have this one; null where there is a card for it. */
function shadowOf(policy: Policy, at: number): string | null {
  const before = policy.risk.slice(0, at)
  const rule = policy.risk[at]
  if (rule === undefined) return null
  const takers = causesOf(rule).map((cause) => before.find((other) => causesOf(other).includes(cause)))
  return takers.every((taker) => taker !== undefined) ? (takers[0]?.name ?? null) : null
}

function shadowedRisks(policy: Policy, merged: Merged): Problem[] {
  return policy.risk.flatMap((rule, at) => {
    const taker = shadowOf(policy, at)
    if (taker === null) return []
    const message = `No card has the risk \`${rule.name}\`: what would give it gives \`${taker}\` before.`
    const remedy = 'Write it before that one, or give it something of its own.'
    return [merged.problem(['risk', rule.name], { message, remedy })]
  })
}

/** The risks that a card of some kind, or with some label, may have: no later one than the first that names it. */
function risksOf(policy: Policy, kind: string | null, label: string | null): string[] {
  const names = policy.risk.flatMap((rule, at) => (shadowOf(policy, at) === null ? [rule.name] : []))
  const first = policy.risk.find(
    (rule) => (kind !== null && rule.changes.includes(kind)) || (label !== null && rule.labels.includes(label)),
  )
  return first ? names.slice(0, names.indexOf(first.name) + 1) : [...names, 'default']
}

function gatesForNobody(policy: Policy, merged: Merged): Problem[] {
  return Object.values(policy.gates).flatMap((gate) => {
    if (gate.when === null || !gate.when.risk || mayApply(policy, gate.when)) return []
    const message = `The gate \`${gate.name}\` applies to no card: none that meets the rest of \`when\` has this risk.`
    return [merged.problem(['gates', gate.name, 'when', 'risk'], { message, remedy: 'Correct `when`, or `risk`.' })]
  })
}

function mayApply(policy: Policy, when: NonNullable<GateRule['when']>): boolean {
  return (when.changes ?? [null]).some((kind) =>
    (when.labels ?? [null]).some((label) => risksOf(policy, kind, label).some((risk) => when.risk?.includes(risk))),
  )
}

function windowsForNobody(policy: Policy, merged: Merged): Problem[] {
  return Object.values(policy.gates).flatMap((gate) => {
    if (gate.kind !== 'freeze') return []
    const { windows } = gate.settings as { windows: Window[] }
    return windows.flatMap(({ except }, at) => {
      const all =
        except?.risk && !except.changes && risksOf(policy, null, null).every((one) => except.risk?.includes(one))
      if (!all) return []
      const message = 'This window never freezes anything: it excepts every risk there is.'
      const remedy = 'Leave out one of them, or the window.'
      return [merged.problem(['gates', gate.name, 'windows', at, 'except', 'risk'], { message, remedy })]
    })
  })
}

/** Dates of last year, kept by mistake: the gate freezes nothing any more. One that still has a window to come is no mistake. */
function pastWindows(policy: Policy, merged: Merged, now: number): Problem[] {
  return Object.values(policy.gates).flatMap((gate) => {
    if (gate.kind !== 'freeze') return []
    const { windows } = gate.settings as { windows: Window[] }
    if (windows.some((window) => !isPast(window, now))) return []
    const message = `The gate \`${gate.name}\` freezes nothing any more: all its windows are past.`
    return [merged.problem(['gates', gate.name, 'windows'], { message, remedy: 'Give it the next dates.' })]
  })
}

/** Where kinds are named, a manifest is meant to hold something. A gate that nobody asks for is told elsewhere. */
function emptyManifests(policy: Policy, merged: Merged): Problem[] {
  const asked = new Set(policy.columns.flatMap((column) => [...column.leave, ...column.enter]))
  if (policy.changes.length === 0 || policy.changes.some((rule) => rule.requires.length > 0)) return []
  return Object.values(policy.gates).flatMap((gate) => {
    const { requires } = gate.settings as { requires?: string[] }
    if (gate.kind !== 'manifest' || requires !== undefined || !asked.has(gate.name)) return []
    const message = `The gate \`${gate.name}\` passes with any manifest: nothing says what one must hold.`
    const remedy = 'Give it `requires`, or the kinds of change in `changes`.'
    return [merged.problem(['gates', gate.name], { message, remedy })]
  })
}

/** A limit for some of the cards that is no smaller than the one for all of them. */
function looseLimits(policy: Policy, merged: Merged): Problem[] {
  return policy.columns.flatMap(({ limit }, at) => {
    const total = limit?.total ?? null
    if (limit === null || total === null) return []
    const parts: [string[], number | null][] = [
      [['per-owner'], limit.perOwner],
      ...Object.entries(limit.perRisk ?? {}).map(([risk, most]): [string[], number] => [['per-risk', risk], most]),
    ]
    return parts.flatMap(([path, most]) => {
      if (most === null || most < total) return []
      const message = `This limit never counts: the column holds no more than ${total} cards anyway.`
      return [
        merged.problem(['columns', at, 'limit', ...path], {
          message,
          remedy: `Make it less than ${total}, or leave it out.`,
        }),
      ]
    })
  })
}
