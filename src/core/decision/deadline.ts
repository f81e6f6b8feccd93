// When time alone may change what is so: the card is then looked at again.
import type { Move } from './move.ts'

/** The earliest such instant (ISO 8601), or null where nothing waits for the clock. */
export function nextDeadline(move: Move, at: string): string | null {
  const times: string[] = []
  if (move.current?.outcome === null)
    for (const gate of move.current.gates) if (gate.judgement?.until) times.push(gate.judgement.until)
  // Nothing is decided when a workflow that only follows is late: looking at once, again and again, would find no more.
  for (const request of outstanding(move, at)) if (request.purpose !== 'then') times.push(request.deadline)
  for (const waiver of move.waivers) times.push(waiver.until)
  return times.sort()[0] ?? null
}

/** Runs that were asked for, and of which nothing came home yet. */
export function outstanding(move: Move, at: string): Move['requests'][string][] {
  const gates = [...(move.current?.late ?? []), ...(move.current?.gates ?? [])]
  return Object.values(move.requests).filter((request) => {
    if (request.answer !== null || request.dropped) return false
    if (request.purpose === 'then') return request.ended === null
    if (request.policy !== move.policy) return false
    const asking = gates.find((gate) => gate.request === request.id)
    // No gate waits for it (the change is another one, or the move was): a later move takes it only in its time.
    if (asking === undefined) return request.deadline > at
    // Judged without an answer: it came too late, whether or not that was excused.
    return asking.judgement === null || asking.judgement.verdict === 'wait'
  })
}
