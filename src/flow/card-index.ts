// The row by which a card is found again: by its item, its issue, its pull request or its commit.
import type { CardIndex } from '../ledger/port.ts'
import type { Turn } from './turn.ts'

export function indexOf(turn: Turn): CardIndex | null {
  const { seen, place, archived, ready } = turn.move
  if (seen === null) return null
  const { address, content, pull, title } = seen.card
  return {
    stream: turn.stream,
    owner: address.owner,
    project: address.project,
    projectNumber: address.number,
    item: address.item,
    content: content?.id ?? null,
    pull: pull?.id ?? null,
    repository: content?.repository ?? null,
    number: content?.number ?? null,
    sha: pull?.sha ?? null,
    title,
    column: archived ? null : place.column,
    ...(ready ? { readySince: ready.since } : {}),
  }
}
