// Commits, trees and blobs.
import { requireRepository } from '../../world/access.ts'
import { authorsOf, type CommitAuthor, personByEmail } from '../../world/authors.ts'
import type { CheckSuite } from '../../world/check.ts'
import { ancestors, type Blob, type Commit, commitAt, objectAt, type Tree, type TreeEntry } from '../../world/git.ts'
import { nodeId } from '../../world/node-id.ts'
import { repositoryPage } from '../../world/payloads/address.ts'
import { fullName, type Repository } from '../../world/repository.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Context, Fields, Resolvers } from '../context.ts'
import { rollup } from './rollup.ts'

export type GitNode = { kind: 'Commit' | 'Tree' | 'Blob'; repository: Repository; sha: string; node: string }
type EntryNode = { repository: Repository; entry: TreeEntry; path: string }

/** GitHub shows no more than this of a blob's text, and says that it cut it. */
const TEXT_LIMIT = 512_000

/** The object of that id as a node; null where the repository has none. */
export function gitNode(repository: Repository, sha: string): GitNode | null {
  const type = repository.git.get(sha)?.type
  if (!type) return null
  const kind = ({ commit: 'Commit', tree: 'Tree', blob: 'Blob' } as const)[type]
  return { kind, repository, sha, node: nodeId(kind, repository.id, sha) }
}

const object: Fields<GitNode> = {
  id: ({ node }) => node,
  oid: ({ sha }) => sha,
  abbreviatedOid: ({ sha }) => sha.slice(0, 7),
  repository: ({ repository }) => repository,
  commitUrl: ({ repository, sha }, _, { world }) => `${repositoryPage(world, repository)}/commit/${sha}`,
  commitResourcePath: ({ repository, sha }) => `/${fullName(repository)}/commit/${sha}`,
}

const commit: Fields<GitNode> = {
  ...object,
  url: ({ repository, sha }, _, { world }) => `${repositoryPage(world, repository)}/commit/${sha}`,
  resourcePath: ({ repository, sha }) => `/${fullName(repository)}/commit/${sha}`,
  message: (source) => at(source).message,
  messageHeadline: (source) => at(source).message.split('\n')[0] ?? '',
  messageBody: (source) => at(source).message.split('\n').slice(1).join('\n').trim(),
  authoredDate: (source) => at(source).author.at,
  committedDate: (source) => at(source).committer.at,
  author: (source, _, { world }) =>
    actorOf({ ...at(source).author, person: personByEmail(world, at(source).author.email) }),
  authors: (source, args: PageArguments, { world }) => connect(authorsOf(world, at(source)).map(actorOf), args),
  committer: (source, _, { world }) => {
    const { committer } = at(source)
    return actorOf({ ...committer, person: personByEmail(world, committer.email) })
  },
  tree: (source) => gitNode(source.repository, at(source).tree),
  parents: (source, args: PageArguments) => {
    return connect(
      at(source).parents.flatMap((sha) => gitNode(source.repository, sha) ?? []),
      args,
    )
  },
  history: (source, args: PageArguments) => {
    const shas = [...ancestors(source.repository.git, source.sha)]
    return connect(
      shas.flatMap((sha) => gitNode(source.repository, sha) ?? []),
      args,
    )
  },
  file: (source, args: { path: string }) => entryAt(source, args.path),
  checkSuites: (
    source,
    args: PageArguments & { filterBy?: { appId?: number; checkName?: string } | null },
    context,
  ) => {
    requireChecks(context, source.repository)
    return connect(suites(source, args.filterBy ?? {}), args)
  },
  statusCheckRollup: (source, _, context) => {
    requireChecks(context, source.repository)
    return rollup(source.repository, source.sha)
  },
  associatedPullRequests: (source, args: PageArguments) => {
    const pulls = [...source.repository.threads.values()].filter((thread) => {
      return thread.kind === 'PullRequest' && (thread.head.sha === source.sha || thread.mergeCommit === source.sha)
    })
    return connect(pulls, args)
  },
}

const blob: Fields<GitNode> = {
  ...object,
  byteSize: (source) => bytesOf(source).length,
  isBinary: (source) => bytesOf(source).includes(0),
  isTruncated: (source) => bytesOf(source).length > TEXT_LIMIT,
  text: (source) => {
    const bytes = bytesOf(source)
    return bytes.includes(0) ? null : new TextDecoder().decode(bytes.subarray(0, TEXT_LIMIT))
  },
}

const tree: Fields<GitNode> = {
  ...object,
  entries: (source) => entriesOf(source).map((entry) => ({ repository: source.repository, entry, path: entry.name })),
}

const treeEntry: Fields<EntryNode> = {
  name: ({ entry }) => entry.name,
  path: ({ path }) => path,
  mode: ({ entry }) => Number.parseInt(entry.mode, 8),
  oid: ({ entry }) => entry.sha,
  type: ({ entry }) => (entry.mode === '40000' ? 'tree' : 'blob'),
  extension: ({ entry }) => /\.[^.]+$/.exec(entry.name)?.[0] ?? '',
  size: ({ repository, entry }) => (repository.git.get(entry.sha) as Partial<Blob> | undefined)?.bytes?.length ?? 0,
  repository: ({ repository }) => repository,
  object: ({ repository, entry }) => gitNode(repository, entry.sha),
}

export const gitFields: Resolvers = { Commit: commit, Blob: blob, Tree: tree, TreeEntry: treeEntry }

function at({ repository, sha }: GitNode): Commit {
  const found = commitAt(repository.git, sha)
  if (!found) throw new Error(`no commit ${sha}`)
  return found
}

// A bot's commit has no user: the field is for people only.
function actorOf(author: CommitAuthor) {
  const user = author.person?.kind === 'User' ? author.person : null
  return { id: author.email, name: author.name, email: author.email, date: author.at, user }
}

function entryAt(source: GitNode, path: string): EntryNode | null {
  const { repository, sha } = source
  const slash = path.lastIndexOf('/')
  const folder = objectAt(repository.git, sha, slash === -1 ? '' : path.slice(0, slash))
  const name = path.slice(slash + 1)
  const entry = folder?.type === 'tree' ? folder.entries.find((candidate) => candidate.name === name) : undefined
  return entry ? { repository, entry, path } : null
}

function suites(source: GitNode, by: { appId?: number; checkName?: string }): CheckSuite[] {
  return (source.repository.suites.get(source.sha) ?? []).filter((suite) => {
    if (by.appId && suite.app.id !== by.appId) return false
    return !by.checkName || suite.runs.some((run) => run.name === by.checkName)
  })
}

function requireChecks({ viewer }: Context, repository: Repository): void {
  requireRepository(viewer, repository, 'checks', 'read')
}

function bytesOf({ repository, sha }: GitNode): Uint8Array {
  return (repository.git.get(sha) as Blob).bytes
}

function entriesOf({ repository, sha }: GitNode): TreeEntry[] {
  return (repository.git.get(sha) as Tree).entries
}
