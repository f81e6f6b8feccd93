// Finds the policy that governs a card: the repository's on top of the organization's, default branches only.
import type { PolicyRef } from '../core/facts/event.ts'
import { boardsNamed, boardsOfPolicy, repositoriesNamed, takesIn, type Whereabouts } from '../core/policy/govern.ts'
import { type Combined, combine } from '../core/policy/inherit.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { PolicyFiles } from '../github/port.ts'
import type { Sealed, World } from './world.ts'

/** `policy`: the effective one, or its last readable version where `ref` has problems; null where there never was one. */
export type Governing = { policy: Policy | null; ref: PolicyRef; document: Sealed | null }

/** Null where no policy governs the card. `last` is the last readable policy that was in force for it. */
export function governing(
  files: PolicyFiles,
  card: Whereabouts,
  last: Policy | null,
  { seal, presets }: Pick<World, 'seal' | 'presets'>,
): Governing | null {
  const names = (policy: Policy | null) => policy !== null && boardsOfPolicy(policy).includes(card.board)
  const { organization, repository } = files
  const bases = { presets, organization: files.bases }
  const combined = combine(organization, repository, bases)
  if (combined === null) return null
  const all = [organization, repository, ...files.bases].filter((file) => file !== null)
  const sources = (of: Combined) =>
    of.sources.map(({ repository, path }) => {
      const file = all.find((one) => one.repository === repository && one.path === path)
      return { repository, path, blob: file?.blob ?? '' }
    })
  // A repository that names another board does not take its cards off the organization's.
  const own = repository !== null && !(combined.ok && !names(combined.value))
  const alone = combined.ok && !own ? combine(organization, null, bases) : combined
  if (alone?.ok) {
    if (!names(alone.value) || !(own || takesIn(alone.value.board.repositories, card))) return null
    const document = seal(alone.value)
    return {
      policy: alone.value,
      ref: { digest: document.digest, since: null, sources: sources(alone), problems: [] },
      document,
    }
  }
  if (combined.ok) return null
  if (!boardsNamedBy(files).includes(card.board) && !names(last)) return null
  // Of a text that is cut off, the list of repositories may be, too: it leaves no card out.
  const patterns = organization?.unread ? undefined : repositoriesNamed(organization?.text ?? '')
  if (!own && !takesIn(patterns, card)) return null
  const read = sources(combined)
  return {
    policy: names(last) ? last : null,
    ref: { digest: seal(read).digest, since: null, sources: read, problems: combined.problems },
    document: null,
  }
}

/** The boards that these files name legibly, whatever else is wrong with them. */
export function boardsNamedBy({ organization, repository, bases }: PolicyFiles): number[] {
  const files = [organization, repository].filter((file) => file !== null)
  const extended = bases.filter(({ path }) => files.some(({ text }) => text.includes(path)))
  return [...files, ...extended].flatMap(({ text }) => boardsNamed(text))
}
