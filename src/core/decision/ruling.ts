// Rules on one move under any policy, by what was recorded of it and nothing else.
import type { Refusal } from '../facts/event.ts'
import type { Judgement } from '../facts/judgement.ts'
import { NO_FACTS, type Query, unanswered } from '../facts/query.ts'
import { sameValue } from '../facts/stable.ts'
import { type Verdict, worst } from '../facts/verdict.ts'
import type { Context, Question } from '../gates/gate.ts'
import { gateOf } from '../gates/index.ts'
import type { GateRule, Policy } from '../policy/policy.ts'
import { judgeRequest, measuresSame } from './ask-gates.ts'
import { bindingOf, bindingQueries } from './binding.ts'
import { contextOf } from './context.ts'
import type { Attempt, Move, Request } from './move.ts'
import { isForward } from './pipeline.ts'
import { refusals, refusalsAtGrant, ruleQueries } from './rules.ts'
import { withWaiver } from './waiver.ts'

/** What a policy asks and the record does not hold: an answer of GitHub, a run, or a metric that no run measured. */
export type Need =
  | Query
  | { fact: 'run'; gate: string; file: string }
  | { fact: 'metric'; gate: string; metric: string }
  | { fact: 'unread'; gate: string }

/** `verdict` null: the record does not tell. */
type RuledGate = { name: string; enforce: boolean; verdict: Verdict | null }

/** `reasons`: what refuses, or what would be waited for. `untold`: it hangs on what the record lacks. */
export type Ruling = {
  outcome: 'granted' | 'refused' | 'waiting' | 'untold'
  reasons: Refusal[]
  needs: Need[]
  gates: RuledGate[]
}

/** The rules are held against the read that opened the move, its gates against the one that settled it. */
export function rule(opened: Move, move: Move, attempt: Attempt, policy: Policy, at: string): Ruling {
  const forward = attempt.restored || isForward(policy, attempt.from, attempt.to)
  if (!forward) return { outcome: 'granted', reasons: [], needs: [], gates: [] }
  const start = underPolicy(opened, policy)
  const ruled = refusals(start, policy, attempt)
  if (ruled.length > 0) return { outcome: 'refused', reasons: ruled, needs: [], gates: [] }
  const now = underPolicy(move, policy)
  const lacking = [...unread(ruleQueries(policy, attempt, attempt), start), ...unread(bindingQueries(now, policy), now)]
  const binding = bindingOf(now, policy, { ...attempt, forward })
  const asked = binding.gates.map((gate) => ({ ...gate, request: null, judgement: null }))
  const bound: Attempt = { ...attempt, ...binding, forward, gates: asked }
  const answers = asked.flatMap(({ name }) => {
    const gate = policy.gates[name]
    return gate === undefined
      ? []
      : [{ gate, ...excused(gate, now, attempt, policy, answer(gate, now, bound, policy, at)) }]
  })
  const gates = answers.map(({ gate, judgement }) => ({
    name: gate.name,
    enforce: gate.enforce,
    verdict: judgement?.verdict ?? null,
  }))
  const settled = settle(answers, lacking)
  const still = settled.outcome === 'granted' ? refusalsAtGrant(now, policy, bound) : []
  return { ...settled, ...(still.length > 0 ? { outcome: 'refused' as const, reasons: still } : {}), gates }
}

type Answer = { judgement: Judgement | null; needs: Need[] }

/** As the move would settle: one gate that fails decides, whatever is not known of the others. */
function settle(answers: (Answer & { gate: GateRule })[], lacking: Need[]): Omit<Ruling, 'gates'> {
  const deciding = answers.filter(({ gate }) => gate.enforce)
  const needs = [...lacking, ...deciding.flatMap((each) => each.needs)]
  const verdict = worst(deciding.map(({ judgement }) => judgement?.verdict ?? 'pass'))
  const bad = verdict !== 'pass' && verdict !== 'wait'
  const reasons = deciding.flatMap(({ gate, judgement }): Refusal[] => {
    const counts = judgement && judgement.verdict !== 'pass' && !(bad && judgement.verdict === 'wait')
    return counts ? [{ reason: judgement.reason, gate: gate.name, detail: judgement.detail ?? [] }] : []
  })
  if (bad) return { outcome: 'refused', reasons, needs: [] }
  if (needs.length > 0) return { outcome: 'untold', reasons, needs }
  return { outcome: verdict === 'wait' ? 'waiting' : 'granted', reasons, needs: [] }
}

