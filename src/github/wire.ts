// The line to GitHub for one installation: every request goes through here, and through its budget.
import { randomInt } from 'node:crypto'
import { createAppAuth } from '@octokit/auth-app'
import { GraphqlResponseError, withCustomRequest } from '@octokit/graphql'
import { Octokit } from '@octokit/rest'
import type { Budget, Clock, Cost, Urgency } from './budget.ts'
import {
  GitHubProblem,
  type GraphError,
  graphErrors,
  graphKind,
  problemFrom,
  problemOfGraph,
} from './github-problem.ts'
import type { Redact } from './redact.ts'

/** Compatible with pino. */
export type Log = { warn(fields: object, message: string): void; debug(fields: object, message: string): void }

export type WireSettings = {
  appId: number
  privateKey: string
  /** A person's or a workflow's token, instead of the app's identity. */
  token?: string | undefined
  apiUrl: string
  graphqlUrl: string
  log: Log
  redact: Redact
  clock: Clock
  fetch: typeof globalThis.fetch
  heard?: ((heard: Heard) => void) | undefined
}

/** One answer of GitHub's, for those who count. `status` 0: none came. `remaining`: what is left of the hour's budget. */
export type Heard = {
  installation: number | null
  kind: 'rest' | 'graphql'
  status: number
  remaining: { lane: string; left: number } | null
}

type GraphRequest = { document: string; variables: Record<string, unknown>; urgency: Urgency; content?: number }
/** `data` as GitHub sent it; `errors`: those parts of it that GitHub does not know or does not let us see. */
type GraphAnswer = { data: Record<string, unknown>; errors: GraphError[] }
type RestAnswer = { status: number; data: unknown; headers: Record<string, string | undefined> }
type RestRequest = { route: string; parameters?: Record<string, unknown>; urgency: Urgency; content?: number }

export type Wire = {
  /** A query; repeated once where GitHub is out of order. */
  query(request: GraphRequest): Promise<GraphAnswer>
  /** A mutation; never repeated by itself. The errors of its parts are left to the caller. */
  mutate(request: GraphRequest): Promise<GraphAnswer>
  /** A GET is repeated once where GitHub is out of order; nothing else ever is. */
  rest(request: RestRequest): Promise<RestAnswer>
}

const TIMEOUT = 15_000
const USER_AGENT = 'andon'
const HEADERS = { 'X-GitHub-Api-Version': '2022-11-28' }

