// Reads one move's story out of the ledger: its entries, the move as they leave it, and what Andon did about it.
import { type Effect, effects, orderKey } from '../core/decision/effects.ts'
import { type Attempt, evolve, type Move, NEW_MOVE, recall } from '../core/decision/move.ts'
import type { Entry, Ledger, PendingOrder } from '../ledger/port.ts'

/** An act that an entry ordered. `done` false: it still waits to be done. */
export type Act = { at: string; effect: Effect; done: boolean }

export type Story = {
  stream: string
  /** The card as the last of the entries left it. */
  move: Move
  attempt: Attempt
  /** From the read that showed the move up to the next move of the card. */
  entries: Entry[]
  acts: Act[]
}

type Records = Pick<Ledger, 'read' | 'entriesOfMoves' | 'pending'>

/** Null where no such move is recorded. */
export async function readStory(ledger: Records, id: string): Promise<Story | null> {
  const named = await ledger.entriesOfMoves([id])
  const opening = named.find(({ event }) => event.kind === 'move-opened')
  if (!opening) return null
  const all = await ledger.read(opening.stream)
  const opened = all.findIndex(({ seq }) => seq === opening.seq)
  const later = all.findIndex(({ event }, index) => index > opened && event.kind === 'move-opened')
  const from = startOf(all, opened)
  const entries = all.slice(from, later < 0 ? all.length : startOf(all, later))
  const before = recall(
    all.slice(0, from).map(({ event }) => event),
    NEW_MOVE,
  )
  const pending = later < 0 ? await ledger.pending(opening.stream) : []
  const { move, acts } = follow(before, entries, pending)
  return move.current ? { stream: opening.stream, move, attempt: move.current, entries, acts } : null
}

/** A move begins with what was seen right before it was opened. */
function startOf(entries: Entry[], opened: number): number {
  let start = opened
  while (entries[start - 1]?.event.kind === 'card-seen' || entries[start - 1]?.event.kind === 'move-asked') start -= 1
  return start
}

/** Of a check run or the comment only the last state is told, since each replaces the one before. */
function follow(before: Move, entries: Entry[], pending: PendingOrder[]): { move: Move; acts: Act[] } {
  const waiting = new Set(pending.map(({ key }) => key))
  const acts: (Act & { key: string })[] = []
  let move = before
  for (const { event } of entries) {
    move = evolve(move, event)
    for (const effect of effects(move, event)) {
      const key = orderKey(effect)
      const earlier = acts.findIndex((act) => act.key === key)
      if (earlier >= 0 && isShown(effect)) acts.splice(earlier, 1)
      acts.push({ key, at: event.at, effect, done: true })
    }
  }
  for (const key of waiting) {
    const last = acts.findLast((act) => act.key === key)
    if (last) last.done = false
  }
  return { move, acts: acts.map(({ key: _, ...act }) => act) }
}

function isShown({ effect }: Effect): boolean {
  return effect === 'write-check' || effect === 'write-comment'
}

/** Moves folded from the entries that name them, by id. */
export function attemptsOf(entries: Entry[]): Map<string, Attempt> {
  const byMove = new Map<string, Move>()
  for (const { event } of entries) {
    if ('move' in event) byMove.set(event.move, evolve(byMove.get(event.move) ?? NEW_MOVE, event))
  }
  return new Map([...byMove].flatMap(([id, { current }]) => (current ? [[id, current]] : [])))
}
