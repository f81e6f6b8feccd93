// Issues, their comments, and draft issues.
import type { Draft } from '../../world/board.ts'
import { threadPage } from '../../world/payloads/address.ts'
import type { Comment, Issue, Reaction } from '../../world/thread.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Fields, Resolvers } from '../context.ts'
import { seesThread } from '../sight.ts'
import { groupsOf } from './reactions.ts'
import { threadFields } from './thread.ts'

const issue: Fields<Issue> = {
  ...(threadFields as Fields<Issue>),
  stateReason: ({ stateReason }) => stateReason,
  closedByPullRequestsReferences: (
    source,
    args: PageArguments & { includeClosedPrs?: boolean; orderByState?: boolean; userLinkedOnly?: boolean },
    context,
  ) => {
    const pulls = [...source.closers].filter((pull) => {
      if (!args.includeClosedPrs && pull.state !== 'OPEN') return false
      if (args.userLinkedOnly && !pull.links.has(source)) return false
      return seesThread(context, pull)
    })
    pulls.sort((a, b) => a.id - b.id)
    if (args.orderByState) pulls.sort((a, b) => Number(b.state === 'OPEN') - Number(a.state === 'OPEN'))
    return connect(pulls, args)
  },
}

const comment: Fields<Comment> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  fullDatabaseId: ({ id }) => String(id),
  author: ({ author }) => author,
  body: ({ body }) => body,
  bodyText: ({ body }) => body,
  url: (source, _, { world }) => `${threadPage(world, source.thread)}#issuecomment-${source.id}`,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  publishedAt: ({ createdAt }) => createdAt,
  lastEditedAt: ({ editedAt }) => editedAt,
  includesCreatedEdit: ({ editedAt }) => editedAt !== null,
  isMinimized: () => false,
  minimizedReason: () => null,
  issue: ({ thread }) => thread,
  pullRequest: ({ thread }) => (thread.kind === 'PullRequest' ? thread : null),
  repository: ({ thread }) => thread.repository,
  reactionGroups: (source) => groupsOf(source),
  viewerDidAuthor: ({ author }, _, { viewer }) => {
    return viewer.as === 'user'
      ? viewer.person === author
      : viewer.as === 'installation' && viewer.installation.app.bot === author
  },
}

const draft: Fields<Draft> = {
  id: ({ node }) => node,
  title: ({ title }) => title,
  body: ({ body }) => body,
  bodyText: ({ body }) => body,
  creator: ({ creator }) => creator,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  assignees: ({ assignees }, args: PageArguments) => connect(assignees, args),
}

const reaction: Fields<Reaction> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  content: ({ content }) => content,
  user: ({ person }) => (person.kind === 'User' ? person : null),
  createdAt: ({ createdAt }) => createdAt,
}

export const issueFields: Resolvers = { Issue: issue, IssueComment: comment, DraftIssue: draft, Reaction: reaction }