/** Opens the line; with no `installation` it speaks as the app itself (only its own `/app` routes then work). */
export function openWire(settings: WireSettings, installation: number | null, budget: Budget): Wire {
  const { redact, clock, log } = settings
  const quiet = () => undefined
  // Octokit's own log would print requests whole.
  const octokitLog = { debug: quiet, info: quiet, error: quiet, warn: (text: string) => log.warn({}, redact(text)) }
  const identity = {
    authStrategy: createAppAuth,
    auth: {
      appId: settings.appId,
      privateKey: settings.privateKey,
      ...(installation === null ? {} : { installationId: installation }),
    },
  }
  const octokit = new Octokit({
    ...(settings.token === undefined ? identity : { auth: settings.token }),
    baseUrl: settings.apiUrl,
    userAgent: USER_AGENT,
    request: { fetch: settings.fetch, log: octokitLog },
    log: octokitLog,
  })
  octokit.hook.before('request', (options) => {
    Object.assign(options.headers, HEADERS)
    options.request = { ...options.request, signal: AbortSignal.timeout(TIMEOUT) }
  })
  const hear = (url: string, status: number, headers: Record<string, unknown>) => {
    const left = Number(headers['x-ratelimit-remaining'] ?? Number.NaN)
    const lane = String(headers['x-ratelimit-resource'] ?? 'core')
    // The app's own calls, such as fetching a token, draw on another account.
    const remaining = Number.isFinite(left) && !url.startsWith('/app/') ? { lane, left } : null
    settings.heard?.({ installation, kind: url.endsWith('/graphql') ? 'graphql' : 'rest', status, remaining })
  }
  octokit.hook.error('request', (error, options) => {
    const { status, response } = error as { status?: number; response?: { headers?: Record<string, unknown> } }
    hear(options.url, response === undefined ? 0 : (status ?? 0), response?.headers ?? {})
    throw error
  })
  octokit.hook.after('request', (response, options) => {
    hear(options.url, response.status, response.headers)
    if (installation === null || !options.url.startsWith('/app/')) budget.observe(response.headers)
  })
  const graphql = withCustomRequest(octokit.request)

  /** One try with a fresh token where the kept one was refused: a 401 was not carried out. */
  async function withToken<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call()
    } catch (error) {
      if ((error as { status?: number }).status !== 401 || installation === null) throw error
      await octokit.auth({ type: 'installation', refresh: true })
      return call()
    }
  }

  async function once<T>(cost: Cost, call: () => Promise<T>): Promise<T> {
    try {
      return await withToken(call)
    } catch (error) {
      const problem = problemFrom(error, redact, clock.now())
      budget.refused(problem, cost.lane)
      throw problem
    }
  }

  async function send<T>(cost: Cost, repeat: boolean, call: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await budget.run(cost, () => once(cost, call))
      } catch (error) {
        const problem = problemFrom(error, redact, clock.now())
        // Where GitHub names a time, whoever asks comes back then, and holds up nobody meanwhile.
        const soon = problem.kind === 'unavailable' && !problem.retryAfter
        if (!repeat || attempt > 1 || !soon) throw problem
        await clock.sleep(randomInt(300, 900))
      }
    }
  }

  async function post(request: GraphRequest): Promise<GraphAnswer & { headers: Record<string, string> }> {
    try {
      const data = await graphql({ query: request.document, url: settings.graphqlUrl, ...request.variables })
      return { data: whole(data), errors: [], headers: {} }
    } catch (error) {
      if (!(error instanceof GraphqlResponseError) || !error.data) throw error
      return { data: whole(error.data), errors: graphErrors(error.errors), headers: error.headers as never }
    }
  }

  return {
    query(request) {
      const cost: Cost = { lane: 'graphql', points: 1, content: 0, urgency: request.urgency }
      return send(cost, true, async () => {
        const { data, errors, headers } = await post(request)
        const grave = errors.filter((error) => !['not-found', 'forbidden'].includes(graphKind(error)))
        if (grave.length > 0) throw problemOfGraph(grave, headers, redact, clock.now())
        budget.went()
        for (const error of errors) log.debug({ path: error.path }, redact(error.message))
        return { data, errors }
      })
    },
    mutate(request) {
      const content = request.content ?? 0
      const cost: Cost = { lane: 'graphql', points: 5, content, urgency: request.urgency }
      return send(cost, false, async () => {
        const { data, errors, headers } = await post(request)
        // Some parts may have been done all the same: the caller reads each, only the budget learns of the limit.
        if (errors.length === 0) budget.went()
        else budget.refused(problemOfGraph(errors, headers, redact, clock.now()), cost.lane)
        return { data, errors }
      })
    },
    rest(request) {
      const get = request.route.startsWith('GET ')
      const cost: Cost = { lane: 'core', points: get ? 1 : 5, content: request.content ?? 0, urgency: request.urgency }
      return send(cost, get, async () => {
        const { status, data, headers } = await octokit.request(request.route, request.parameters)
        budget.went()
        return { status, data: data as unknown, headers: headers as RestAnswer['headers'] }
      })
    },
  }
}

/** An answer cut off on its way reaches us as no object at all. */
function whole(data: unknown): Record<string, unknown> {
  if (data !== null && typeof data === 'object') return data as Record<string, unknown>
  throw new GitHubProblem('unavailable', 'GitHub sent an answer that could not be read.')
}
