// Asks the gates of the open move in their order, what costs nothing first, and settles the move when all have answered.
import type { Judgement } from '../facts/judgement.ts'
import { sameValue } from '../facts/stable.ts'
import { worst } from '../facts/verdict.ts'
import type { Question } from '../gates/gate.ts'
import { gateOf } from '../gates/index.ts'
import type { GateRule, Policy } from '../policy/policy.ts'
import { bindingOf, bindingQueries } from './binding.ts'
import { contextOf } from './context.ts'
import type { Course } from './course.ts'
import { overdueReviews, oweReview, skippedGates } from './emergency.ts'
import type { Attempt, GateState, Move, Request } from './move.ts'
import { grant, refuse } from './open-move.ts'
import { secondsBetween } from './place.ts'
import { refusalsAtGrant, ruleQueries } from './rules.ts'
import { withWaiver } from './waiver.ts'

type WorkflowQuestion = Extract<Question, { ask: 'workflow' }>

export function askGates(course: Course, policy: Policy): void {
  if (!course.answered(bindingQueries(course.move, policy))) return
  rebind(course, policy)
  const skipped = skippedGates(course, policy)
  for (const gate of course.open?.gates ?? []) {
    const judgement = skipped.get(gate.name)
    if (judgement) record(course, gate, gate.request, judgement)
    else askLocal(course, policy, gate)
  }
  if (course.missing.length > 0) return
  // What costs nothing was asked first; where it fails already, no run is asked for.
  if (!failed(course.open))
    for (const gate of course.open?.gates ?? []) if (!skipped.has(gate.name)) askWorkflow(course, policy, gate.name)
  settle(course, policy)
}

/** The change, its commit, its labels or the policy are not those that were judged: all is asked again. */
function rebind(course: Course, policy: Policy): void {
  const open = course.open
  if (open === null) return
  const now = bindingOf(course.move, policy, open)
  const samePolicy = now.policy === open.policy
  const sameChange = now.change === open.change && now.commit?.sha === open.commit?.sha
  const sameGates =
    JSON.stringify(now.gates) === JSON.stringify(open.gates.map(({ name, kind, enforce }) => ({ name, kind, enforce })))
  const sameCard = now.risk === open.risk && now.changeKind === open.changeKind
  if (samePolicy && sameChange && sameGates && sameCard) return
  course.emit({ kind: 'gates-voided', at: course.at, move: open.id, because: sameChange ? 'policy' : 'change', ...now })
}

function failed(attempt: Attempt | null): boolean {
  return (
    attempt?.gates.some(
      (gate) => gate.enforce && gate.judgement && !['pass', 'wait'].includes(gate.judgement.verdict),
    ) ?? false
  )
}

function askLocal(course: Course, policy: Policy, state: GateState): void {
  const rule = policy.gates[state.name]
  const seen = course.move.seen
  if (rule === undefined || seen === null || course.open === null) return
  const gate = gateOf(rule.kind)
  const context = contextOf(course.move, seen, course.open, policy, course.at)
  const question = gate.question(context, rule.settings)
  if (question.ask === 'workflow') return
  if (question.ask !== 'nothing' && !course.answered(question.queries)) return
  record(course, state, null, gate.judge(context, rule.settings, context))
}

function askWorkflow(course: Course, policy: Policy, name: string): void {
  const rule = policy.gates[name]
  const seen = course.move.seen
  const open = course.open
  const state = open?.gates.find((gate) => gate.name === name)
  if (rule === undefined || seen === null || open === null || state === undefined) return
  const gate = gateOf(rule.kind)
  const context = contextOf(course.move, seen, open, policy, course.at)
  const question = gate.question(context, rule.settings)
  if (question.ask !== 'workflow') return
  const request = currentRequest(course.move, name, rule, open, course.at)
  if (request) {
    record(course, state, request.id, judgeRequest(request, rule, context, course.at))
  } else if (mayStart(open.gates, state)) {
    order(course, name, question, 'gate')
  } else {
    record(course, state, null, { verdict: 'wait', reason: 'waits-for-others' })
  }
}

/** The verdict on a run: its evidence judged, or why there is none, or that it still runs. */
export function judgeRequest(
  request: Request,
  rule: GateRule,
  context: Parameters<ReturnType<typeof gateOf>['judge']>[2],
  at: string,
): Judgement {
  const urls = request.run ? { urls: [request.run.url] } : {}
  if (request.answer) return { ...gateOf(rule.kind).judge(request.answer, rule.settings, context), ...urls }
  if (secondsBetween(at, request.deadline) <= 0) {
    const answer = { reason: 'run-timed-out' as const, detail: null, runUrl: request.run?.url ?? null }
    return { ...gateOf(rule.kind).judge(answer, rule.settings, context), ...urls }
  }
  return {
    verdict: 'wait',
    reason: request.run ? 'run-in-progress' : 'run-requested',
    until: request.deadline,
    ...urls,
  }
}