/** What was waived or skipped in an emergency stays so under every policy that allows it. */
function excused(gate: GateRule, move: Move, attempt: Attempt, policy: Policy, answer: Answer): Answer {
  const recorded = attempt.gates.find(({ name }) => name === gate.name)?.judgement
  if (recorded?.reason === 'skipped-emergency' && policy.emergency?.skips.includes(gate.name))
    return { judgement: recorded, needs: [] }
  const judgement = answer.judgement && gate.waive && withWaiver(move, attempt, gate.name, answer.judgement)
  return judgement ? { ...answer, judgement } : answer
}

function answer(gate: GateRule, move: Move, attempt: Attempt, policy: Policy, at: string): Answer {
  const { seen } = move
  if (seen === null) return { judgement: null, needs: [] }
  const kind = gateOf(gate.kind)
  const context = contextOf(move, seen, attempt, policy, at)
  const question = kind.question(context, gate.settings)
  if (question.ask === 'workflow') return ofRun(gate, question, move, attempt, context)
  const needs = question.ask === 'nothing' ? [] : unread(question.queries, move)
  if (needs.length > 0) return { judgement: null, needs }
  return told(gate, kind.judge(context, gate.settings, context))
}

/** A run of the same change and commit, asked by the same gate of the same workflow, is judged by the new criteria. */
function ofRun(
  gate: GateRule,
  question: Extract<Question, { ask: 'workflow' }>,
  move: Move,
  attempt: Attempt,
  context: Context,
): Answer {
  const request = Object.values(move.requests).findLast(
    (each) =>
      each.name === gate.name &&
      each.purpose !== 'then' &&
      !each.dropped &&
      measuresSame(each, attempt) &&
      each.asked.file === question.file &&
      sameValue(each.asked.with, question.with),
  )
  const judgement = request === undefined ? null : judgeRequest(request, gate, context, context.at)
  if (request === undefined || judgement === null || judgement.verdict === 'wait')
    return { judgement: null, needs: [{ fact: 'run', gate: gate.name, file: question.file }] }
  const unmeasured = unaskedMetrics(request, judgement)
  const misses = judgement.rows?.some((row) => row.value !== null && !row.met)
  // What it was never asked to measure is no failure of the change.
  if (unmeasured.length > 0 && !misses)
    return { judgement: null, needs: unmeasured.map((metric) => ({ fact: 'metric', gate: gate.name, metric })) }
  return told(gate, judgement)
}

function unaskedMetrics(request: Request, judgement: Judgement): string[] {
  if (judgement.reason !== 'metric-missing' || request.answer === null || !('evidence' in request.answer)) return []
  const { metrics } = request.answer.evidence
  const missing = (judgement.rows ?? []).filter((row) => row.value === null && !Object.hasOwn(metrics, row.name))
  return missing.map((row) => row.name).filter((name) => !Object.hasOwn(request.asked.criteria, name))
}

function told(gate: GateRule, judgement: Judgement): Answer {
  return judgement.reason === 'unread'
    ? { judgement: null, needs: [{ fact: 'unread', gate: gate.name }] }
    : { judgement, needs: [] }
}

function unread(queries: Query[], move: Move): Query[] {
  const facts = move.seen?.facts ?? NO_FACTS
  return queries.map((query) => unanswered(query, facts)).filter((query) => query !== null)
}

/** The read as this policy would have had it: legible, on a board that has its columns. */
function underPolicy(move: Move, policy: Policy): Move {
  const { seen } = move
  if (seen === null) return move
  const options = policy.columns.map(({ name }) => ({ id: name, name }))
  const field = { id: '', name: policy.board.field, options }
  const ref = seen.policy && { ...seen.policy, problems: [] }
  return { ...move, seen: { ...seen, policy: ref, card: { ...seen.card, field } } }
}
