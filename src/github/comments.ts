// Finds a comment of the app's own by its marker, among all comments of an issue or pull request.
import { z } from 'zod'
import type { Actor } from '../core/facts/actor.ts'
import { sameActor } from '../core/facts/actor.ts'
import { actorOf, whoSchema } from './actor-answer.ts'
import { nodes, readAnswer } from './card-answer.ts'
import { WHO } from './card-query.ts'
import { pages } from './read-facts.ts'
import type { Wire } from './wire.ts'

export const COMMENTS = `
query Comments($subject: ID!, $after: String) {
  node(id: $subject) {
    ... on Issue { comments(first: 100, after: $after) { ...Page } }
    ... on PullRequest { comments(first: 100, after: $after) { ...Page } }
  }
}
fragment Page on IssueCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { id url body author { ...Who } }
}
${WHO}`

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() })
const comment = z.object({ id: z.string(), url: z.string(), body: z.string(), author: whoSchema })
const page = z.object({ pageInfo }).and(nodes(comment).transform((list) => ({ list })))
const schema = z.object({ node: z.object({ comments: page }).nullable() })

/** The oldest comment that bears the marker and was written by the app; anybody can copy a marker. */
export async function findOwnComment(
  wire: Wire,
  subject: string,
  marker: string,
  self: Actor,
): Promise<{ id: string; url: string } | null> {
  const found = await pages(wire, COMMENTS, { subject }, null, (data) => {
    const { node } = readAnswer(schema, data)
    const list = node?.comments.list ?? []
    const own = list.find((each) => each.body.includes(marker) && isBy(self, each.author))
    const { hasNextPage = false, endCursor } = node?.comments.pageInfo ?? {}
    return {
      items: own ? [{ id: own.id, url: own.url }] : [],
      pageInfo: { hasNextPage: !own && hasNextPage, endCursor },
    }
  })
  return found[0] ?? null
}

function isBy(self: Actor, author: z.infer<typeof whoSchema>): boolean {
  return author?.__typename === 'Bot' && sameActor(actorOf(author), self)
}
