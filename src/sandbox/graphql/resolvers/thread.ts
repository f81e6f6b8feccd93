// What issues and pull requests answer alike.
import { atLeast, repositoryRole, seesBoard } from '../../world/access.ts'
import type { Person } from '../../world/account.ts'
import { authorAssociation } from '../../world/payloads/account.ts'
import { threadPage } from '../../world/payloads/address.ts'
import type { Thread } from '../../world/thread.ts'
import type { TimelineEvent } from '../../world/timeline.ts'
import { visibleTimeline } from '../../world/timeline-log.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Context, Fields } from '../context.ts'
import { groupsOf } from './reactions.ts'

export const threadFields: Fields<Thread> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  fullDatabaseId: ({ id }) => String(id),
  number: ({ number }) => number,
  title: ({ title }) => title,
  body: ({ body }) => body,
  bodyText: ({ body }) => body,
  url: (source, _, { world }) => threadPage(world, source),
  resourcePath: (source, _, { world }) => threadPage(world, source).slice(world.url.length),
  state: ({ state }) => state,
  closed: ({ state }) => state !== 'OPEN',
  closedAt: ({ closedAt }) => closedAt,
  createdAt: ({ createdAt }) => createdAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  publishedAt: ({ createdAt }) => createdAt,
  lastEditedAt: ({ editedAt }) => editedAt,
  includesCreatedEdit: ({ editedAt }) => editedAt !== null,
  locked: ({ locked }) => locked,
  author: ({ author }) => author,
  // GitHub's own payloads get this wrong for members, so nobody should lean on it.
  authorAssociation: ({ author, repository }) => authorAssociation(author, repository.owner),
  repository: ({ repository }) => repository,
  viewerDidAuthor: (source, _, context) => acts(context, source.author),
  viewerCanUpdate: (source, _, { viewer }) => {
    return viewer.as === 'user' && atLeast(repositoryRole(viewer.person, source.repository), 'triage')
  },
  labels: ({ labels }, args: PageArguments) => connect(labels, args),
  assignees: ({ assignees }, args: PageArguments) => connect(assignees, args),
  comments: ({ comments }, args: PageArguments) => connect(comments, args),
  reactionGroups: (source) => groupsOf(source),
  timelineItems: (source, args: PageArguments & { itemTypes?: string[] | null; since?: string | null }, { world }) => {
    const shown = visibleTimeline(world, source).filter((entry) => {
      if (args.itemTypes && !args.itemTypes.includes(itemType(entry))) return false
      return !args.since || entry.createdAt >= args.since
    })
    const nodes = shown.map((entry) => (entry.kind === 'IssueComment' ? entry.comment : entry))
    const page = connect(nodes, args)
    return { ...page, filteredCount: page.totalCount, pageCount: page.nodes.length, updatedAt: source.updatedAt }
  },
  // Boards that the viewer cannot see are left out without a word.
  projectItems: (source, args: PageArguments & { includeArchived?: boolean }, { viewer }) => {
    const items = source.items.filter((item) => {
      return seesBoard(viewer, item.project) && (args.includeArchived !== false || item.archivedAt === null)
    })
    return connect(items, args)
  },
}

/** `ProjectV2ItemStatusChangedEvent` → `PROJECT_V2_ITEM_STATUS_CHANGED_EVENT`, as `itemTypes` spells it. */
function itemType({ kind }: TimelineEvent): string {
  return kind
    .replace(/V2/g, '_V2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
}

function acts({ viewer }: Context, person: Person): boolean {
  if (viewer.as === 'user') return viewer.person === person
  return viewer.as === 'installation' && viewer.installation.app.bot === person
}
