// The contract every gate keeps: its settings, the one question it asks, and how it judges the answer.
import type { z } from 'zod'
import type { Actor } from '../facts/actor.ts'
import type { Card, Commit } from '../facts/card.ts'
import type { Change } from '../facts/change.ts'
import type { EvidenceSummary } from '../facts/evidence.ts'
import type { Judgement } from '../facts/judgement.ts'
import type { Problem } from '../facts/problem.ts'
import type { Facts, Query } from '../facts/query.ts'
import type { Reason } from '../facts/reason.ts'
import type { Tightenings } from './tightening.ts'

/** An approval given by a command; reviews are on the card itself. `change` is the digest it was given for. */
export type Approval = { by: Actor; at: string; change: string; url: string }

/** What a gate may look at. Times are ISO 8601 in UTC. */
export type Context = {
  at: string
  card: Card
  /** The commit under test; null for a draft. */
  commit: Commit | null
  /** null where there is no readable manifest; `manifestProblems` then says why. */
  change: Change | null
  manifestProblems: Problem[]
  /** The kind of change by the policy: first label that matches, else the manifest's own word. */
  changeKind: string | null
  /** The card's risk by the policy; `default` where no rule matches. */
  risk: string
  /** The kinds the policy names; where it names some, a change of no known kind does not pass a `manifest` gate. */
  knownKinds?: string[]
  /** The agents that the policy names: none of them is a person, whatever the account. */
  agents?: { name: string; login: string }[]
  /** What the policy requires of that kind: manifest sections. */
  requires: string[]
  facts: Facts
  /** `doubt`: it is not sure who made the move, or not before `until`; absent or null where it is. */
  move: { from: string | null; to: string; by: Actor; doubt?: { until: string | null } | null }
  /** When the card came into the column it leaves; null where that is not known. */
  enteredAt: string | null
  approvals: Approval[]
  /** Since when the policy is in force, where it replaced another one: who approved before did not see its criteria. */
  policySince?: string | null
  /**
   * By an approving review's id: the digest of the change it was given for. GitHub binds a review to its commit only; of
   * one that is not named here nobody can tell which manifest its giver saw.
   */
  reviewed: Record<string, string>
}

export type Question =
  | { ask: 'nothing' }
  | { ask: 'github'; queries: Query[] }
  | { ask: 'people'; queries: Query[] }
  | {
      ask: 'workflow'
      file: string
      criteria: Record<string, unknown>
      with: Record<string, unknown>
      timeoutMinutes: number
    }

/** What came home of a workflow's question: evidence (as summarized in the ledger), or the reason why there is none (with its details in words). */
export type WorkflowAnswer =
  | { evidence: EvidenceSummary; runUrl: string | null }
  | { reason: Reason; detail: string | null; runUrl: string | null }

export type Gate<S, A> = {
  kind: string
  /** Strict Zod schema of the gate's own settings, without `kind`, `when` and `enforce`. */
  settings: z.ZodType<S>
  /** For each setting, which way it is tighter: what a higher layer of the policy may do to a locked gate. */
  tightening: Tightenings<S>
  question(context: Context, settings: S): Question
  judge(answer: A, settings: S, context: Context): Judgement
}

/** A gate that looks at the card, at GitHub and at people: the context is its answer. */
export type LocalGate<S> = Gate<S, Context>
/** A gate whose answer a workflow run brings. */
export type WorkflowGate<S> = Gate<S, WorkflowAnswer>
