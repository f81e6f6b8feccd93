// Starts the workflows that were ordered, each once: where the answer is lost, its run is looked for before it is started again.
import type { Effect } from '../core/decision/effects.ts'
import type { GitHub } from '../github/port.ts'
import type { PendingOrder } from '../ledger/port.ts'
import { indexOf } from './card-index.ts'
import { isLost, reasonOf } from './failure.ts'
import type { Turn } from './turn.ts'
import { after, now, type World } from './world.ts'

type DispatchEffect = Extract<Effect, { effect: 'dispatch-workflow' }>

/**
 * A run that was started comes into GitHub's lists within this time, or it was not started. Where the process dies
 * before the answer comes, the lease of its task lasts as long.
 */
const LISTED_SECONDS = 30

/**
 * Starts the workflows that were ordered. `refused`: GitHub refused one, which has to be decided about. `again`: when
 * to look for one whose start nobody answered, so that it is not started twice.
 */
export async function dispatchRuns(
  world: World,
  github: GitHub,
  turn: Turn,
): Promise<{ refused: boolean; again: string | null }> {
  let refused = false
  const later: string[] = []
  for (const order of await world.ledger.pending(turn.stream)) {
    if (order.effect.effect !== 'dispatch-workflow') continue
    const became = await dispatchRun(world, github, turn, order, order.effect)
    if (typeof became === 'object') {
      later.push(became.again)
      continue
    }
    if (became === 'refused') refused = true
    await turn.commit(indexOf(turn))
    await world.ledger.done([order.id])
  }
  return { refused, again: later.sort()[0] ?? null }
}

async function dispatchRun(
  world: World,
  github: GitHub,
  turn: Turn,
  order: PendingOrder,
  effect: DispatchEffect,
): Promise<'settled' | 'refused' | { again: string }> {
  const content = turn.move.seen?.card.content
  const request = turn.move.requests[effect.request]
  if (!content || !request || request.run || request.answer) return 'settled'
  const { repository, defaultBranch } = content
  const { request: id, file } = effect
  const unanswered = `unanswered:${id}`
  if (order.tries > 0) {
    const again = await world.ledger.handle(turn.stream, unanswered)
    if (again !== null && again > now(world)) return { again }
    const found = await github.findRun({ repository, file, request: id, since: request.askedAt })
    if (found) {
      turn.take({ kind: 'run-started', at: now(world), request: id, run: found.id, url: found.url })
      return 'settled'
    }
  }
  await world.ledger.attempting([order.id])
  const result = await github
    .dispatch({ repository, ref: defaultBranch, file, input: JSON.stringify(effect.input) })
    .catch((error: unknown) => {
      if (isLost(error)) return { lost: reasonOf(error) }
      throw error
    })
  if ('lost' in result) {
    const again = after(now(world), LISTED_SECONDS * 2 ** Math.min(order.tries, 3))
    world.log.warn({ again, reason: result.lost }, 'GitHub did not say whether it started a workflow; it is looked for')
    await world.ledger.keepHandle(turn.stream, unanswered, again)
    return { again }
  }
  if (!result.ok) {
    turn.take({ kind: 'dispatch-refused', at: now(world), request: id, reason: result.reason, detail: result.message })
    return 'refused'
  }
  if (result.run)
    turn.take({ kind: 'run-started', at: now(world), request: id, run: result.run.id, url: result.run.url })
  return 'settled'
}
