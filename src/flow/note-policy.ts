// Records in a board's stream when a policy came into force there, so that approvals can be told to be older than it.
import type { Event, PolicyRef } from '../core/facts/event.ts'
import type { Whereabouts } from '../core/policy/govern.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { PolicyFile } from '../github/port.ts'
import { boardsNamedBy, type Governing, governing } from './load-policy.ts'
import { now, type World } from './world.ts'

/** The stream of what concerns a board as a whole. */
export function boardStream(owner: string, number: number): string {
  return `board:${owner}/${number}`
}

/**
 * The policy with the instant since when it is in force for cards of a repository with a `file` of its own, or for all
 * others. The first policy has been in force for ever. One that cannot be read replaces none.
 */
export async function notePolicy(
  world: World,
  board: { owner: string; number: number },
  file: PolicyFile | null,
  { ref, document }: Pick<Governing, 'ref' | 'document'>,
): Promise<PolicyRef> {
  if (ref.problems.length > 0) return ref
  const stream = boardStream(board.owner, board.number)
  const repository = file?.repository ?? ''
  for (;;) {
    const entries = await world.ledger.read(stream)
    const last = entries
      .map(({ event }) => event)
      .findLast((event) => event.kind === 'policy-changed' && event.repository === repository)
    const known = last?.kind === 'policy-changed' ? last : null
    if (known?.digest === ref.digest) return { ...ref, since: known.previous === null ? null : known.at }
    const event: Event = {
      kind: 'policy-changed',
      at: now(world),
      repository,
      digest: ref.digest,
      previous: known?.digest ?? null,
      sources: ref.sources,
    }
    const appended = await world.ledger.append(stream, entries.length, [{ id: world.newId(), event }], {
      documents: document ? [document] : [],
    })
    if (appended.ok) return { ...ref, since: known === null ? null : event.at }
  }
}

/**
 * The last readable policy of a board for a card that was never decided about: its repository's, else that of the
 * repositories without a file of their own; null where there never was one.
 */
export async function lastOnBoard(world: World, card: Whereabouts): Promise<Policy | null> {
  const entries = await world.ledger.read(boardStream(card.owner, card.board))
  const changes = entries.flatMap(({ event }) => (event.kind === 'policy-changed' ? [event] : []))
  const last =
    changes.findLast(({ repository }) => repository === card.repository) ??
    changes.findLast(({ repository }) => repository === '')
  const text = last === undefined ? null : await world.ledger.document(last.digest)
  return text === null ? null : (JSON.parse(text) as Policy)
}

/**
 * Notes the policies of the boards with these numbers, all of which were adopted. A push of a policy wakes the sweep: so
 * it is known to the minute when it came into force, though no card is looked at.
 */
export async function notePolicies(
  world: World,
  owner: string,
  { files, bases }: { files: PolicyFile[]; bases: PolicyFile[] },
  boards: number[],
): Promise<void> {
  const organization = files.find((file) => file.repository.toLowerCase() === `${owner}/.github`.toLowerCase()) ?? null
  for (const file of files) {
    const repository = file === organization ? null : file
    for (const number of boardsNamedBy({ organization: file, repository: null, bases })) {
      const governed = boards.includes(number)
        ? governing({ organization, repository, bases }, { owner, board: number, repository: null }, null, world)
        : null
      if (governed) await notePolicy(world, { owner, number }, repository, governed)
    }
  }
}
