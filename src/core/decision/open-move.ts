// Opens a move: grants it where it goes back, refuses it where a rule forbids it; its gates are asked next.
import type { Refusal } from '../facts/event.ts'
import type { Policy } from '../policy/policy.ts'
import { bindingOf, bindingQueries } from './binding.ts'
import type { Course } from './course.ts'
import { overdueReviews } from './emergency.ts'
import { orderFollowUps } from './follow-up.ts'
import { agentOf } from './movers.ts'
import { columnRule, isForward } from './pipeline.ts'
import { origin } from './place.ts'
import { refusals, ruleQueries } from './rules.ts'
import type { NewWish } from './wish.ts'

export function openMove(course: Course, wish: NewWish, policy: Policy | null): void {
  // A move is bound to the card's risk: it is opened once that is known.
  if (!course.answered(bindingQueries(course.move, policy))) return
  const { at } = course
  const from = origin(course.move)
  // Without a policy that was ever readable no order is known: every move counts as forward, and is refused.
  const forward = policy === null || wish.restored || isForward(policy, from, wish.to)
  const agent = policy && agentOf(policy, wish.by)?.name
  const move = course.issue()
  course.emit({
    kind: 'move-opened',
    at,
    move,
    from,
    to: wish.to,
    by: wish.by,
    via: wish.via,
    ...(agent ? { agent } : {}),
    since: wish.since,
    forward,
    restored: wish.restored,
    // Whoever is pulled has passed its gates: there is nothing to wait for at home.
    whileWaiting: wish.via === 'andon' ? 'stay' : ((policy && columnRule(policy, wish.to)?.whileWaiting) ?? 'stay'),
    ...bindingOf(course.move, policy, { ...wish, from, forward }),
  })
  if (!forward) {
    grant(course, policy, 'moved-backward')
    return
  }
  if (policy !== null && !course.answered(ruleQueries(policy, { ...wish, from }, wish))) return
  const overdue = policy === null ? [] : overdueReviews(course, policy, wish.by)
  if (overdue === null) return
  const reasons = [...refusals(course.move, policy, wish), ...overdue]
  if (reasons.length > 0) refuse(course, reasons)
}

/** Refuses the open move, for these reasons; nothing where none is open. */
export function refuse(course: Course, reasons: Refusal[]): void {
  const { open, at } = course
  if (open) course.emit({ kind: 'move-refused', at, move: open.id, from: open.from, to: open.to, reasons })
}

export function grant(
  course: Course,
  policy: Policy | null,
  reason: 'moved-backward' | 'no-gates' | 'all-gates-passed' | 'passed-with-waivers' | 'passed-in-emergency',
): void {
  const open = course.open
  if (open === null) return
  course.emit({
    kind: 'move-granted',
    at: course.at,
    move: open.id,
    from: open.from,
    to: open.to,
    reason,
    change: open.change,
  })
  if (policy !== null && open.forward) orderFollowUps(course, policy)
}
