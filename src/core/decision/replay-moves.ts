// Decides recorded moves under another policy: folds a card's events to each settlement, and rules on it.
import type { Event } from '../facts/event.ts'
import { boardsOfPolicy } from '../policy/govern.ts'
import type { Policy } from '../policy/policy.ts'
import { evolve, type Move, NEW_MOVE } from './move.ts'
import { type Ruling, rule } from './ruling.ts'

export type ReplayedMove = {
  move: string
  at: string
  card: { item: string; title: string; repository: string | null; number: number | null; url: string | null }
  from: string | null
  to: string | null
  recorded: 'granted' | 'refused'
  ruling: Ruling
}

/**
 * Decides each move on a board of the policy that one card's events settle, of those that are `wanted`. A run that ended
 * only after its move was settled is taken in, too: this policy might have waited for it.
 */
export function* replayMoves(
  events: Iterable<Event>,
  policy: Policy,
  wanted: (move: string) => boolean = () => true,
): Generator<ReplayedMove> {
  let move = NEW_MOVE
  let opened = NEW_MOVE
  let done: Settlement | null = null
  for (const event of events) {
    if (event.kind === 'move-opened' && done !== null) {
      yield* decideAgain(done, move, policy)
      done = null
    }
    const settles = event.kind === 'move-granted' || event.kind === 'move-refused'
    if (settles && wanted(event.move)) done = { opened, move, event }
    move = evolve(move, event)
    if (event.kind === 'move-opened') opened = move
  }
  if (done !== null) yield* decideAgain(done, move, policy)
}

/** A card when its move was opened and just before it was settled, and what settled it. */
type Settlement = { opened: Move; move: Move; event: Extract<Event, { kind: 'move-granted' | 'move-refused' }> }

function* decideAgain({ opened, move, event }: Settlement, later: Move, policy: Policy): Generator<ReplayedMove> {
  const { current, seen } = move
  if (seen === null || current?.id !== event.move || opened.current?.id !== event.move) return
  const { address, title, content } = seen.card
  if (!boardsOfPolicy(policy).includes(address.number)) return
  const { number = null, repository = null, url = null } = content ?? {}
  yield {
    move: event.move,
    at: event.at,
    card: { item: address.item, title, repository, number, url },
    from: event.from,
    to: event.to,
    recorded: event.kind === 'move-granted' ? 'granted' : 'refused',
    ruling: rule(opened, { ...move, requests: answered(move, later) }, current, policy, event.at),
  }
}

/** The runs with what came home of them later; one that was asked to be repeated later counted until then. */
function answered(move: Move, later: Move): Move['requests'] {
  if (move.requests === later.requests) return move.requests
  const kept = Object.values(later.requests).map((request) => ({
    ...request,
    dropped: move.requests[request.id]?.dropped ?? request.dropped,
  }))
  return Object.fromEntries(kept.map((request) => [request.id, request]))
}
