// What a gate may ask beside the card itself, of GitHub or of Andon's own record, and the form the answers come in.
import { type Actor, isNamed } from './actor.ts'
import type { IssueState } from './emergency.ts'
import { type RecordAnswer, type RecordQuestion, recordAnswer, recordKey } from './record-question.ts'

export type GitHubQuery =
  /** Blob ids of paths at a commit. */
  | { fact: 'blobs'; repository: string; sha: string; paths: string[] }
  /** Check runs on a commit, all apps, the latest of each name. */
  | { fact: 'check-runs'; repository: string; sha: string }
  /** Active members of a team of the organization, child teams included. */
  | { fact: 'team'; slug: string }
  /** The cards that stand in a column of the card's board. */
  | { fact: 'column'; name: string }
  /** Which patterns the changed files of a pull request match, at that head of it. */
  | { fact: 'touched'; repository: string; number: number; sha: string; globs: string[] }
  /** Open issues that match a search; the repository or organization is added by the reader. */
  | { fact: 'issues'; query: string }
  /** Whether an issue is open, and who closed it last; by its node id. */
  | { fact: 'issue-state'; id: string }

/** What Andon's own record is asked. */
export type RecordQuery = { fact: 'record'; question: RecordQuestion }

export type Query = GitHubQuery | RecordQuery

/** The facts that one answer of the record makes. */
export function recordFacts({ question }: RecordQuery, answer: RecordAnswer): Facts {
  return { ...NO_FACTS, record: { [recordKey(question)]: answer } }
}

export function isOfRecord(query: Query): query is RecordQuery {
  return query.fact === 'record'
}

export type CheckRun = { name: string; app: string; status: string; conclusion: string | null; url: string }
/** `readySince`: since when the card could be pulled on, which Andon itself knows; absent where it cannot. */
export type CardInColumn = {
  item: string
  title: string
  since: string | null
  assignees: string[]
  archived: boolean
  readySince?: string
}
/** A file that a pattern matches; null where none does. `path` null: it cannot be told, and counts as touched. */
export type Touched = { path: string | null } | null
export type FoundIssues = { total: number; first: { number: number; title: string; url: string }[] }

/**
 * Answers by `queryKey`. A key that is absent was not asked; a null answer means that GitHub knows no such thing. Parts
 * that older entries do not have are optional.
 */
export type Facts = {
  blobs: Record<string, Record<string, string | null>>
  checkRuns: Record<string, CheckRun[]>
  teams: Record<string, string[] | null>
  columns: Record<string, CardInColumn[]>
  issues: Record<string, FoundIssues>
  issueStates?: Record<string, IssueState | null>
  record?: Record<string, RecordAnswer>
  touched?: Record<string, Record<string, Touched>>
}

export const NO_FACTS: Facts = { blobs: {}, checkRuns: {}, teams: {}, columns: {}, issues: {} }

/** The key of a query's answer in its part of `Facts`: `repository@sha`, `repository#number@sha`, team slug, column name, search or question. */
export function queryKey(query: Query): string {
  switch (query.fact) {
    case 'blobs':
    case 'check-runs':
      return `${query.repository}@${query.sha}`
    case 'touched':
      return `${query.repository}#${query.number}@${query.sha}`
    case 'team':
      return query.slug
    case 'column':
      return query.name
    case 'issues':
      return query.query
    case 'issue-state':
      return query.id
    case 'record':
      return recordKey(query.question)
    default:
      return query satisfies never
  }
}

/** The part of a query that the facts at hand do not answer; null when they answer it whole. */
export function unanswered(query: Query, facts: Facts): Query | null {
  const key = queryKey(query)
  switch (query.fact) {
    case 'blobs': {
      const known = facts.blobs[key] ?? {}
      const paths = query.paths.filter((path) => !Object.hasOwn(known, path))
      return paths.length === 0 ? null : { ...query, paths }
    }
    case 'touched': {
      const known = facts.touched?.[key] ?? {}
      const globs = query.globs.filter((glob) => !Object.hasOwn(known, glob))
      return globs.length === 0 ? null : { ...query, globs }
    }
    case 'check-runs':
      return Object.hasOwn(facts.checkRuns, key) ? null : query
    case 'team':
      return Object.hasOwn(facts.teams, key) ? null : query
    case 'column':
      return Object.hasOwn(facts.columns, key) ? null : query
    case 'issues':
      return Object.hasOwn(facts.issues, key) ? null : query
    case 'issue-state':
      return Object.hasOwn(facts.issueStates ?? {}, key) ? null : query
    case 'record':
      return recordAnswer(facts.record, query.question) === undefined ? query : null
    default:
      return query satisfies never
  }
}

/** Two sets of answers as one; the later wins where both have an answer. */
export function mergeFacts(earlier: Facts, later: Facts): Facts {
  const blobs = { ...earlier.blobs }
  for (const [key, found] of Object.entries(later.blobs)) blobs[key] = { ...blobs[key], ...found }
  const touched = { ...earlier.touched }
  for (const [key, found] of Object.entries(later.touched ?? {})) touched[key] = { ...touched[key], ...found }
  return {
    blobs,
    checkRuns: { ...earlier.checkRuns, ...later.checkRuns },
    teams: { ...earlier.teams, ...later.teams },
    columns: { ...earlier.columns, ...later.columns },
    issues: { ...earlier.issues, ...later.issues },
    ...(Object.keys(touched).length > 0 ? { touched } : {}),
    ...(earlier.issueStates || later.issueStates
      ? { issueStates: { ...earlier.issueStates, ...later.issueStates } }
      : {}),
    ...(earlier.record || later.record ? { record: { ...earlier.record, ...later.record } } : {}),
  }
}

/** Whether the account is of the team, as far as its members are known. */
export function isMember(facts: Facts, slug: string, by: Pick<Actor, 'login'>): boolean {
  return isNamed((Object.hasOwn(facts.teams, slug) && facts.teams[slug]) || [], by)
}
