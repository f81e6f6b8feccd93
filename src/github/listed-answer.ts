// Reads the pages of a whole board into the form in which a single card is read, and says what a page cannot hold.
import { z } from 'zod'
import { whoSchema } from './actor-answer.ts'
import {
  basesSchema,
  contentSchema,
  fieldsSchema,
  type ItemAnswer,
  nodes,
  placeSchema,
  policySchema,
  pullSchema,
  textSchema,
} from './card-answer.ts'
import { latestRuns } from './fact-answer.ts'
import { LINKED_MOST } from './listed-query.ts'

const userSchema = z.object({ user: whoSchema }).nullable()
const commitsSchema = z.object({
  pageInfo: pullSchema.shape.commits.shape.pageInfo,
  nodes: z.array(
    z.object({ commit: z.object({ messageBody: z.string(), author: userSchema, committer: userSchema }) }),
  ),
})

const contextSchema = z.union([
  z.object({
    __typename: z.literal('CheckRun'),
    databaseId: z.number().nullable(),
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
    permalink: z.string(),
    checkSuite: z.object({ app: z.object({ slug: z.string() }).nullable() }),
  }),
  z.object({ __typename: z.literal('StatusContext') }),
])
const rollupSchema = z
  .object({
    contexts: z
      .object({ pageInfo: z.object({ hasNextPage: z.boolean() }) })
      .and(nodes(contextSchema).transform((list) => ({ list }))),
  })
  .nullable()

const listedPull = pullSchema.extend({ commits: commitsSchema, statusCheckRollup: rollupSchema })
export type ListedPull = z.infer<typeof listedPull>

const listedContent = contentSchema.omit({ comments: true, timelineItems: true }).extend({
  repository: contentSchema.shape.repository.pick({ id: true, nameWithOwner: true, defaultBranchRef: true }),
})

const listedSchema = z.object({
  id: z.string(),
  type: z.enum(['ISSUE', 'PULL_REQUEST', 'DRAFT_ISSUE', 'REDACTED']),
  isArchived: z.boolean(),
  fieldValues: placeSchema,
  content: z
    .discriminatedUnion('__typename', [
      listedContent.extend({
        __typename: z.literal('Issue'),
        linked: z.object({ totalCount: z.number() }).and(nodes(listedPull).transform((list) => ({ list }))),
      }),
      listedContent
        .extend(listedPull.shape)
        .extend({ __typename: z.literal('PullRequest'), repository: listedContent.shape.repository }),
      z.object({
        __typename: z.literal('DraftIssue'),
        title: z.string(),
        creator: whoSchema,
        assignees: nodes(z.object({ login: z.string() })),
      }),
    ])
    .nullable(),
})
export type Listed = z.infer<typeof listedSchema>

export const boardCardsSchema = z.object({
  viewer: z.object({ login: z.string(), databaseId: z.number().nullish() }),
  organization: z
    .object({
      projectV2: z
        .object({
          id: z.string(),
          number: z.number(),
          fields: fieldsSchema,
          items: z
            .object({ pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }) })
            .and(nodes(listedSchema).transform((list) => ({ list }))),
        })
        .nullable(),
    })
    .nullable(),
})
type BoardAnswer = NonNullable<NonNullable<z.infer<typeof boardCardsSchema>['organization']>['projectV2']>

export const sharedSchema = policySchema.extend({ ...basesSchema.shape, manifest: textSchema })
export type Shared = z.infer<typeof sharedSchema>

/** The card as one read of it alone would answer, but for its comments and its history. */
export function itemOf(listed: Listed, board: BoardAnswer, owner: string, shared: Shared | null): ItemAnswer {
  const { content, ...item } = listed
  const project = { id: board.id, number: board.number, owner: { login: owner }, fields: board.fields }
  if (content === null || content.__typename === 'DraftIssue') return { ...item, project, content }
  const nothing = { comments: [], timelineItems: [] }
  const missing = {
    nameWithOwner: content.repository.nameWithOwner,
    dotGithub: null,
    atRoot: null,
    bases: null,
    manifest: null,
  }
  const repository = { ...(shared ?? missing), ...content.repository }
  const linkedOf = (pull: ListedPull) => ({ ...pullOf(pull), comments: [] })
  return content.__typename === 'Issue'
    ? { ...item, project, content: { ...content, ...nothing, repository, linked: content.linked.list.map(linkedOf) } }
    : { ...item, project, content: { ...content, ...pullOf(content), ...nothing, repository } }
}

function pullOf(pull: Omit<ListedPull, 'repository'> & { repository: { id: string; nameWithOwner: string } }) {
  const commits = pull.commits.nodes.map(({ commit }) => ({
    commit: { authors: commit.author ? [commit.author] : [], committer: commit.committer },
  }))
  return { ...pull, commits: { pageInfo: pull.commits.pageInfo, nodes: commits } }
}

/** The pull requests that a listed card names, by their ids. */
export function pullsOf({ content }: Listed): ListedPull[] {
  if (content?.__typename === 'Issue') return content.linked.list
  return content?.__typename === 'PullRequest' ? [content] : []
}

/** A page has one author a commit, a hundred commits and a hundred reviews; further authors are named in the message alone. */
export function hiddenIn(listed: Listed): 'co-authors' | 'pull-requests' | 'reviews' | null {
  const { content } = listed
  if (pullsOf(listed).some(({ reviews }) => reviews.pageInfo.hasPreviousPage)) return 'reviews'
  if (content?.__typename === 'Issue' && content.linked.totalCount > LINKED_MOST) return 'pull-requests'
  const hides = ({ commits }: ListedPull) =>
    commits.pageInfo.hasPreviousPage ||
    commits.nodes.some(({ commit }) => /^co-authored-by:/im.test(commit.messageBody))
  return pullsOf(listed).some(hides) ? 'co-authors' : null
}

/** The check runs on the head of a pull request; null where a page does not hold them all. */
export function checksOf({ statusCheckRollup }: ListedPull): ReturnType<typeof latestRuns> | null {
  if (statusCheckRollup === null) return []
  const { pageInfo, list } = statusCheckRollup.contexts
  if (pageInfo.hasNextPage) return null
  return latestRuns(
    list.flatMap((run) =>
      run.__typename === 'StatusContext'
        ? []
        : [
            {
              id: run.databaseId ?? 0,
              name: run.name,
              app: run.checkSuite.app?.slug ?? '',
              status: run.status.toLowerCase(),
              conclusion: run.conclusion?.toLowerCase() ?? null,
              url: run.permalink,
            },
          ],
    ),
  )
}
