// Answers the questions of many cards at once, whatever repositories they are from.
import { mergeBlobs } from '../core/decision/foresee.ts'
import { type Facts, type GitHubQuery, isOfRecord, mergeFacts, NO_FACTS, queryKey } from '../core/facts/query.ts'
import { type FactScope, namesItsPlace } from './fact-query.ts'
import { GitHubProblem } from './github-problem.ts'
import type { Asked } from './port.ts'
import { answerFacts, split } from './read-facts.ts'
import type { Wire } from './wire.ts'

/** A path looked up is no list and costs no points, but time; where that runs out, fewer are asked at once. */
const PATHS_AT_ONCE = 1_000
const PATHS_LEAST = 100

/** One answer for each of `asked`, in their order. */
export async function answerMany(wire: Wire, project: string, asked: Asked[], scope: FactScope): Promise<Facts[]> {
  const bound = asked.map(({ repository, queries }) =>
    queries.map((query) => ({ query, as: boundTo(query, repository) })),
  )
  const queries = mergeBlobs(bound.flat().map(({ as }) => as)).filter((query) => !isOfRecord(query))
  let facts = NO_FACTS
  let room = PATHS_AT_ONCE
  for (let left = queries; left.length > 0; ) {
    const { now, later } = split(left, room)
    try {
      facts = mergeFacts(facts, await answerFacts(wire, project, now, scope, room))
      left = later
    } catch (error) {
      if (!(error instanceof GitHubProblem) || error.kind !== 'unavailable' || room <= PATHS_LEAST) throw error
      room = Math.max(PATHS_LEAST, Math.floor(room / 2))
    }
  }
  return bound.map((pairs) => {
    const issues = pairs.flatMap(({ query, as }) => {
      const found = facts.issues[queryKey(as)]
      return query.fact === 'issues' && found ? [[queryKey(query), found] as const] : []
    })
    return { ...facts, issues: Object.fromEntries(issues) }
  })
}

/** Cards of several repositories are answered at once, so each search names its own. */
function boundTo(query: GitHubQuery, repository: string | null): GitHubQuery {
  if (query.fact !== 'issues' || repository === null || namesItsPlace(query.query)) return query
  return { ...query, query: `${query.query} repo:${repository}` }
}
