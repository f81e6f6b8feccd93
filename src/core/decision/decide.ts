// Decides what is so now: opens a move where the card shows one, asks its gates, and grants or refuses it.
import type { Event } from '../facts/event.ts'
import type { Query } from '../facts/query.ts'
import type { Policy } from '../policy/policy.ts'
import { askGates } from './ask-gates.ts'
import { Course } from './course.ts'
import { closeReviews } from './emergency.ts'
import { judgeFollowUps } from './follow-up.ts'
import type { Move } from './move.ts'
import { openMove } from './open-move.ts'
import { judgePull, mayAsk } from './pull.ts'
import { endWaivers } from './waiver.ts'
import { findWish, type Wish } from './wish.ts'

/**
 * What follows from an event that `move` has already taken in. `policy` is the effective policy, or its last readable
 * version where the present one cannot be read; null where the board never had one.
 */
export function decide(move: Move, event: Event, policy: Policy | null): Event[] {
  return think(move, event, policy).decided
}

/** What `decide` would still have to know of GitHub to answer in full. */
export function wanted(move: Move, event: Event, policy: Policy | null): Query[] {
  return think(move, event, policy).missing
}

function think(move: Move, event: Event, policy: Policy | null): Course {
  const course = new Course(move, event)
  // Everything else is taken in first; the read of the card that closes the turn is what gets decided about.
  if (event.kind !== 'card-seen' || event.policy === null) return course
  judgeFollowUps(course, policy)
  endWaivers(course, policy)
  closeReviews(course, policy)
  // A card that was dragged before its label was heard shows two wishes at once: each is recorded, the asked one last.
  if (course.move.ask) {
    follow(course, findWish({ ...course.move, ask: null }, policy, event.at), policy)
    // What asks nothing is granted; what would have to wait is overtaken.
    if (policy !== null && course.open?.gates.length === 0) askGates(course, policy)
  }
  follow(course, findWish(course.move, policy, event.at), policy)
  if (policy === null) return course
  if (mayAsk(course, policy)) askGates(course, policy)
  if (course.open === null) judgePull(course, policy)
  return course
}

function follow(course: Course, wish: Wish | null, policy: Policy | null): void {
  if (wish?.ends && course.open)
    course.emit({ kind: 'move-ended', at: course.at, move: course.open.id, outcome: wish.ends })
  if (wish?.opens) openMove(course, wish.opens, policy)
}
