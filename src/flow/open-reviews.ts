// Opens the issues in which emergencies are reviewed. One that an earlier try may have opened is looked for first.
import type { Effect } from '../core/decision/effects.ts'
import type { GitHub } from '../github/port.ts'
import type { PendingOrder } from '../ledger/port.ts'
import { indexOf } from './card-index.ts'
import type { Turn } from './turn.ts'
import { now, type World } from './world.ts'

type IssueEffect = Extract<Effect, { effect: 'open-issue' }>

/** What GitHub refuses stays ordered: the next look at the card tries again, and the review is owed meanwhile. */
export async function openReviews(world: World, github: GitHub, turn: Turn): Promise<void> {
  for (const order of await world.ledger.pending(turn.stream)) {
    if (order.effect.effect !== 'open-issue') continue
    if (!(await openReview(world, github, turn, order, order.effect))) continue
    await turn.commit(indexOf(turn))
    await world.ledger.done([order.id])
  }
}

async function openReview(
  world: World,
  github: GitHub,
  turn: Turn,
  order: PendingOrder,
  effect: IssueEffect,
): Promise<boolean> {
  const review = turn.move.reviews.find(({ move }) => move === effect.move)
  const repository = turn.move.seen?.card.content?.repository
  if (review === undefined || review.issue !== null || repository === undefined) return true
  const { marker, title, labels } = effect
  const found = order.tries > 0 ? await github.findIssue({ repository, marker, since: review.at }) : null
  if (found === null) await world.ledger.attempting([order.id])
  const body = effect.body.replaceAll('andon://', `${world.recordUrl}/`)
  const opened =
    found === null ? await github.openIssue({ repository, title, body, labels }) : { ok: true as const, ...found }
  if (!opened.ok) {
    world.log.warn({ stream: turn.stream, reason: opened.message }, 'GitHub refused to open the issue of a review')
    return false
  }
  const { id: issue, number, url } = opened
  turn.take({ kind: 'review-opened', at: now(world), move: effect.move, issue, number, url })
  return true
}
