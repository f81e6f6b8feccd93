// Finds the policy files in GitHub's answer, and which field of a board they govern.
import { parse } from 'yaml'
import { z } from 'zod'
import type { Problem } from '../core/facts/problem.ts'
import type { Root } from './boards.ts'
import { type BlobText, basesSchema, nodes, policySchema, readAnswer } from './card-answer.ts'
import { BASES, POLICY } from './card-query.ts'
import { GitHubProblem } from './github-problem.ts'
import type { GitHub, PolicyFile } from './port.ts'
import { pages } from './read-facts.ts'
import type { Wire } from './wire.ts'

type PolicyAnswer = z.infer<typeof policySchema>

export const DEFAULT_FIELD = 'Status'

/** `.github/andon.yml`, else `andon.yml` at the root; null where the repository has neither. */
export function policyFile(repository: PolicyAnswer | null): PolicyFile | null {
  if (repository === null) return null
  const [blob, path] = repository.dotGithub
    ? [repository.dotGithub, '.github/andon.yml']
    : [repository.atRoot, 'andon.yml']
  return blob === null ? null : fileOf(repository.nameWithOwner, path, blob)
}

/** The YAML files under `policies/`, which others may extend. */
export function baseFiles(repository: z.infer<typeof basesSchema> | null): PolicyFile[] {
  return (repository?.bases?.entries ?? []).flatMap(({ name, object }) =>
    object !== null && /\.ya?ml$/.test(name)
      ? [fileOf(repository?.nameWithOwner ?? '', `policies/${name}`, object)]
      : [],
  )
}

function fileOf(repository: string, path: string, blob: NonNullable<BlobText>): PolicyFile {
  const unread = unreadOf(blob)
  return { repository, path, blob: blob.oid, text: blob.text ?? '', ...(unread ? { unread } : {}) }
}

/** What GitHub does not give whole must not be taken for a policy. */
function unreadOf({ isTruncated, text, byteSize }: NonNullable<BlobText>): Problem | null {
  if (isTruncated)
    return {
      message: `This file is too large to be read: it has ${Math.ceil(byteSize / 1024)} kB, and GitHub gives apps no more than 512 kB of a text.`,
      remedy: 'Make it shorter.',
    }
  return text === null ? { message: 'This file is no text.', remedy: 'Save it as text in UTF-8.' } : null
}

/**
 * The field that a board's cards are moved by: as the first policy that names this board says, else `Status`. The
 * policy as a whole is read elsewhere; this one word is needed to read the card in the same request.
 */
export function fieldOf(policies: (PolicyFile | null)[], project: number): string {
  for (const policy of policies) {
    const board = policy === null || policy.unread ? null : boardIn(policy.text)
    if (typeof board?.field !== 'string') continue
    const also = Array.isArray(board.also) ? board.also : []
    if (board.project === undefined || [board.project, ...also].includes(project)) return board.field
  }
  return DEFAULT_FIELD
}

function boardIn(text: string): { project?: unknown; also?: unknown; field?: unknown } | null {
  try {
    const root = parse(text, { maxAliasCount: 0, logLevel: 'silent' })
    return root !== null && typeof root === 'object' && typeof root.board === 'object' ? root.board : null
  } catch {
    return null
  }
}

export const policiesDocument = (root: Root) => `
query Policies($owner: String!, $after: String) {
  owner: ${root}(login: $owner) {
    repository(name: ".github") { nameWithOwner ...Bases }
    repositories(first: 100, after: $after, ownerAffiliations: [OWNER], orderBy: { field: NAME, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { isArchived ...Policy }
    }
  }
}
${POLICY} ${BASES}`

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() })
const repositories = z
  .object({ pageInfo })
  .and(nodes(policySchema.extend({ isArchived: z.boolean() })).transform((list) => ({ list })))
const policiesSchema = z.object({
  owner: z.object({ repository: basesSchema.nullable(), repositories }).nullable(),
})

/** The policy files of all the account's own repositories that the app can see; archived ones are passed over. */
export async function readPolicies(wire: Wire, root: Root, owner: string): ReturnType<GitHub['policies']> {
  let bases: PolicyFile[] = []
  const files = await pages(wire, policiesDocument(root), { owner }, null, (data) => {
    const account = readAnswer(policiesSchema, data).owner
    if (account === null) throw new GitHubProblem('not-found', `GitHub knows no ${root} ${owner}.`)
    bases = baseFiles(account.repository)
    const { list, pageInfo } = account.repositories
    const files = list.filter((repository) => !repository.isArchived).map(policyFile)
    return { items: files.filter((file) => file !== null), pageInfo }
  })
  return { files, bases }
}
