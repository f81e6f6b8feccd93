// Finds the cards that an issue or pull request lies on, or that a pull request closes.
import { z } from 'zod'
import type { CardAddress } from '../core/facts/card.ts'
import { nodes, readAnswer } from './card-answer.ts'
import type { Wire } from './wire.ts'

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
