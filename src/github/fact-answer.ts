// Reads GitHub's answers to the gates' questions; what goes on after a first page is named, not guessed.
import { z } from 'zod'
import {
  type CardInColumn,
  type CheckRun,
  type Facts,
  type GitHubQuery,
  mergeFacts,
  NO_FACTS,
  queryKey,
} from '../core/facts/query.ts'
import { actorOf, whoSchema } from './actor-answer.ts'
import { nodes, readAnswer } from './card-answer.ts'

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() })
const logins = nodes(z.object({ login: z.string() }))

export const teamSchema = z.object({ pageInfo }).and(z.object({ nodes: z.array(z.object({ login: z.string() })) }))

const cardSchema = z.object({
  id: z.string(),
  isArchived: z.boolean(),
  fieldValueByName: z.object({ name: z.string().nullish(), updatedAt: z.string().optional() }).nullable(),
  content: z
    .object({
      title: z.string().optional(),
      author: whoSchema.optional(),
      creator: whoSchema.optional(),
      assignees: logins.optional(),
    })
    .nullable(),
})
export const columnSchema = z.object({ pageInfo, nodes: z.array(cardSchema) })

const runSchema = z.object({
  databaseId: z.number().nullable(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  permalink: z.string(),
})
const suiteSchema = z.object({
  app: z.object({ slug: z.string() }).nullable(),
  checkRuns: z.object({ pageInfo, nodes: z.array(runSchema) }),
})
const suitesSchema = z.object({ pageInfo, nodes: z.array(suiteSchema) })

const issuesSchema = z
  .object({ issueCount: z.number() })
  .and(nodes(z.object({ number: z.number(), title: z.string(), url: z.string() })).transform((first) => ({ first })))

const issueStateSchema = z.object({
  closed: z.boolean(),
  timelineItems: nodes(z.object({ actor: whoSchema })).transform((list) => ({ nodes: list })),
})

/** A question whose answer goes on. `read`: what its first page held. */
export type Unfinished =
  | { query: GitHubQuery & { fact: 'team' }; after: string; read: string[] }
  | { query: GitHubQuery & { fact: 'column' }; after: string; read: CardInColumn[] }
  | { query: GitHubQuery & { fact: 'check-runs' | 'touched' } }

/** `root`: the answer's top, `board`: its board. GitHubQuery number `n` stands under `q<n>`, as `askFacts` wrote it. */
export function readFacts(
  queries: GitHubQuery[],
  root: Record<string, unknown>,
  board: unknown,
): { facts: Facts; unfinished: Unfinished[] } {
  const unfinished: Unfinished[] = []
  let facts = NO_FACTS
  queries.forEach((query, n) => {
    const read = readFact(query, `q${n}`, root, record(board))
    if ('query' in read) unfinished.push(read)
    else facts = mergeFacts(facts, read)
  })
  return { facts, unfinished }
}

function readFact(
  query: GitHubQuery,
  alias: string,
  root: Record<string, unknown>,
  board: Record<string, unknown>,
): Facts | Unfinished {
  const answer = root[alias]
  switch (query.fact) {
    case 'blobs': {
      const found = record(answer)
      const oid = (m: number) => z.object({ oid: z.string() }).safeParse(found[`p${m}`]).data?.oid ?? null
      return answered(query, Object.fromEntries(query.paths.map((path, m) => [path, oid(m)])))
    }
    case 'check-runs': {
      const given = record(record(answer).object).checkSuites
      if (given === null || given === undefined) return answered(query, [])
      const suites = readAnswer(suitesSchema, given)
      if (suites.pageInfo.hasNextPage || suites.nodes.some((suite) => suite.checkRuns.pageInfo.hasNextPage))
        return { query }
      return answered(query, latestRuns(suites.nodes.flatMap(runsOf)))
    }
    case 'touched':
      return { query }
    case 'team': {
      const team = record(answer).team
      if (team === null || team === undefined) return answered(query, null)
      const page = readAnswer(teamSchema, record(team).members)
      const read = page.nodes.map((member) => member.login)
      return page.pageInfo.hasNextPage ? { query, after: page.pageInfo.endCursor ?? '', read } : answered(query, read)
    }
    case 'column': {
      const page = readAnswer(columnSchema, board[alias])
      const read = cardsIn(page, query.name)
      return page.pageInfo.hasNextPage ? { query, after: page.pageInfo.endCursor ?? '', read } : answered(query, read)
    }
    case 'issues': {
      const { issueCount, first } = readAnswer(issuesSchema, answer)
      return answered(query, { total: issueCount, first })
    }
    case 'issue-state': {
      // Null, or of another type: there is no such issue any more, or we may not see it.
      const read = issueStateSchema.safeParse(answer)
      if (!read.success) return answered(query, null)
      const { closed, timelineItems } = read.data
      const last = timelineItems.nodes.at(-1)
      return answered(query, { open: !closed, closedBy: closed && last?.actor ? actorOf(last.actor) : null })
    }
    default:
      return query satisfies never
  }
}

const PART = {
  blobs: 'blobs',
  'check-runs': 'checkRuns',
  touched: 'touched',
  team: 'teams',
  column: 'columns',
  issues: 'issues',
  'issue-state': 'issueStates',
} as const

/** One answer as facts. Keys that people wrote are set as own properties, whatever they are called. */
export function answered(query: GitHubQuery, answer: unknown): Facts {
  return { ...NO_FACTS, [PART[query.fact]]: Object.fromEntries([[queryKey(query), answer]]) }
}

/** The cards of a page that stand in that very column: the board's filter is only a first sieve. */
export function cardsIn(page: z.infer<typeof columnSchema>, column: string): CardInColumn[] {
  return page.nodes
    .filter((item) => !item.isArchived && item.fieldValueByName?.name?.toLowerCase() === column.toLowerCase())
    .map(({ id, content, fieldValueByName }) => ({
      item: id,
      title: content?.title ?? '',
      since: fieldValueByName?.updatedAt ?? null,
      assignees: ownersOf(content),
      archived: false,
    }))
}

/** Who a card counts for in a limit per owner: its assignees, else its author. */
function ownersOf(content: z.infer<typeof cardSchema>['content']): string[] {
  const assigned = content?.assignees?.map((person) => person.login) ?? []
  if (assigned.length > 0 || content === null) return assigned
  return [actorOf(content.author ?? content.creator).login]
}

type NumberedRun = CheckRun & { id: number }

/** The latest check run of each app and name; another app's check of the same name stands beside it. */
export function latestRuns(runs: NumberedRun[]): CheckRun[] {
  const latest = new Map<string, NumberedRun>()
  for (const run of runs) {
    const key = JSON.stringify([run.app, run.name])
    const known = latest.get(key)
    if (!known || known.id < run.id) latest.set(key, run)
  }
  return [...latest.values()].map(({ name, app, status, conclusion, url }) => ({ name, app, status, conclusion, url }))
}

function runsOf(suite: z.infer<typeof suiteSchema>): NumberedRun[] {
  return suite.checkRuns.nodes.map((run) => ({
    id: run.databaseId ?? 0,
    name: run.name,
    app: suite.app?.slug ?? '',
    status: run.status.toLowerCase(),
    conclusion: run.conclusion?.toLowerCase() ?? null,
    url: run.permalink,
  }))
}

function record(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}
