// Reads the check runs of a commit over REST, all pages of them.
import { z } from 'zod'
import type { CheckRun } from '../core/facts/query.ts'
import { readAnswer } from './card-answer.ts'
import { GitHubProblem } from './github-problem.ts'
import { inRepository } from './repository-route.ts'
import type { Wire } from './wire.ts'

export type NamedRun = CheckRun & { id: number; node: string; externalId: string | null }

const answerSchema = z.object({
  total_count: z.number(),
  check_runs: z.array(
    z.object({
      id: z.number(),
      node_id: z.string(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      external_id: z.string().nullish(),
      html_url: z.string().nullish(),
      app: z.object({ slug: z.string().optional() }).nullable(),
    }),
  ),
})

const PAGE = 100
const MOST_PAGES = 20

/** The check runs on a commit, the latest of each name or all that ever were, of one app where `app` names it by id; none where GitHub knows no such commit. */
export async function checkRunsOf(
  wire: Wire,
  repository: string,
  sha: string,
  app: number | null,
  filter: 'latest' | 'all' = 'latest',
): Promise<NamedRun[]> {
  const found: NamedRun[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const parameters = { ...inRepository(repository), ref: sha, filter, per_page: PAGE, page }
    try {
      const { data } = await wire.rest({
        route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
        parameters: app === null ? parameters : { ...parameters, app_id: app },
        urgency: 'read',
      })
      const answer = readAnswer(answerSchema, data)
      found.push(
        ...answer.check_runs.map((run) => ({
          id: run.id,
          node: run.node_id,
          name: run.name,
          app: run.app?.slug ?? '',
          status: run.status,
          conclusion: run.conclusion,
          url: run.html_url ?? '',
          externalId: run.external_id || null,
        })),
      )
      if (answer.check_runs.length < PAGE || found.length >= answer.total_count) return found
    } catch (error) {
      // 404 and 422: no such commit here.
      if (error instanceof GitHubProblem && (error.status === 404 || error.status === 422)) return found
      throw error
    }
  }
  throw new GitHubProblem('other', `There are more than ${PAGE * MOST_PAGES} check runs on ${sha}.`)
}

export const ANNOTATIONS = `
query Annotations($check: ID!) {
  node(id: $check) { ... on CheckRun { annotations(first: 1) { totalCount } } }
}`

const countSchema = z.object({
  node: z.object({ annotations: z.object({ totalCount: z.number() }).nullable() }).nullish(),
})

/** How many annotations a check run has; null where GitHub knows no such run. */
export async function countAnnotations(wire: Wire, check: string): Promise<number | null> {
  const { data } = await wire.query({ document: ANNOTATIONS, variables: { check }, urgency: 'read' })
  const { node } = readAnswer(countSchema, data)
  return node ? (node.annotations?.totalCount ?? 0) : null
}
