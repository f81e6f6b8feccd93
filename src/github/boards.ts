// Reads boards: their fields, their cards page by page, and which cards an issue or pull request lies on.
import { z } from 'zod'
import type { Card, CardAddress } from '../core/facts/card.ts'
import { fieldsSchema, nodes, readAnswer } from './card-answer.ts'
import { FIELDS } from './card-query.ts'
import type { BoardPage, GitHub } from './port.ts'
import type { Wire } from './wire.ts'

const TYPES: Record<string, Card['type']> = { ISSUE: 'Issue', PULL_REQUEST: 'PullRequest', DRAFT_ISSUE: 'DraftIssue' }

export const BOARD = `
query Board($owner: String!, $number: Int!) {
  organization(login: $owner) { projectV2(number: $number) { id title ...Fields } }
}
${FIELDS}`

const boardSchema = z.object({
  organization: z
    .object({ projectV2: z.object({ id: z.string(), title: z.string(), fields: fieldsSchema }).nullable() })
    .nullable(),
})

/** The organization's board of that number, with its single-select fields; null where there is none. */
export async function readBoard(wire: Wire, owner: string, number: number): ReturnType<GitHub['board']> {
  const { data } = await wire.query({ document: BOARD, variables: { owner, number }, urgency: 'read' })
  return readAnswer(boardSchema, data).organization?.projectV2 ?? null
}

export const BOARD_PAGE = `
query BoardPage($project: ID!, $field: String!, $after: String) {
  node(id: $project) {
    ... on ProjectV2 {
      items(first: 100, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          id type isArchived updatedAt
          fieldValueByName(name: $field) {
            ... on ProjectV2ItemFieldSingleSelectValue { optionId name updatedAt }
          }
          content {
            ... on DraftIssue { id title }
            ... on Issue { id title }
            ... on PullRequest { id title }
          }
        }
      }
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
  content: z.object({ id: z.string().optional(), title: z.string().optional() }).nullable(),
})
const boardPageSchema = z.object({
  node: z.object({ items: z.object({ totalCount: z.number(), pageInfo, nodes: z.array(itemSchema) }) }),
})

/** A hundred cards of a board that are not archived. `field` is the name of its field, `cursor` the page before's. */
export async function readBoardPage(
  wire: Wire,
  project: string,
  field: string,
  cursor: string | null,
): Promise<BoardPage> {
  const { data } = await wire.query({
    document: BOARD_PAGE,
    variables: { project, field, after: cursor },
    urgency: 'read',
  })
  const { items } = readAnswer(boardPageSchema, data).node
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
    })),
  }
}

export const ITEMS_OF = `
query ItemsOf($content: ID!) {
  node(id: $content) {
    ... on Issue { projectItems(first: 50, includeArchived: false) { ...Items } }
    ... on PullRequest {
      projectItems(first: 50, includeArchived: false) { ...Items }
      closingIssuesReferences(first: 20) { nodes { projectItems(first: 50, includeArchived: false) { ...Items } } }
    }
  }
}
fragment Items on ProjectV2ItemConnection {
  nodes { id project { id number closed owner { ... on Organization { login } ... on User { login } } } }
}`

const items = nodes(
  z.object({
    id: z.string(),
    project: z.object({
      id: z.string(),
      number: z.number(),
      closed: z.boolean(),
      owner: z.object({ login: z.string() }),
    }),
  }),
)
const itemsOfSchema = z.object({
  node: z
    .object({
      projectItems: items.optional(),
      closingIssuesReferences: nodes(z.object({ projectItems: items })).optional(),
    })
    .nullable(),
})

/** The cards that an issue or pull request lies on, or that a pull request closes, on boards that are open. */
export async function readItemsOf(wire: Wire, content: string): Promise<CardAddress[]> {
  const { data } = await wire.query({ document: ITEMS_OF, variables: { content }, urgency: 'read' })
  const { node } = readAnswer(itemsOfSchema, data)
  const found = [
    ...(node?.projectItems ?? []),
    ...(node?.closingIssuesReferences ?? []).flatMap((each) => each.projectItems),
  ]
  const addresses = found
    .filter((item) => !item.project.closed)
    .map(
      ({ id, project }) =>
        [id, { owner: project.owner.login, project: project.id, number: project.number, item: id }] as const,
    )
  return [...new Map(addresses).values()]
}
