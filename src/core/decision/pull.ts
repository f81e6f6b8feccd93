// Pulls a card: whether it is ready for a column that takes cards by itself, and whether its turn has come.
import { ANDON } from '../facts/actor.ts'
import type { Binding } from '../facts/event.ts'
import type { Judgement } from '../facts/judgement.ts'
import { gateOf } from '../gates/index.ts'
import type { ColumnRule, Policy } from '../policy/policy.ts'
import { currentRequest, judgeRequest } from './ask-gates.ts'
import { bindingOf } from './binding.ts'
import { contextOf } from './context.ts'
import { Course } from './course.ts'
import { overdueReviews } from './emergency.ts'
import { cardsBeside } from './evolve-attempt.ts'
import type { Attempt, Move } from './move.ts'
import { openMove, refuse } from './open-move.ts'
import { columnRule, nextColumn } from './pipeline.ts'
import { isRoom, refusals, ruleQueries } from './rules.ts'
import { withWaiver } from './waiver.ts'

const PULLED = { by: ANDON, via: 'andon', since: null, restored: false } as const

/** Notes whether the card is ready to be pulled, and pulls it where it is its turn. Asked while no move is open. */
export function judgePull(course: Course, policy: Policy): void {
  const target = pullTarget(course.move, policy)
  const unready = () => {
    const { ready } = course.move
    if (ready) course.emit({ kind: 'card-unready', at: course.at, to: ready.to })
  }
  if (target === null) {
    unready()
    return
  }
  const found = outlook(course, policy, target)
  if (course.missing.length > 0) return
  if (!found.ready) {
    unready()
    return
  }
  if (course.move.ready?.to !== target.name) {
    unready()
    course.emit({ kind: 'card-ready', at: course.at, to: target.name })
  }
  const from = course.move.home ?? ''
  const way = { from, to: target.name, restored: false }
  if (!course.answered([...ruleQueries(policy, way, PULLED), { fact: 'column', name: from }])) return
  if (found.held || refusals(course.move, policy, { ...PULLED, to: target.name }).length > 0) return
  if (isTurn(course.move, target)) openMove(course, { ...PULLED, to: target.name }, policy)
}

/**
 * Whether the gates of an open move may be asked. A pulled card is judged where it stands, as a dragged one is: of two
 * that were pulled into one place, the later one goes back.
 */
export function mayAsk(course: Course, policy: Policy): boolean {
  const { open, move } = course
  if (open?.via !== 'andon') return open !== null
  if (move.placing || move.place.column !== open.to) return false
  if (!course.answered(ruleQueries(policy, open, open))) return false
  const reasons = refusals(move, policy, open)
  if (reasons.length === 0) return true
  refuse(course, reasons)
  return false
}

/** The column that the card may be pulled into from where it stands; null where there is none. */
function pullTarget(move: Move, policy: Policy): ColumnRule | null {
  const { seen, home, place, placing, archived, ask, current } = move
  if (seen === null || (seen.policy?.problems.length ?? 0) > 0 || seen.card.content === null) return null
  if (home === null || place.column !== home || placing || archived || ask || current?.outcome === null) return null
  const next = columnRule(policy, nextColumn(policy, home))
  return columnRule(policy, home) && next?.pull ? next : null
}

/** Whether the card waits on the checks of other apps to become ready. */
export function waitsOnChecks(move: Move, policy: Policy): boolean {
  const target = pullTarget(move, policy)
  return (
    target !== null &&
    [...target.enter, ...(columnRule(policy, move.home)?.leave ?? [])].some(
      (name) => policy.gates[name]?.kind === 'checks',
    )
  )
}

/** When time alone may make the card ready, or take its readiness; null where it cannot. */
export function pullDeadline(move: Move, policy: Policy, at: string): string | null {
  if (move.seen === null) return null
  const course = new Course(move, { ...move.seen, at })
  const target = pullTarget(course.move, policy)
  const times = target ? outlook(course, policy, target).judgements.flatMap(({ until }) => until ?? []) : []
  return times.filter((until) => until > course.at).sort()[0] ?? null
}

