// The form in which GitHub answers the card's query. What is not null here must be there: no gate guesses.
import { z } from 'zod'
import { whoSchema } from './actor-answer.ts'
import { GitHubProblem } from './github-problem.ts'
import { statusChangeSchema } from './status-change.ts'

/** What GitHub leaves of a node that none of our fragments fits. Nothing else may pass for an absent one. */
const nothing = z.strictObject({}).transform(() => null)

/** A connection's nodes without the empty places GitHub leaves for what we may not see. */
export function nodes<T extends z.ZodType>(item: T) {
  return z
    .object({ nodes: z.array(z.union([item, z.null(), nothing])) })
    .transform((connection) => connection.nodes.filter((node) => node !== null) as z.infer<T>[])
}

export const textSchema = z
  .object({ oid: z.string(), text: z.string().nullable(), isTruncated: z.boolean(), byteSize: z.number() })
  .nullable()
  .or(nothing)
export type BlobText = z.infer<typeof textSchema>

export const policySchema = z.object({ nameWithOwner: z.string(), dotGithub: textSchema, atRoot: textSchema })

/** Of the entries, those that are files have an object with a text. */
export const basesSchema = z.object({
  nameWithOwner: z.string(),
  bases: z.object({ entries: z.array(z.object({ name: z.string(), object: textSchema })).nullish() }).nullable(),
})

export const placeSchema = nodes(
  z.object({
    optionId: z.string().nullable(),
    name: z.string().nullable(),
    updatedAt: z.string(),
    field: z.object({ id: z.string(), name: z.string() }),
  }),
)

export const fieldsSchema = nodes(
  z.object({ id: z.string(), name: z.string(), options: z.array(z.object({ id: z.string(), name: z.string() })) }),
)

const pageInfoSchema = z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullable() })

export const commitsSchema = z.object({
  pageInfo: pageInfoSchema,
  nodes: z.array(
    z.object({
      commit: z.object({
        authors: nodes(z.object({ user: whoSchema })),
        committer: z.object({ user: whoSchema }).nullable(),
      }),
    }),
  ),
})

export const reviewsSchema = z.object({ pageInfo: pageInfoSchema }).and(
  nodes(
    z.object({
      id: z.string(),
      state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING']),
      submittedAt: z.string().nullable(),
      url: z.string(),
      commit: z.object({ oid: z.string() }).nullable(),
      author: whoSchema,
    }),
  ).transform((list) => ({ list })),
)

const commentsSchema = nodes(
  z.object({
    id: z.string(),
    url: z.string(),
    body: z.string(),
    createdAt: z.string(),
    lastEditedAt: z.string().nullable(),
    author: whoSchema,
  }),
)

export const pullSchema = z.object({
  id: z.string(),
  number: z.number(),
  url: z.string(),
  body: z.string(),
  createdAt: z.string(),
  lastEditedAt: z.string().nullable(),
  isCrossRepository: z.boolean(),
  authorAssociation: z.string(),
  closed: z.boolean(),
  merged: z.boolean(),
  headRefOid: z.string(),
  author: whoSchema,
  repository: z.object({ id: z.string(), nameWithOwner: z.string() }),
  commits: commitsSchema,
  head: nodes(
    z.object({
      commit: z.object({ oid: z.string(), file: z.object({ object: textSchema }).nullable() }),
    }),
  ),
  reviews: reviewsSchema,
})
export type PullAnswer = z.infer<typeof pullSchema>
const linkedSchema = pullSchema.extend({ comments: commentsSchema })

export const contentSchema = z.object({
  id: z.string(),
  number: z.number(),
  title: z.string(),
  body: z.string(),
  url: z.string(),
  closed: z.boolean(),
  createdAt: z.string(),
  lastEditedAt: z.string().nullable(),
  author: whoSchema,
  labels: nodes(z.object({ id: z.string(), name: z.string() })),
  assignees: nodes(z.object({ login: z.string() })),
  repository: policySchema.extend({
    id: z.string(),
    defaultBranchRef: z.object({ name: z.string(), target: z.object({ oid: z.string() }).nullable() }).nullable(),
    manifest: textSchema,
  }),
  comments: commentsSchema,
  timelineItems: nodes(statusChangeSchema),
  labelled: nodes(z.object({ id: z.string(), label: z.object({ id: z.string() }), actor: whoSchema })),
})
export type ContentAnswer = z.infer<typeof contentSchema>

export const itemSchema = z.object({
  id: z.string(),
  type: z.enum(['ISSUE', 'PULL_REQUEST', 'DRAFT_ISSUE', 'REDACTED']),
  isArchived: z.boolean(),
  fieldValues: placeSchema,
  project: z.object({
    id: z.string(),
    number: z.number(),
    owner: z.object({ login: z.string() }),
    fields: fieldsSchema,
  }),
  content: z
    .discriminatedUnion('__typename', [
      contentSchema.extend({ __typename: z.literal('Issue'), linked: nodes(linkedSchema) }),
      contentSchema.extend(pullSchema.shape).extend({
        __typename: z.literal('PullRequest'),
        // The card's own repository says more than that of a pull request which closes an issue.
        repository: contentSchema.shape.repository,
      }),
      z.object({ __typename: z.literal('DraftIssue'), title: z.string() }),
    ])
    .nullable(),
})
export type ItemAnswer = z.infer<typeof itemSchema>

export const cardSchema = z.object({
  viewer: z.object({ login: z.string(), databaseId: z.number().nullish() }),
  node: itemSchema.nullable(),
  organization: z.object({ repository: policySchema.extend(basesSchema.shape).nullable() }).nullable(),
})

/** Reads a part of GitHub's answer, or says which place of it is not what it should be. */
export function readAnswer<T extends z.ZodType>(schema: T, data: unknown): z.infer<T> {
  const read = schema.safeParse(data)
  if (read.success) return read.data
  const issue = read.error.issues[0]
  throw new GitHubProblem('other', `GitHub's answer lacks what was asked at ${issue?.path.join('.') || 'its top'}.`)
}
