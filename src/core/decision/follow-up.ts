// What a granted move sets going: evaluations that start as the card arrives, and workflows that follow the grant.
import { gateOf } from '../gates/index.ts'
import type { Policy } from '../policy/policy.ts'
import { currentRequest, judgeRequest, order } from './ask-gates.ts'
import { contextOf } from './context.ts'
import type { Course } from './course.ts'
import { agentsBehind } from './movers.ts'
import { applies, columnRule } from './pipeline.ts'

/** How long a workflow of `then` may take before it is called lost, minutes. */
const THEN_MINUTES = 60

export function orderFollowUps(course: Course, policy: Policy): void {
  const move = course.move.current
  const seen = course.move.seen
  const rule = move && columnRule(policy, move.to)
  if (move === null || seen === null || !rule) return
  const agents = agentsBehind(policy, seen.card, move.by)
  for (const name of rule.start) {
    const gate = policy.gates[name]
    if (gate === undefined || !applies(gate, seen.card, move.changeKind, move.risk, agents)) continue
    if (currentRequest(course.move, name, gate, move, course.at)) continue
    const question = gateOf(gate.kind).question(contextOf(course.move, seen, move, policy, course.at), gate.settings)
    if (question.ask === 'workflow') order(course, name, question, 'start')
  }
  for (const name of rule.then) {
    const workflow = policy.workflows[name]
    if (workflow === undefined) continue
    const request = course.issue()
    const deadline = new Date(Date.parse(course.at) + THEN_MINUTES * 60_000).toISOString()
    const asked = { file: workflow.file, criteria: {}, with: workflow.with }
    course.emit({ kind: 'workflow-ordered', at: course.at, move: move.id, name, request, asked, deadline })
  }
}

/** Judges runs whose answer came after their move was settled, so that the record and the comment hold them too. */
export function judgeFollowUps(course: Course, policy: Policy | null): void {
  const { move } = course
  const settled = move.current
  if (policy === null || settled === null || settled.outcome === null || move.seen === null) return
  const context = contextOf(move, move.seen, settled, policy, course.at)
  for (const request of Object.values(move.requests)) {
    if (request.move !== settled.id || request.purpose === 'then') continue
    if (request.answer === null && request.deadline > course.at) continue
    const rule = policy.gates[request.name]
    if (rule === undefined || request.policy !== settled.policy) continue
    const known =
      settled.late.find((gate) => gate.request === request.id) ??
      settled.gates.find((gate) => gate.request === request.id)
    // Asked before the change was another one: what it measured is not what was settled.
    if (known === undefined || (known.judgement && known.judgement.verdict !== 'wait')) continue
    const judgement = judgeRequest(request, rule, context, course.at)
    course.emit({
      kind: 'gate-judged',
      at: course.at,
      move: settled.id,
      gate: request.name,
      request: request.id,
      judgement,
    })
  }
}