/** `held`: ready as it is, the card is not to be pulled yet. */
type Outlook = { ready: boolean; held: boolean; judgements: Judgement[] }

/** What is known now of the gates on the way, and whether that is enough. */
function outlook(course: Course, policy: Policy, target: ColumnRule): Outlook {
  const { move, at } = course
  const seen = move.seen
  if (seen === null) return { ready: false, held: false, judgements: [] }
  const way = { from: move.home, to: target.name, forward: true, restored: false }
  const binding = bindingOf(move, policy, { ...way, by: ANDON })
  const attempt = { ...way, ...binding, ...PULLED } as unknown as Attempt
  const judgements = binding.gates.flatMap(({ name, enforce }): Judgement[] => {
    const rule = policy.gates[name]
    if (rule === undefined || !enforce) return []
    const gate = gateOf(rule.kind)
    const context = contextOf(move, seen, attempt, policy, at)
    const question = gate.question(context, rule.settings)
    if (question.ask === 'workflow') {
      const request = currentRequest(move, name, rule, binding, at)
      const judged = request && judgeRequest(request, rule, context, at)
      return [(judged && withWaiver(move, attempt, name, judged)) ?? { verdict: 'wait', reason: 'run-requested' }]
    }
    if (question.ask !== 'nothing' && !course.answered(question.queries)) return []
    const judged = gate.judge(context, rule.settings, context)
    return [withWaiver(move, attempt, name, judged) ?? judged]
  })
  const forbidden = [
    ...refusals(move, policy, { ...PULLED, to: target.name }).filter(({ reason }) => !isRoom(reason)),
    ...(overdueReviews(course, policy, ANDON) ?? []),
  ]
  const passes = judgements.every(({ verdict }) => verdict === 'pass')
  const held = heldBack(course, binding, target)
  return { ready: passes && forbidden.length === 0 && held !== 'out', held: held !== null, judgements }
}

/**
 * A card that a person took back is not pulled again while it is the same change under the same policy; one that was
 * pulled and refused, not before another card has come to that column or left it. Where it only came too late
 * (`in line`), it stays ready, so that it is woken by the next place.
 */
function heldBack(course: Course, now: Binding, target: ColumnRule): 'out' | 'in line' | null {
  const last = course.move.current
  if (last === null || last.change !== now.change || last.commit?.sha !== now.commit?.sha || last.policy !== now.policy)
    return null
  if (last.outcome === 'refused' && last.via === 'andon' && last.to === target.name) {
    if (!course.answered([{ fact: 'column', name: target.name }])) return 'out'
    if (!sameCards(last.beside ?? [], cardsBeside(course.move, target.name))) return null
    return last.refusals.every(({ reason }) => isRoom(reason)) ? 'in line' : 'out'
  }
  return !last.forward || last.outcome === 'withdrawn' ? 'out' : null
}

function sameCards(before: string[], now: string[]): boolean {
  return before.length === now.length && before.every((item) => now.includes(item))
}

/** Of several ready cards the one that has been ready longest goes first, as far as there is room. */
function isTurn({ seen, home, ready }: Move, target: ColumnRule): boolean {
  if (seen === null || ready === null) return false
  const own = seen.card.address.item
  const there = (seen.facts.columns[target.name] ?? []).filter(({ archived }) => !archived)
  const fits = (owners: string[]) =>
    target.limit?.perOwner == null ||
    owners.every(
      (owner) => there.filter((card) => card.assignees.includes(owner)).length < (target.limit?.perOwner ?? 0),
    )
  const earlier = (seen.facts.columns[home ?? ''] ?? []).filter(
    ({ item, archived, readySince, assignees }) =>
      !archived &&
      item !== own &&
      readySince !== undefined &&
      (readySince < ready.since || (readySince === ready.since && item < own)) &&
      fits(assignees),
  )
  return earlier.length < (target.limit?.total ?? Number.POSITIVE_INFINITY) - there.length
}
