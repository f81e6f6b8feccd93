// Finds the policy that governs a card: the repository's on top of the organization's, default branches only.
import type { PolicyRef } from '../core/facts/event.ts'
import { boardsNamed, boardsOfPolicy, repositoriesNamed, takesIn, type Whereabouts } from '../core/policy/govern.ts'
import { combine } from '../core/policy/inherit.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { CardReading, PolicyFile } from '../github/port.ts'
import type { Sealed, World } from './world.ts'

/** `policy`: the effective one, or its last readable version where `ref` has problems; null where there never was one. */
export type Governing = { policy: Policy | null; ref: PolicyRef; document: Sealed | null }

/** Null where no policy governs the card. `last` is the last readable policy that was in force for it. */
export function governing(
  files: CardReading['policies'],
  card: Whereabouts,
  last: Policy | null,
  seal: World['seal'],
): Governing | null {
  const names = (policy: Policy | null) => policy !== null && boardsOfPolicy(policy).includes(card.board)
  const organization = source(files.organization)
  const combined = combine(organization, source(files.repository))
  if (combined === null) return null
  const present = [files.organization, files.repository].filter((file) => file !== null)
  const sources = present.map(({ repository, path, blob }) => ({ repository, path, blob }))
  // A repository that names another board does not take its cards off the organization's.
  const own = files.repository !== null && !(combined.ok && !names(combined.value))
  const alone = combined.ok && !own ? combine(organization, null) : combined
  if (alone?.ok) {
    if (!names(alone.value) || !(own || takesIn(alone.value.board.repositories, card))) return null
    const document = seal(alone.value)
    return { policy: alone.value, ref: { digest: document.digest, since: null, sources, problems: [] }, document }
  }
  if (combined.ok) return null
  if (!present.some((file) => boardsNamed(file.text).includes(card.board)) && !names(last)) return null
  if (!own && !takesIn(repositoriesNamed(files.organization?.text ?? ''), card)) return null
  return {
    policy: names(last) ? last : null,
    ref: { digest: seal(sources).digest, since: null, sources, problems: combined.problems },
    document: null,
  }
}

function source(file: PolicyFile | null): { repository: string; path: string; text: string } | null {
  return file && { repository: file.repository, path: file.path, text: file.text }
}
