// Reads the whole move history of issues and pull requests out of their timelines, many of them in one request.
import { z } from 'zod'
import { nodes, readAnswer } from './card-answer.ts'
import { WHO } from './card-query.ts'
import type { MoveHistory } from './port.ts'
import { moveOf, STATUS_CHANGE, statusChangeSchema } from './status-change.ts'
import type { Wire } from './wire.ts'

/** GitHub takes a hundred ids at a time; half of them with a hundred moves each stay far from its node limit. */
const AT_ONCE = 50
/** A thread that goes on for longer is not believed. */
const MOST_PAGES = 100

const MOVES = `{
  pageInfo { hasPreviousPage startCursor }
  nodes {
    ${STATUS_CHANGE}
  }
}`
const NAME = 'id number repository { nameWithOwner }'
const timeline = (before: string) =>
  `timelineItems(last: 100, ${before}itemTypes: [PROJECT_V2_ITEM_STATUS_CHANGED_EVENT]) ${MOVES}`

export const HISTORIES = `
query Histories($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Issue { ${NAME} ${timeline('')} }
    ... on PullRequest { ${NAME} ${timeline('')} }
  }
}
${WHO}`

export const OLDER_HISTORY = `
query OlderHistory($id: ID!, $before: String) {
  node(id: $id) {
    ... on Issue { ${NAME} ${timeline('before: $before, ')} }
    ... on PullRequest { ${NAME} ${timeline('before: $before, ')} }
  }
}
${WHO}`

const historySchema = z.object({
  id: z.string(),
  number: z.number(),
  repository: z.object({ nameWithOwner: z.string() }),
  timelineItems: z
    .object({ pageInfo: z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullish() }) })
    .and(nodes(statusChangeSchema).transform((moves) => ({ moves }))),
})
type Timeline = z.infer<typeof historySchema>['timelineItems']

const gone = z.strictObject({}).transform(() => null)
const historiesSchema = z.object({ nodes: z.array(z.union([historySchema, z.null(), gone])) })
const olderSchema = z.object({ node: z.union([historySchema, z.null(), gone]) })

/**
 * The moves of these issues and pull requests on one board since an instant (ISO 8601), oldest first. What GitHub does
 * not show (deleted, or out of the app's reach) is missing in the answer.
 */
export async function readHistories(
  wire: Wire,
  contents: string[],
  project: string,
  since: string,
): Promise<MoveHistory[]> {
  const found: MoveHistory[] = []
  for (let first = 0; first < contents.length; first += AT_ONCE) {
    const variables = { ids: contents.slice(first, first + AT_ONCE) }
    const { data } = await wire.query({ document: HISTORIES, variables, urgency: 'read' })
    for (const node of readAnswer(historiesSchema, data).nodes) {
      if (node === null) continue
      const all = await withOlder(wire, node.id, node.timelineItems, since)
      const moves = all.filter((move) => move.project?.id === project && !isBefore(move, since)).map(moveOf)
      found.push({ content: node.id, card: `${node.repository.nameWithOwner}#${node.number}`, moves })
    }
  }
  return found
}

async function withOlder(wire: Wire, id: string, newest: Timeline, since: string): Promise<Timeline['moves']> {
  let moves = newest.moves
  let { hasPreviousPage, startCursor } = newest.pageInfo
  for (let page = 0; page < MOST_PAGES && hasPreviousPage && startCursor; page++) {
    const oldest = moves[0]
    if (oldest && isBefore(oldest, since)) break
    const variables = { id, before: startCursor }
    const { data } = await wire.query({ document: OLDER_HISTORY, variables, urgency: 'read' })
    const { node } = readAnswer(olderSchema, data)
    if (node === null) break
    moves = [...node.timelineItems.moves, ...moves]
    ;({ hasPreviousPage, startCursor } = node.timelineItems.pageInfo)
  }
  return moves
}

/** GitHub tells instants to the second. */
function isBefore(event: { createdAt: string }, instant: string): boolean {
  return Date.parse(event.createdAt) < Math.floor(Date.parse(instant) / 1000) * 1000
}
