// All kinds of gate. A new kind is one file beside this one, one line here, and one test.
import type { Judgement } from '../facts/judgement.ts'
import { approvalGate } from './approval.ts'
import { checksGate } from './checks.ts'
import { evaluationGate } from './evaluation.ts'
import { filesGate } from './files.ts'
import { freezeGate } from './freeze.ts'
import type { Context, Gate, LocalGate, Question, WorkflowAnswer, WorkflowGate } from './gate.ts'
import { issuesGate } from './issues.ts'
import { manifestGate } from './manifest.ts'
import { soakGate } from './soak.ts'

/** Gates that the card, GitHub and people answer. */
export const LOCAL_GATES = {
  manifest: manifestGate,
  approval: approvalGate,
  checks: checksGate,
  freeze: freezeGate,
  soak: soakGate,
  issues: issuesGate,
  files: filesGate,
}

/** Gates that a workflow run answers. */
export const WORKFLOW_GATES = { evaluation: evaluationGate }

export const GATES = { ...LOCAL_GATES, ...WORKFLOW_GATES }

/** Kinds of the contract that a later version brings: known, and refused. */
export const LATER_KINDS = ['canary', 'registry', 'budget']

/** A gate as a policy holds it: its kind, and what the kind's schema made of its settings. */
export type GateSpec = { kind: string; settings: unknown }

const questions: Record<string, Pick<Gate<never, never>, 'question'>> = GATES
const local: Record<string, Pick<LocalGate<never>, 'judge'>> = LOCAL_GATES
const byWorkflow: Record<string, Pick<WorkflowGate<never>, 'judge'>> = WORKFLOW_GATES

export function isWorkflowGate(kind: string): boolean {
  return Object.hasOwn(WORKFLOW_GATES, kind)
}

/** What a gate asks, and of whom. */
export function questionOf(gate: GateSpec, context: Context): Question {
  return find(questions, gate.kind).question(context, gate.settings as never)
}

/** Judges a gate that needs no workflow. */
export function judgeLocal(gate: GateSpec, context: Context): Judgement {
  return find(local, gate.kind).judge(context, gate.settings as never, context)
}

/** Judges what a workflow run brought home. */
export function judgeAnswer(gate: GateSpec, answer: WorkflowAnswer, context: Context): Judgement {
  return find(byWorkflow, gate.kind).judge(answer, gate.settings as never, context)
}

/** Throws for a kind that is not in the table: a policy cannot hold one, so it is a bug of the caller. */
function find<G>(gates: Record<string, G>, kind: string): G {
  const gate = Object.hasOwn(gates, kind) ? gates[kind] : undefined
  if (gate === undefined) throw new Error(`There is no gate of kind ${kind} here.`)
  return gate
}
