// Decides the latest moves of the record again under a policy that is not in force.
import { type ReplayedMove, replayMoves } from '../core/decision/replay-moves.ts'
import { type ReplaySummary, summarizeReplay } from '../core/decision/replay-summary.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { CardIndex, Ledger } from '../ledger/port.ts'

/** `projects`: node ids of the boards. `most`: how many moves, the latest. `governs`: whose cards the policy is for. */
export type RecentMoves = { projects: string[]; most: number; governs: (card: CardIndex) => boolean }

/** Reads no more of the record than the cards of those moves. */
export async function replayRecent(
  ledger: Pick<Ledger, 'happened' | 'read'>,
  policy: Policy,
  { projects, most, governs }: RecentMoves,
): Promise<ReplaySummary> {
  const settled = []
  for (const project of projects) {
    const kinds = ['move-granted' as const, 'move-refused' as const]
    settled.push(...(await ledger.happened({ project, kinds, since: '1970-01-01T00:00:00Z' })))
  }
  const latest = settled
    .filter(({ card }) => governs(card))
    .sort((a, b) => a.entry.seq - b.entry.seq)
    .slice(-most)
  const wanted = new Map<string, Set<string>>()
  for (const { entry } of latest) {
    const { event, stream } = entry
    if (event.kind !== 'move-granted' && event.kind !== 'move-refused') continue
    wanted.set(stream, (wanted.get(stream) ?? new Set()).add(event.move))
  }
  const moves: ReplayedMove[] = []
  for (const [stream, ids] of wanted) {
    const events = (await ledger.read(stream)).map(({ event }) => event)
    moves.push(...replayMoves(events, policy, (move) => ids.has(move)))
  }
  return summarizeReplay(moves, policy)
}
