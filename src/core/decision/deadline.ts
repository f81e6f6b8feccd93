// When time alone may change what is so: the card is then looked at again.
import type { Move } from './move.ts'

/** The earliest such instant (ISO 8601), or null where nothing waits for the clock. */
export function nextDeadline(move: Move): string | null {
  const times: string[] = []
  if (move.current?.outcome === null)
    for (const gate of move.current.gates) if (gate.judgement?.until) times.push(gate.judgement.until)
  // Nothing is decided when a workflow that only follows is late: looking at once, again and again, would find no more.
  for (const request of outstanding(move)) if (request.purpose !== 'then') times.push(request.deadline)
  for (const waiver of move.waivers) times.push(waiver.until)
  return times.sort()[0] ?? null
}

/** Runs that were asked for, and of which nothing came home yet. */
export function outstanding(move: Move): Move['requests'][string][] {
  const settled = move.current?.late ?? []
  return Object.values(move.requests).filter((request) => {
    if (request.answer !== null || request.dropped) return false
    if (request.purpose === 'then') return request.ended === null
    // Judged without an answer: it came too late, whether or not that was excused.
    const over = [...settled, ...(move.current?.gates ?? [])].some(
      (gate) => gate.request === request.id && gate.judgement !== null && gate.judgement.verdict !== 'wait',
    )
    return !over && request.policy === move.policy
  })
}
