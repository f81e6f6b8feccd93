// The one exception of this folder: GitHub could not or would not answer, and whether to try again.
import { GraphqlResponseError } from '@octokit/graphql'
import type { Redact } from './redact.ts'

export type ProblemKind = 'rate-limit' | 'secondary-limit' | 'unavailable' | 'forbidden' | 'not-found' | 'other'

/**
 * `transient`: the same call may succeed later. After a lost answer to a write nobody knows whether it was done.
 * `retryAfter`: seconds that GitHub asks us to wait. `status`: null where no HTTP answer came.
 * The message never holds a token: it goes through `redact`, and the original error is not kept as its cause.
 */
export class GitHubProblem extends Error {
  override name = 'GitHubProblem'
  readonly kind: ProblemKind
  readonly transient: boolean
  readonly status: number | null
  readonly retryAfter: number | null

  constructor(kind: ProblemKind, message: string, more: { status?: number | null; retryAfter?: number | null } = {}) {
    super(message)
    this.kind = kind
    this.transient = kind === 'rate-limit' || kind === 'secondary-limit' || kind === 'unavailable'
    this.status = more.status ?? null
    this.retryAfter = more.retryAfter ?? null
  }
}

/** One error of a GraphQL answer, as far as we use it. */
export type GraphError = { type: string; message: string; path: (string | number)[]; code: string }

type Headers = Record<string, string | number | undefined>

/** Reads whatever was thrown on the way to GitHub. `now` in milliseconds. */
export function problemFrom(thrown: unknown, redact: Redact, now: number): GitHubProblem {
  if (thrown instanceof GitHubProblem) return thrown
  if (thrown instanceof GraphqlResponseError) {
    return problemOfGraph(graphErrors(thrown.errors), thrown.headers as Headers, redact, now)
  }
  const error = thrown as { status?: number; message?: string; name?: string; response?: { headers?: Headers } }
  const words = redact(String(error?.message ?? thrown))
  if (!error?.response) {
    // Octokit reports a lost connection as a 500 without a response.
    const late = /timeout|timed out|abort/i.test(`${error?.name} ${error?.message}`)
    return new GitHubProblem(
      'unavailable',
      late ? 'GitHub did not answer in time.' : `GitHub was not reached: ${words}`,
    )
  }
  const status = error.status ?? 0
  const headers = error.response.headers ?? {}
  return new GitHubProblem(kindOf(status, headers, words), `GitHub answered ${status}: ${words}`, {
    status,
    retryAfter: waitOf(headers, now),
  })
}

/** Reads the errors of a GraphQL answer as one problem: the gravest decides. */
export function problemOfGraph(errors: GraphError[], headers: Headers, redact: Redact, now: number): GitHubProblem {
  const ranked = [...errors].sort((a, b) => RANK.indexOf(graphKind(a)) - RANK.indexOf(graphKind(b)))
  const first = ranked[0] ?? { type: '', message: 'no words', path: [], code: '' }
  return new GitHubProblem(graphKind(first), `GitHub answered: ${redact(first.message)}`, {
    status: 200,
    retryAfter: waitOf(headers, now),
  })
}

const RANK: ProblemKind[] = ['rate-limit', 'secondary-limit', 'unavailable', 'other', 'forbidden', 'not-found']

/** What one GraphQL error means. An error that GitHub gives no type is its own trouble, and passes. */
export function graphKind(error: GraphError): ProblemKind {
  if (/secondary rate limit|abuse detection/i.test(error.message)) return 'secondary-limit'
  if (/^RATE_LIMIT/.test(error.type)) return 'rate-limit'
  if (error.type === 'NOT_FOUND') return 'not-found'
  if (error.type === 'FORBIDDEN' || error.type === 'INSUFFICIENT_SCOPES') return 'forbidden'
  if (error.type === 'UNPROCESSABLE' || error.code !== '') return 'other'
  return 'unavailable'
}

/** The errors of a GraphQL answer in a form that can be relied on. */
export function graphErrors(errors: unknown): GraphError[] {
  if (!Array.isArray(errors)) return []
  return errors.map((each) => ({
    type: typeof each?.type === 'string' ? each.type : '',
    message: typeof each?.message === 'string' ? each.message : 'no words',
    path: Array.isArray(each?.path) ? each.path : [],
    code: typeof each?.extensions?.code === 'string' ? each.extensions.code : '',
  }))
}

function kindOf(status: number, headers: Headers, words: string): ProblemKind {
  if (status === 403 || status === 429) {
    if (String(headers['x-ratelimit-remaining']) === '0') return 'rate-limit'
    if (headers['retry-after'] !== undefined || status === 429 || /secondary rate|abuse detection/i.test(words)) {
      return 'secondary-limit'
    }
    return /rate limit exceeded/i.test(words) ? 'rate-limit' : 'forbidden'
  }
  if (status === 401 || status === 451) return 'forbidden'
  if (status === 404 || status === 410) return 'not-found'
  if (status === 408 || status >= 500) return 'unavailable'
  return 'other'
}

/** Seconds to wait by GitHub's own headers; its own clock counts where it says the time. */
function waitOf(headers: Headers, now: number): number | null {
  const after = Number(headers['retry-after'])
  if (Number.isFinite(after) && after >= 0 && headers['retry-after'] !== undefined) return after
  if (String(headers['x-ratelimit-remaining']) !== '0') return null
  const there = Date.parse(String(headers.date ?? ''))
  const wait = Number(headers['x-ratelimit-reset']) - (Number.isNaN(there) ? now : there) / 1000
  return Number.isFinite(wait) ? Math.max(1, Math.ceil(wait)) : null
}
