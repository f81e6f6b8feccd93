// Finds the card that an issue or pull request is on one board.
import { z } from 'zod'
import { nodes, readAnswer } from './card-answer.ts'
import type { Wire } from './wire.ts'

export const FIND_CARD = `
query FindCard($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    issueOrPullRequest(number: $number) {
      ... on Issue { projectItems(first: 50, includeArchived: false) { ...Items } }
      ... on PullRequest { projectItems(first: 50, includeArchived: false) { ...Items } }
    }
  }
}
fragment Items on ProjectV2ItemConnection {
  nodes { id project { number owner { ... on Organization { login } ... on User { login } } } }
}`

const findSchema = z.object({
  repository: z
    .object({
      issueOrPullRequest: z
        .object({
          projectItems: nodes(
            z.object({
              id: z.string(),
              project: z.object({ number: z.number(), owner: z.object({ login: z.string() }) }),
            }),
          ),
        })
        .nullable(),
    })
    .nullable(),
})

/** The item's id; null where that issue or pull request is not on the board. */
export async function findCard(
  wire: Wire,
  content: { repository: string; number: number },
  board: { owner: string; number: number },
): Promise<string | null> {
  const [owner, name] = content.repository.split('/')
  const variables = { owner, name, number: content.number }
  const { data } = await wire.query({ document: FIND_CARD, variables, urgency: 'read' })
  const items = readAnswer(findSchema, data).repository?.issueOrPullRequest?.projectItems ?? []
  const same = (login: string) => login.toLowerCase() === board.owner.toLowerCase()
  return items.find(({ project }) => project.number === board.number && same(project.owner.login))?.id ?? null
}
