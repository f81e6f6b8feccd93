// The order of columns, and what a move from one to another crosses.
import { bears, type Card } from '../facts/card.ts'
import type { Change } from '../facts/change.ts'
import type { ColumnRule, GateRule, Policy, When } from '../policy/policy.ts'

/** Position in the pipeline; -1 for no status and for columns the policy does not name. */
function position(policy: Policy, column: string | null): number {
  return policy.columns.findIndex((rule) => rule.name === column)
}

export function columnRule(policy: Policy, column: string | null): ColumnRule | null {
  return policy.columns.find((rule) => rule.name === column) ?? null
}

/** A move is forward when it goes further down the pipeline, or into it from outside. */
export function isForward(policy: Policy, from: string | null, to: string | null): boolean {
  return position(policy, to) > position(policy, from)
}

/** Names of the gates a forward move must pass: `leave` and `enter` of every column it leaves and enters, in order. */
function gatesBetween(policy: Policy, from: string | null, to: string | null): string[] {
  const start = position(policy, from)
  const end = position(policy, to)
  const names: string[] = []
  for (let at = Math.max(start, 0); at <= end; at++) {
    const rule = policy.columns[at]
    if (rule === undefined) continue
    if (at > start) names.push(...rule.enter)
    if (at < end) names.push(...rule.leave)
  }
  return [...new Set(names)]
}

/** From where a card goes where; a `restored` one came out of the archive. */
export type Way = { from: string | null; to: string | null; restored: boolean }

/** The columns that a forward move brings a card into: the one it goes to, and those it passes. */
export function columnsEntered(policy: Policy, { from, to, restored }: Way): ColumnRule[] {
  const end = position(policy, to)
  const first = position(policy, from) + 1
  return policy.columns.slice(restored ? Math.min(first, Math.max(end, 0)) : first, end + 1)
}

/** A restored card that comes no further than it was asks what its column asks at its entry; any other, as any move. */
export function gatesFor(policy: Policy, from: string | null, to: string | null, restored: boolean): string[] {
  return restored && !isForward(policy, from, to)
    ? (columnRule(policy, to)?.enter ?? [])
    : gatesBetween(policy, from, to)
}

/** Whether columns that may not be passed over lie between: under `forward: next`, any but the next one. */
export function skipsColumns(policy: Policy, from: string | null, to: string | null): boolean {
  if (policy.moves.forward === 'any') return false
  const start = position(policy, from)
  const end = position(policy, to)
  if (start >= 0) return end > start + 1
  // From outside the board a card may begin behind columns that ask nothing of it.
  return policy.columns.slice(0, end).some((rule) => rule.enter.length > 0 || rule.leave.length > 0)
}

/** The column a card in `from` may go to next; null at the end. From outside it is the first one. */
export function nextColumn(policy: Policy, from: string | null): string | null {
  return policy.columns[position(policy, from) + 1]?.name ?? null
}

/** The kind of change: the first whose label is on the card, else the manifest's own word. */
export function changeKindOf(policy: Policy, card: Card, change: Change | null): string | null {
  const byLabel = policy.changes.find((rule) => rule.label !== null && bears(card, rule.label))
  return byLabel?.name ?? change?.kind ?? null
}

/** Whether a gate applies to this card. `agents`: the agents that moved it or wrote its change. */
export function applies(
  gate: GateRule,
  card: Card,
  changeKind: string | null,
  risk: string,
  agents: string[],
): boolean {
  return gate.when === null || meets(gate.when, card, changeKind, risk, agents)
}

function meets(when: When, card: Card, changeKind: string | null, risk: string, agents: string[]): boolean {
  if (when.changes && (changeKind === null || !when.changes.includes(changeKind))) return false
  if (when.risk && !when.risk.includes(risk)) return false
  if (when.labels && !when.labels.some((label) => bears(card, label))) return false
  if (when.agents && !agents.some((name) => when.agents === true || when.agents?.includes(name))) return false
  return true
}

/** Whose card it is: its assignees, else its author. */
export function ownersOf(card: Card): string[] {
  if (card.content === null) return []
  return card.content.assignees.length > 0 ? card.content.assignees : [card.content.author.login]
}
