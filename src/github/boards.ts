// Reads boards: their fields, their cards page by page, and the cards that were changed.
import { z } from 'zod'
import type { Card } from '../core/facts/card.ts'
import { fieldsSchema, nodes, readAnswer } from './card-answer.ts'
import { FIELDS } from './card-query.ts'
import type { BoardNews, BoardPage, GitHub } from './port.ts'
import type { Wire } from './wire.ts'

const TYPES: Record<string, Card['type']> = { ISSUE: 'Issue', PULL_REQUEST: 'PullRequest', DRAFT_ISSUE: 'DraftIssue' }

/** Cards: those on the board, or the archived ones too. */
type Which = 'shown' | 'all'

/** Whose boards and repositories: GraphQL asks for organizations and people under their own names. */
export type Root = 'organization' | 'user'

export const boardDocument = (root: Root) => `
query Board($owner: String!, $number: Int!) {
  owner: ${root}(login: $owner) { projectV2(number: $number) { id title ...Fields } }
}
${FIELDS}`

const boardSchema = z.object({
  owner: z
    .object({ projectV2: z.object({ id: z.string(), title: z.string(), fields: fieldsSchema }).nullable() })
    .nullable(),
})

/** The account's board of that number, with its single-select fields; null where there is none to be seen. */
export async function readBoard(wire: Wire, root: Root, owner: string, number: number): ReturnType<GitHub['board']> {
  const { data } = await wire.query({ document: boardDocument(root), variables: { owner, number }, urgency: 'read' })
  return readAnswer(boardSchema, data).owner?.projectV2 ?? null
}

const PAGE = `{
  totalCount
  pageInfo { hasNextPage endCursor }
  nodes {
    id type isArchived updatedAt
    fieldValueByName(name: $field) {
      ... on ProjectV2ItemFieldSingleSelectValue { optionId name updatedAt }
    }
    content {
      ... on DraftIssue { id title }
      ... on Issue { id number title repository { nameWithOwner } labels(first: 20) { nodes { name } } }
      ... on PullRequest { id number title repository { nameWithOwner } labels(first: 20) { nodes { name } } }
    }
  }
}`

const EVERY = 'archivedStates: [ARCHIVED, NOT_ARCHIVED]'

export const boardPageDocument = (which: Which) => `
query BoardPage($project: ID!, $field: String!, $after: String) {
  node(id: $project) { ... on ProjectV2 { items(first: 100, after: $after${which === 'all' ? `, ${EVERY}` : ''}) ${PAGE} } }
}`

export const newsDocument = (root: Root) => `
query BoardNews($owner: String!, $number: Int!, $field: String!, $since: String!, $before: String!, $after: String) {
  owner: ${root}(login: $owner) {
    projectV2(number: $number) {
      id title
      all: items(first: 1, ${EVERY}) { totalCount }
      older: items(first: 1, query: $before, ${EVERY}) { totalCount }
      changed: items(first: 100, query: $since, after: $after, ${EVERY}) ${PAGE}
    }
  }
}`

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() })
const valueSchema = z.object({
  optionId: z.string().nullish(),
  name: z.string().nullish(),
  updatedAt: z.string().optional(),
})
const itemSchema = z.object({
  id: z.string(),
  type: z.string(),
  isArchived: z.boolean(),
  updatedAt: z.string(),
  fieldValueByName: valueSchema.nullable(),
  content: z
    .object({
      id: z.string().optional(),
      number: z.number().optional(),
      title: z.string().optional(),
      repository: z.object({ nameWithOwner: z.string() }).optional(),
      labels: nodes(z.object({ name: z.string() })).nullish(),
    })
    .nullable(),
})
const pageSchema = z.object({ totalCount: z.number(), pageInfo, nodes: z.array(itemSchema) })
const boardPageSchema = z.object({ node: z.object({ items: pageSchema }) })
const count = z.object({ totalCount: z.number() })
const newsSchema = z.object({
  owner: z
    .object({
      projectV2: z
        .object({ id: z.string(), title: z.string(), all: count, older: count, changed: pageSchema })
        .nullable(),
    })
    .nullable(),
})

/** A hundred cards of a board. `field` is the name of its field, `cursor` the page before's. */
export async function readBoardPage(
  wire: Wire,
  project: string,
  field: string,
  cursor: string | null,
  which: Which,
): Promise<BoardPage> {
  const { data } = await wire.query({
    document: boardPageDocument(which),
    variables: { project, field, after: cursor },
    urgency: 'read',
  })
  return pageOf(readAnswer(boardPageSchema, data).node.items)
}

/** The board, and a page of the cards changed since a day: see `BoardNews`. Null where there is none to be seen. */
export async function readBoardNews(
  wire: Wire,
  root: Root,
  { owner, number, field }: { owner: string; number: number; field: string },
  since: string,
  cursor: string | null,
): Promise<BoardNews | null> {
  const filters = { since: `updated:>=${since}`, before: `updated:<${since}` }
  const variables = { owner, number, field, ...filters, after: cursor }
  const { data } = await wire.query({ document: newsDocument(root), variables, urgency: 'read' })
  const board = readAnswer(newsSchema, data).owner?.projectV2 ?? null
  if (board === null) return null
  const { id, title, all, older, changed } = board
  const trusted = older.totalCount + changed.totalCount === all.totalCount
  return { id, title, changed: pageOf(changed), total: all.totalCount, trusted }
}

function pageOf(items: z.infer<typeof pageSchema>): BoardPage {
  return {
    total: items.totalCount,
    cursor: items.pageInfo.hasNextPage ? (items.pageInfo.endCursor ?? null) : null,
    items: items.nodes.map(({ id, type, isArchived, updatedAt, fieldValueByName: value, content }) => ({
      item: id,
      title: content?.title ?? '',
      type: TYPES[type] ?? 'Redacted',
      archived: isArchived,
      place: {
        column: value?.optionId ? { id: value.optionId, name: value.name ?? '' } : null,
        since: value?.updatedAt ?? null,
      },
      updatedAt,
      content: content?.id ?? null,
      repository: content?.repository?.nameWithOwner ?? null,
      number: content?.number ?? null,
      labels: content?.labels?.map(({ name }) => name) ?? [],
    })),
  }
}
