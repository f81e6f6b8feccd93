// Answers the gates' questions: as few requests as GitHub's limits allow, each question answered whole or not at all.
import { z } from 'zod'
import { type CardInColumn, type Facts, type GitHubQuery, mergeFacts, NO_FACTS } from '../core/facts/query.ts'
import { readAnswer } from './card-answer.ts'
import { WHO } from './card-query.ts'
import { checkRunsOf } from './checks.ts'
import { answered, cardsIn, columnSchema, latestRuns, readFacts, teamSchema, type Unfinished } from './fact-answer.ts'
import { askFacts, COLUMN_PAGE, columnFilter, type FactScope, PATHS_AT_ONCE, TEAM_PAGE } from './fact-query.ts'
import { GitHubProblem } from './github-problem.ts'
import { touchedBy } from './touched.ts'
import type { Wire } from './wire.ts'

/** A board holds 50,000 cards at most; a list that goes on after as many is not believed. */
const MOST_PAGES = 500

/** Asks for facts by themselves: one request for each hundred paths (or `room`), mostly one in all. */
export async function answerFacts(
  wire: Wire,
  project: string,
  queries: GitHubQuery[],
  scope: FactScope,
  room = PATHS_AT_ONCE,
): Promise<Facts> {
  let facts = NO_FACTS
  let left = queries
  while (left.length > 0) {
    const { now, later } = split(left, room)
    const asked = askFacts(now, scope)
    const { data } = await wire.query({
      document: factsDocument(asked),
      variables: { project, ...asked.variables },
      urgency: 'read',
    })
    const read = readFacts(now, data, data.board)
    facts = mergeFacts(facts, mergeFacts(read.facts, await finish(wire, project, read.unfinished, scope)))
    left = later
  }
  return facts
}

/** The document of one such request. */
export function factsDocument(asked: ReturnType<typeof askFacts>): string {
  return `
query Facts($project: ID!${asked.declarations}) {
  board: node(id: $project) { ... on ProjectV2 { ${asked.onProject} } }
  ${asked.onRoot}
}
${`${asked.onRoot}${asked.onProject}`.includes('...Who') ? WHO : ''}`
}

/** Commits whose check runs fit into one request: each may bring 5,000 nodes, of 500,000. */
const CHECKED_AT_ONCE = 50

/** What fits into one request, and what must wait for the next. */
export function split(queries: GitHubQuery[], most = PATHS_AT_ONCE): { now: GitHubQuery[]; later: GitHubQuery[] } {
  const now: GitHubQuery[] = []
  const later: GitHubQuery[] = []
  let room = most
  let commits = 0
  for (const query of queries) {
    if (query.fact === 'check-runs' && ++commits > CHECKED_AT_ONCE) later.push(query)
    else if (query.fact !== 'blobs') {
      now.push(query)
    } else {
      const first = query.paths.slice(0, room)
      room -= first.length
      if (first.length > 0) now.push({ ...query, paths: first })
      if (first.length < query.paths.length) later.push({ ...query, paths: query.paths.slice(first.length) })
    }
  }
  return { now, later }
}

/** Reads the pages after the first. */
export async function finish(wire: Wire, project: string, unfinished: Unfinished[], scope: FactScope): Promise<Facts> {
  let facts = NO_FACTS
  for (const part of unfinished) facts = mergeFacts(facts, await finishOne(wire, project, part, scope))
  return facts
}

async function finishOne(wire: Wire, project: string, part: Unfinished, scope: FactScope): Promise<Facts> {
  switch (part.query.fact) {
    case 'check-runs': {
      const runs = await checkRunsOf(wire, part.query.repository, part.query.sha, null)
      return answered(part.query, latestRuns(runs))
    }
    case 'touched':
      return answered(part.query, await touchedBy(wire, part.query))
    case 'team': {
      const { after, read } = part as Unfinished & { read: string[]; after: string }
      const variables = { owner: scope.owner, slug: part.query.slug }
      const more = await pages(wire, MORE_MEMBERS, variables, after, (data) => {
        const page = readAnswer(moreMembers, data).organization.team.members
        return { items: page.nodes.map((member) => member.login), pageInfo: page.pageInfo }
      })
      return answered(part.query, [...read, ...more])
    }
    case 'column': {
      const { after, read } = part as Unfinished & { read: CardInColumn[]; after: string }
      const { name } = part.query
      const variables = { project, field: scope.field, filter: columnFilter(scope.field, name) }
      const more = await pages(wire, MORE_CARDS, variables, after, (data) => {
        const page = readAnswer(moreCards, data).node.items
        return { items: cardsIn(page, name), pageInfo: page.pageInfo }
      })
      return answered(part.query, [...read, ...more])
    }
    default:
      return part.query satisfies never
  }
}

type Page<T> = { items: T[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined } }

/** All items of a connection from a cursor on. `document` takes the cursor as `$after`. */
export async function pages<T>(
  wire: Wire,
  document: string,
  variables: Record<string, unknown>,
  after: string | null,
  read: (data: unknown) => Page<T>,
): Promise<T[]> {
  const found: T[] = []
  let cursor = after
  for (let count = 0; count < MOST_PAGES; count++) {
    const { data } = await wire.query({ document, variables: { ...variables, after: cursor }, urgency: 'read' })
    const { items, pageInfo } = read(data)
    found.push(...items)
    if (!pageInfo.hasNextPage || !pageInfo.endCursor) return found
    cursor = pageInfo.endCursor
  }
  throw new GitHubProblem('other', 'A list on GitHub does not end.')
}

export const MORE_MEMBERS = `
query MoreMembers($owner: String!, $slug: String!, $after: String) {
  organization(login: $owner) { team(slug: $slug) { members(first: 100, membership: ALL, after: $after) ${TEAM_PAGE} } }
}`

export const MORE_CARDS = `
query MoreCards($project: ID!, $field: String!, $filter: String, $after: String) {
  node(id: $project) { ... on ProjectV2 { items(first: 100, query: $filter, after: $after) ${COLUMN_PAGE} } }
}
${WHO}`

const moreMembers = z.object({ organization: z.object({ team: z.object({ members: teamSchema }) }) })
const moreCards = z.object({ node: z.object({ items: columnSchema }) })