/** The latest run asked for this gate, this change at this commit and this policy. One that could not measure is asked again by a new move. */
export function currentRequest(
  move: Move,
  name: string,
  rule: GateRule,
  binding: Pick<Attempt, 'change' | 'commit' | 'policy'>,
  at: string,
): Request | null {
  const found = Object.values(move.requests).findLast(
    (request) =>
      request.name === name &&
      request.purpose !== 'then' &&
      !request.dropped &&
      measuresSame(request, binding) &&
      request.policy === binding.policy,
  )
  if (found === undefined) return null
  if (found.move === move.current?.id) return found
  const settings = rule.settings as { reuse?: boolean }
  const failed = found.answer === null ? found.deadline <= at : !('evidence' in found.answer)
  return failed || settings.reuse === false ? null : found
}

/** A card without a readable manifest has no change to tell one state from the next: its commit alone does. */
export function measuresSame(request: Request, now: Pick<Attempt, 'change' | 'commit'>): boolean {
  return request.change === now.change && request.commit?.sha === now.commit?.sha
}

/**
 * Gates are asked in the order written. A run starts when nothing asked so far fails, and everything written before
 * it has passed, or is itself an evaluation under way. Gates that are only shown hold nothing up.
 */
function mayStart(gates: GateState[], state: GateState): boolean {
  const before = gates.slice(0, gates.indexOf(state)).filter((gate) => gate.enforce)
  return before.every(
    (gate) => gate.judgement?.verdict === 'pass' || (gate.kind === 'evaluation' && gate.request !== null),
  )
}

/** Asks a workflow: the request is an id of its own, the deadline is the policy's. */
export function order(course: Course, gate: string, question: WorkflowQuestion, purpose: 'gate' | 'start'): void {
  const move = course.move.current
  if (move === null) return
  const request = course.issue()
  const deadline = new Date(Date.parse(course.at) + question.timeoutMinutes * 60_000).toISOString()
  const asked = { file: question.file, criteria: question.criteria, with: question.with }
  course.emit({ kind: 'gate-asked', at: course.at, move: move.id, gate, request, asked, deadline, purpose })
  if (purpose === 'gate') {
    const judgement: Judgement = { verdict: 'wait', reason: 'run-requested', until: deadline }
    course.emit({ kind: 'gate-judged', at: course.at, move: move.id, gate, request, judgement })
  }
}

/** Only what is new enters the record. */
function record(course: Course, state: GateState, request: string | null, found: Judgement): void {
  if (course.open === null) return
  const judgement = withWaiver(course.move, course.open, state.name, found)
  if (judgement === null) return
  if (state.judgement && state.request === request && sameValue(state.judgement, judgement)) return
  course.emit({ kind: 'gate-judged', at: course.at, move: course.open.id, gate: state.name, request, judgement })
}

function reasonToGrant(enforced: GateState[]): Parameters<typeof grant>[2] {
  if (enforced.length === 0) return 'no-gates'
  const reasons = new Set(enforced.map((gate) => gate.judgement?.reason))
  if (reasons.has('skipped-emergency')) return 'passed-in-emergency'
  return reasons.has('waived') ? 'passed-with-waivers' : 'all-gates-passed'
}

function settle(course: Course, policy: Policy): void {
  const open = course.open
  if (open === null) return
  const enforced = open.gates.filter((gate) => gate.enforce)
  const verdict = worst(enforced.map((gate) => gate.judgement?.verdict ?? 'wait'))
  if (verdict === 'pass') {
    if (!course.answered(ruleQueries(policy, open, open))) return
    const overdue = overdueReviews(course, policy, open.by)
    if (overdue === null) return
    const reasons = [...refusalsAtGrant(course.move, policy, open), ...overdue]
    if (reasons.length > 0) {
      refuse(course, reasons)
      return
    }
    grant(course, policy, reasonToGrant(enforced))
    oweReview(course, policy)
  } else if (verdict === 'wait') {
    const stands = course.move.place.column === open.to && open.to !== course.move.home
    if (open.whileWaiting === 'return' && stands && course.move.placing === null)
      course.emit({ kind: 'move-parked', at: course.at, move: open.id })
  } else {
    const reasons = enforced
      .filter((gate) => gate.judgement && gate.judgement.verdict !== 'pass' && gate.judgement.verdict !== 'wait')
      .map((gate) => ({
        reason: gate.judgement?.reason ?? ('unread' as const),
        gate: gate.name,
        detail: gate.judgement?.detail ?? [],
      }))
    refuse(course, reasons)
  }
}
