// Checks the policies that are in force on a live board, and holds them against the board itself.
import type { GitHubQuery } from '../../core/facts/query.ts'
import { boardsNamed, boardsOfPolicy } from '../../core/policy/govern.ts'
import { combine, type PolicySource } from '../../core/policy/inherit.ts'
import { teamsNamed, unlikeBoard } from '../../core/policy/on-board.ts'
import type { BoardReader, PolicyFile } from '../../github/port.ts'
import { type Files, type Found, foundIn } from './show.ts'

/** `instead`: files that stand in for the ones on GitHub. Answers in a sentence where there is nothing to check. */
export async function checkLive(
  reader: BoardReader,
  { owner, number }: { owner: string; number: number },
  instead: Files,
  now: number,
): Promise<Found[] | { unseen: string }> {
  const board = await reader.board(owner, number)
  if (board === null) return { unseen: `GitHub shows no board ${number} of ${owner} to this identity.` }
  const all = inForce(await reader.policies(owner), owner, instead).filter((files) => names(files, number))
  if (all.length === 0)
    return { unseen: `No policy that GitHub shows to this identity names board ${number} of ${owner}.` }
  const queries = [...new Set(all.flatMap(teamsNamed))].map((slug): GitHubQuery => ({ fact: 'team', slug }))
  const asked = { repository: null, queries }
  const [facts] = await reader.answers({ owner, project: board.id, field: 'Status' }, [asked])
  return all.flatMap((files) => {
    const checked = combine(files.organization, files.repository, files.bases, now)
    if (checked === null) return []
    const found = foundIn(checked)
    if (!checked.ok) return [found]
    const live = unlikeBoard(checked.value, files, { fields: board.fields, teams: facts?.teams ?? {} })
    return [{ ...found, problems: live.problems, warnings: [...found.warnings, ...live.warnings] }]
  })
}

/** The organization's policy alone, and with each repository's on top. */
function inForce(policies: { files: PolicyFile[]; bases: PolicyFile[] }, owner: string, instead: Files): Files[] {
  const { files } = policies
  const bases = instead.organization ? instead.bases : { ...instead.bases, organization: policies.bases.map(sourceOf) }
  const central = files.find((file) => file.repository.toLowerCase() === `${owner}/.github`.toLowerCase()) ?? null
  const organization = instead.organization ?? (central && sourceOf(central))
  if (instead.repository) return [{ organization, repository: instead.repository, bases }]
  const own = files.filter((file) => file !== central).map(sourceOf)
  return [
    ...(organization ? [{ organization, repository: null, bases }] : []),
    ...own.map((repository) => ({ organization, repository, bases })),
  ]
}

function sourceOf({ blob: _, ...source }: PolicyFile): PolicySource {
  return source
}

/** One that cannot be read counts where its text still names the board. */
function names({ organization, repository, bases }: Files, number: number): boolean {
  const checked = combine(organization, repository, bases)
  if (checked?.ok) return boardsOfPolicy(checked.value).includes(number)
  return [organization, repository].some((source) => source && boardsNamed(source.text).includes(number))
}
