// Opens issues, and finds again one of the app's own that a lost answer hid.
import { z } from 'zod'
import { type Actor, sameActor } from '../core/facts/actor.ts'
import { actorOf, whoSchema } from './actor-answer.ts'
import { nodes, readAnswer } from './card-answer.ts'
import { WHO } from './card-query.ts'
import { COMMENT_LIMIT, cutText } from './cut-text.ts'
import { GitHubProblem } from './github-problem.ts'
import type { NewIssue, OpenedIssue } from './port.ts'
import { pages } from './read-facts.ts'
import { inRepository } from './repository-route.ts'
import type { Wire } from './wire.ts'

const created = z.object({ node_id: z.string(), number: z.number(), html_url: z.string() })

/** One POST, never repeated by itself. Throws a `GitHubProblem` where no answer came: the issue may then be there or not. */
export async function openIssue(wire: Wire, wish: NewIssue): Promise<OpenedIssue> {
  const { repository, title, body, labels } = wish
  const parameters = { ...inRepository(repository), title, body: cutText(body, COMMENT_LIMIT), labels }
  try {
    const { data } = await wire.rest({
      route: 'POST /repos/{owner}/{repo}/issues',
      parameters,
      urgency: 'verdict',
      content: 1,
    })
    const issue = readAnswer(created, data)
    return { ok: true, id: issue.node_id, number: issue.number, url: issue.html_url }
  } catch (error) {
    if (error instanceof GitHubProblem && !error.transient && error.status !== null)
      return { ok: false, message: error.message }
    throw error
  }
}

export const ISSUES = `
query Issues($owner: String!, $name: String!, $since: DateTime!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 50, after: $after, filterBy: { since: $since }, orderBy: { field: CREATED_AT, direction: ASC }) {
      pageInfo { hasNextPage endCursor }
      nodes { id number url body author { ...Who } }
    }
  }
}
${WHO}`

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() })
const issue = z.object({ id: z.string(), number: z.number(), url: z.string(), body: z.string(), author: whoSchema })
const schema = z.object({
  repository: z.object({ issues: z.object({ pageInfo }).and(nodes(issue).transform((list) => ({ list }))) }).nullable(),
})

/** The oldest issue that bears the marker and was opened by the app, open or closed; anybody can copy a marker. */
export async function findOwnIssue(
  wire: Wire,
  target: { repository: string; marker: string; since: string },
  self: Actor,
): Promise<{ id: string; number: number; url: string } | null> {
  const { owner, repo: name } = inRepository(target.repository)
  // Our clock and GitHub's may differ.
  const since = new Date(Date.parse(target.since) - 5 * 60_000).toISOString()
  const found = await pages(wire, ISSUES, { owner, name, since }, null, (data) => {
    const issues = readAnswer(schema, data).repository?.issues
    const own = issues?.list.find(
      ({ body, author }) =>
        body.includes(target.marker) && author?.__typename === 'Bot' && sameActor(actorOf(author), self),
    )
    const { hasNextPage = false, endCursor } = issues?.pageInfo ?? {}
    return { items: own ? [own] : [], pageInfo: { hasNextPage: !own && hasNextPage, endCursor } }
  })
  const [own] = found
  return own ? { id: own.id, number: own.number, url: own.url } : null
}
