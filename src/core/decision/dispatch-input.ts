// The one input that a dispatched workflow gets (contract 5).
import type { Move, Request } from './move.ts'

/** GitHub caps all inputs together at 65,535 characters; a title is cut, the rest is bounded where it is read. */
const TITLE_MOST = 200

export function dispatchInput(move: Move, request: Request): Record<string, unknown> | null {
  const seen = move.seen
  if (seen === null) return null
  const { address, content, title } = seen.card
  const kind = move.current?.gates.find((gate) => gate.name === request.name)?.kind
  return {
    andon: 1,
    request: request.id,
    gate: request.name,
    kind: request.purpose === 'then' ? 'then' : (kind ?? 'evaluation'),
    card: {
      project: address.number,
      item: address.item,
      repository: content?.repository ?? null,
      number: content?.number ?? null,
      title: [...title].slice(0, TITLE_MOST).join(''),
    },
    change: seen.change ? { ...seen.change.manifest, digest: seen.change.digest, parts: seen.change.parts } : null,
    sha: request.commit?.sha ?? null,
    criteria: request.asked.criteria,
    with: request.asked.with,
  }
}
