// Repositories, their refs and labels.
import { requireRepository } from '../../world/access.ts'
import { objectAt } from '../../world/git.ts'
import { nodeId } from '../../world/node-id.ts'
import { repositoryPage } from '../../world/payloads/address.ts'
import { Refusal } from '../../world/refusal.ts'
import { resolveRevision } from '../../world/repositories.ts'
import { fullName, type Repository } from '../../world/repository.ts'
import type { Label, Thread } from '../../world/thread.ts'
import { connect, type PageArguments } from '../connection.ts'
import { type Context, type Fields, NotImplemented, type Resolvers } from '../context.ts'
import { requireThread } from '../sight.ts'
import { gitNode } from './git.ts'

type RefNode = { kind: 'Ref'; repository: Repository; ref: string; node: string }

const repository: Fields<Repository> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  name: ({ name }) => name,
  nameWithOwner: (source) => fullName(source),
  description: ({ description }) => description,
  url: (source, _, { world }) => repositoryPage(world, source),
  resourcePath: (source) => `/${fullName(source)}`,
  isPrivate: (source) => source.private,
  isArchived: ({ archived }) => archived,
  isFork: ({ forkOf }) => forkOf !== null,
  isEmpty: ({ refs }) => refs.size === 0,
  isDisabled: () => false,
  isInOrganization: ({ owner }) => owner.kind === 'Organization',
  hasIssuesEnabled: () => true,
  visibility: (source) => (source.private ? 'PRIVATE' : 'PUBLIC'),
  owner: ({ owner }) => owner,
  parent: ({ forkOf }) => forkOf,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  pushedAt: ({ pushedAt }) => pushedAt,
  defaultBranchRef: (source) => refNode(source, `refs/heads/${source.defaultBranch}`),
  ref: (source, args: { qualifiedName: string }, { viewer }) => {
    requireRepository(viewer, source, 'contents', 'read')
    const name = args.qualifiedName
    return refNode(source, name) ?? refNode(source, `refs/heads/${name}`) ?? refNode(source, `refs/tags/${name}`)
  },
  object: (source, args: { expression?: string | null; oid?: string | null }, { viewer }) => {
    requireRepository(viewer, source, 'contents', 'read')
    if (args.oid) return gitNode(source, args.oid)
    return args.expression ? named(source, args.expression) : null
  },
  issue: (source, args: { number: number }, context) => {
    return seenThread(context, source, args.number, ['Issue'], `an Issue with the number of ${args.number}.`)
  },
  pullRequest: (source, args: { number: number }, context) => {
    return seenThread(context, source, args.number, ['PullRequest'], `a PullRequest with the number of ${args.number}.`)
  },
  issueOrPullRequest: (source, args: { number: number }, context) => {
    const what = `an issue or pull request with the number of ${args.number}.`
    return seenThread(context, source, args.number, ['Issue', 'PullRequest'], what)
  },
  issues: (source, args: PageArguments & { states?: string[]; labels?: string[] } & Sifted, { viewer }) => {
    requireRepository(viewer, source, 'issues', 'read')
    return connect(sift(threads(source, 'Issue', args), args), args)
  },
  pullRequests: (
    source,
    args: PageArguments & { states?: string[]; labels?: string[]; headRefName?: string; baseRefName?: string },
    { viewer },
  ) => {
    requireRepository(viewer, source, 'pull_requests', 'read')
    const found = threads(source, 'PullRequest', args).filter((thread) => {
      if (thread.kind !== 'PullRequest') return false
      if (args.headRefName && thread.head.ref !== args.headRefName) return false
      return !args.baseRefName || thread.base.ref === args.baseRefName
    })
    return connect(found, args)
  },
  label: (source, args: { name: string }) => source.labels.get(args.name.toLowerCase()) ?? null,
  labels: (source, args: PageArguments & { query?: string }) => {
    const wanted = (args.query ?? '').toLowerCase()
    return connect(
      [...source.labels.values()].filter((label) => label.name.toLowerCase().includes(wanted)),
      args,
    )
  },
}

const ref: Fields<RefNode> = {
  id: ({ node }) => node,
  name: (source) => source.ref.replace(/^refs\/(heads|tags)\//, ''),
  prefix: (source) => /^refs\/[^/]+\//.exec(source.ref)?.[0] ?? 'refs/',
  repository: (source) => source.repository,
  target: (source, _, { viewer }) => {
    requireRepository(viewer, source.repository, 'contents', 'read')
    const sha = source.repository.refs.get(source.ref)
    return sha ? gitNode(source.repository, sha) : null
  },
}

const label: Fields<Label> = {
  id: ({ node }) => node,
  name: ({ name }) => name,
  color: ({ color }) => color,
  description: ({ description }) => description,
  isDefault: () => false,
  repository: (source) => source.repository,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ createdAt }) => createdAt,
  url: (source, _, { world }) =>
    `${repositoryPage(world, source.repository)}/labels/${encodeURIComponent(source.name)}`,
}

export const repositoryFields: Resolvers = { Repository: repository, Ref: ref, Label: label }

/** The ref as a node; null where there is none of that name. */
export function refNode(source: Repository, name: string): RefNode | null {
  if (!source.refs.has(name)) return null
  return { kind: 'Ref', repository: source, ref: name, node: nodeId('Ref', source.id, name) }
}

function named(source: Repository, expression: string) {
  const colon = expression.indexOf(':')
  const sha = resolveRevision(source, colon === -1 ? expression : expression.slice(0, colon))
  if (!sha) return null
  if (colon === -1) return gitNode(source, sha)
  const object = objectAt(source.git, sha, expression.slice(colon + 1))
  return object ? gitNode(source, object.sha) : null
}

function seenThread(
  context: Context,
  source: Repository,
  number: number,
  kinds: Thread['kind'][],
  what: string,
): Thread {
  const thread = source.threads.get(number)
  if (!thread || !kinds.includes(thread.kind)) throw new Refusal('not-found', `Could not resolve to ${what}`)
  requireThread(context, thread, 'read')
  return thread
}

function threads(source: Repository, kind: Thread['kind'], by: { states?: string[]; labels?: string[] }): Thread[] {
  const labels = by.labels?.map((name) => name.toLowerCase())
  return [...source.threads.values()].filter((thread) => {
    if (thread.kind !== kind || (by.states && !by.states.includes(thread.state))) return false
    return !labels || thread.labels.some((candidate) => labels.includes(candidate.name.toLowerCase()))
  })
}

type Sifted = {
  filterBy?: { since?: string | null } | null
  orderBy?: { field: string; direction: 'ASC' | 'DESC' } | null
}

/** Changed since an instant, in the order asked for; what is not imitated is refused. */
function sift(found: Thread[], { filterBy, orderBy }: Sifted): Thread[] {
  const strange = Object.entries(filterBy ?? {}).flatMap(([key, value]) => (value && key !== 'since' ? [key] : []))
  if (strange.length > 0) throw new NotImplemented(`issues filtered by ${strange.join(', ')}`)
  const { since } = filterBy ?? {}
  const sifted = since ? found.filter((thread) => Date.parse(thread.updatedAt) >= Date.parse(since)) : found
  if (!orderBy) return sifted
  if (orderBy.field === 'COMMENTS') throw new NotImplemented('issues ordered by comments')
  const key = orderBy.field === 'UPDATED_AT' ? 'updatedAt' : 'createdAt'
  const sign = orderBy.direction === 'ASC' ? 1 : -1
  return sifted.toSorted((a, b) => sign * (a[key].localeCompare(b[key]) || a.id - b.id))
}
