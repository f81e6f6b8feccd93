// All kinds of gate. A new kind is one file beside this one, one line here, and one test.
import type { Judgement } from '../facts/judgement.ts'
import { approvalGate } from './approval.ts'
import { budgetGate } from './budget.ts'
import { checksGate } from './checks.ts'
import { evaluationGate } from './evaluation.ts'
import { filesGate } from './files.ts'
import { freezeGate } from './freeze.ts'
import type { Context, Gate, Question, WorkflowAnswer } from './gate.ts'
import { issuesGate } from './issues.ts'
import { manifestGate } from './manifest.ts'
import { soakGate } from './soak.ts'

/** Gates that the card, GitHub and people answer. */
const LOCAL_GATES = {
  manifest: manifestGate,
  approval: approvalGate,
  checks: checksGate,
  freeze: freezeGate,
  soak: soakGate,
  issues: issuesGate,
  files: filesGate,
  budget: budgetGate,
}

/** Gates that a workflow run answers. */
const WORKFLOW_GATES = { evaluation: evaluationGate }

export const GATES = { ...LOCAL_GATES, ...WORKFLOW_GATES }

/** Kinds of the contract that a later version brings: known, and refused. */
export const LATER_KINDS = ['canary', 'registry']

/** A gate whose settings' type is not known here: they are what the kind's own schema made of them. */
export type AnyGate = {
  kind: string
  question(context: Context, settings: unknown): Question
  /** The answer is the context itself, but for gates in `WORKFLOW_GATES`. */
  judge(answer: Context | WorkflowAnswer, settings: unknown, context: Context): Judgement
}

export function isWorkflowGate(kind: string): boolean {
  return Object.hasOwn(WORKFLOW_GATES, kind)
}

/** The gate of a kind. Throws for a kind that is not in the table: a policy cannot hold one, so it is a caller's bug. */
export function gateOf(kind: string): AnyGate {
  const gates: Record<string, Pick<Gate<never, never>, 'kind' | 'question' | 'judge'>> = GATES
  const gate = Object.hasOwn(gates, kind) ? gates[kind] : undefined
  if (gate === undefined) throw new Error(`There is no gate of kind ${kind}.`)
  return gate as AnyGate
}
