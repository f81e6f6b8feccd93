// Finds the policy that governs a card's board: the repository's on top of the organization's, default branches only.
import type { PolicyRef } from '../core/facts/event.ts'
import { boardsNamed } from '../core/policy/govern.ts'
import { combine } from '../core/policy/inherit.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { CardReading, PolicyFile } from '../github/port.ts'
import type { Sealed, World } from './world.ts'

/** `policy`: the effective one, or its last readable version where `ref` has problems; null where there never was one. */
export type Governing = { policy: Policy | null; ref: PolicyRef; document: Sealed | null }

/** Null where no policy governs the board. `last` is the last readable policy that was in force on it. */
export function governing(
  files: CardReading['policies'],
  board: number,
  last: Policy | null,
  seal: World['seal'],
): Governing | null {
  const organization = source(files.organization)
  const combined = combine(organization, source(files.repository))
  if (combined === null) return null
  const present = [files.organization, files.repository].filter((file) => file !== null)
  const sources = present.map(({ repository, path, blob }) => ({ repository, path, blob }))
  // A repository that names another board does not take its cards off the organization's.
  const alone = combined.ok && combined.value.board.project !== board ? combine(organization, null) : combined
  if (alone?.ok) {
    if (alone.value.board.project !== board) return null
    const document = seal(alone.value)
    return { policy: alone.value, ref: { digest: document.digest, since: null, sources, problems: [] }, document }
  }
  if (combined.ok) return null
  const names = present.some((file) => boardsNamed(file.text).includes(board)) || last?.board.project === board
  if (!names) return null
  const policy = last?.board.project === board ? last : null
  return {
    policy,
    ref: { digest: seal(sources).digest, since: null, sources, problems: combined.problems },
    document: null,
  }
}

function source(file: PolicyFile | null): { repository: string; path: string; text: string } | null {
  return file && { repository: file.repository, path: file.path, text: file.text }
}
