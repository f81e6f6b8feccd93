// The policy as the rest of the program reads it: parsed, defaults filled in, every name resolved.

/** Number by column, by owner (the card's assignees; its author where it has none), and by risk where the policy says so. */
export type Limit = { total: number | null; perOwner: number | null; perRisk?: Record<string, number> }

/** Who may move cards into a column: team slugs, logins, and names of agents. */
export type Movers = { teams: string[]; users: string[]; bots: string[]; agents: string[] }

export type ColumnRule = {
  name: string
  limit: Limit | null
  leave: string[]
  enter: string[]
  start: string[]
  then: string[]
  whileWaiting: 'stay' | 'return'
  movers?: Movers
  pull?: true
}

export type When = { changes?: string[]; risk?: string[]; labels?: string[]; agents?: true | string[] }

/** The fast lane: who may use it, which gates it skips, and the review it owes. */
export type EmergencyRule = {
  label: string
  teams: string[]
  skips: string[]
  reviewHours: number
  issue: { labels: string[] }
}

/** Who may waive a gate. `longestDays` null: as long as the board allows. */
export type WaiveRule = { teams: string[]; longestDays: number | null; compensate: string | null }

/** `settings` is what the gate's own schema made of its keys. */
export type GateRule = {
  name: string
  kind: string
  enforce: boolean
  when: When | null
  settings: unknown
  waive?: WaiveRule
}

type ChangeRule = { name: string; label: string | null; requires: string[] }
/** `paths` and `fields` are there only where the policy has them, so that other policies keep their digests. */
type RiskRule = {
  name: string
  labels: string[]
  changes: string[]
  paths?: string[]
  fields?: Record<string, string[]>
}
type WorkflowRule = { name: string; file: string; with: Record<string, unknown> }

/** An automated actor. `mayEnter`: the only columns it may move cards forward into; null where it has no such rule. */
export type AgentRule = { name: string; login: string; mayEnter: string[] | null }

/** `also`: further boards. `repositories`: patterns of those whose cards are governed; all where there are none. */
type BoardRule = { project: number; field: string; also?: number[]; repositories?: string[] }

export type Policy = {
  version: 1
  board: BoardRule
  changes: ChangeRule[]
  risk: RiskRule[]
  agents?: AgentRule[]
  columns: ColumnRule[]
  moves: { forward: 'next' | 'any'; backward: 'any' }
  gates: Record<string, GateRule>
  workflows: Record<string, WorkflowRule>
  emergency?: EmergencyRule
  waivers?: { longestDays: number; mostOpen: number }
  labels: { hold: string; move: Record<string, string> }
}

/** The hold label where the policy names none. */
export const HOLD_LABEL = 'andon: hold'
