// Answers a request to GitHub's API: slow or broken as told, within the limits, counted and with GitHub's headers.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { budgetHeaders, graphqlBudget } from '../graphql/budget.ts'
import { answerGraphql, type GraphqlRequest, readGraphql } from './answer-graphql.ts'
import { answerRest } from './answer-rest.ts'
import { type Answer, type Call, failure } from './exchange.ts'
import type { Faults, RequestFault } from './faults.ts'
import { apiHeaders, encode } from './headers.ts'
import { type Identified, identify, type Unidentified } from './identify.ts'
import type { Refused } from './limits.ts'
import { readBody } from './read-body.ts'
import { tooMuch, unwell } from './refusals.ts'
import type { RequestLog } from './request-log.ts'

export type ApiParts = Pick<Call, 'world' | 'settings' | 'tokens' | 'storage' | 'deliveries' | 'limits'> & {
  faults: Faults
  requests: RequestLog
}

/** One request while it is answered. `path` is below `/api/v3`. */
type Visit = {
  id: string
  kind: 'rest' | 'graphql'
  method: string
  path: string
  url: URL
  headers: IncomingMessage['headers']
  body: Buffer
  graphql: GraphqlRequest | Answer | null
  writes: boolean
  who: Identified | Unidentified
  caller: string
}

export function startApi(parts: ApiParts) {
  const { world, faults, limits, requests } = parts
  let counter = 0

  return async (request: IncomingMessage, response: ServerResponse, kind: Visit['kind']): Promise<void> => {
    const began = performance.now()
    const visit = await readVisit(request, kind)
    if (!visit) return void response.destroy()
    const struck = faults.forRequest(visit)
    const slow = struck.reduce((sum, fault) => sum + (fault.fault === 'latency' ? delayOf(fault, faults) : 0), 0)
    // Half on the way there, half on the way back, so that two requests can meet as they do over a wire.
    if (slow > 0) await pause(slow / 2)
    const answer = await answerUnderFaults(visit, struck)
    if (slow > 0) await pause(slow / 2)
    const out = answer && encode(answer, visit.method, visit.headers['if-none-match'])
    // An answer that the client had already costs nothing.
    if (out?.status === 304) limits.giveBack(visit.caller)
    remember(visit, out?.status ?? 0, performance.now() - began)
    if (!out) return void response.destroy()
    if (response.destroyed) return
    const headers = { ...headersOf(visit), ...out.headers, 'content-length': String(out.bytes?.byteLength ?? 0) }
    response.writeHead(out.status, headers)
    response.end(out.bytes ?? undefined)
  }

  async function readVisit(request: IncomingMessage, kind: Visit['kind']): Promise<Visit | null> {
    const body = await readBody(request)
    if (!body) return null
    counter += 1
    const method = request.method ?? 'GET'
    const url = new URL(`${world.url}${request.url}`)
    const graphql = kind === 'graphql' ? readGraphql(body) : null
    const who = identify(world, parts.tokens, request.headers.authorization)
    return {
      id: `${counter.toString(16).toUpperCase().padStart(4, '0')}:${(counter * 7919).toString(16).toUpperCase()}:5A4D`,
      kind,
      method,
      path: kind === 'rest' ? url.pathname.slice('/api/v3'.length) || '/' : url.pathname,
      url,
      headers: request.headers,
      body,
      graphql,
      writes: graphql ? 'query' in graphql && graphql.mutation : method !== 'GET',
      who,
      caller: 'caller' in who ? who.caller : 'nobody',
    }
  }

  /** Null: no answer at all. */
  async function answerUnderFaults(visit: Visit, struck: RequestFault[]): Promise<Answer | null> {
    const broken = struck.find((fault) => fault.fault === 'error' || fault.fault === 'cut')
    const instead = broken?.fault === 'error' ? unwell(broken.status ?? 502) : null
    if (broken && broken.when !== 'after') return instead
    const answer = await answerKnown(
      visit,
      struck.find((fault) => fault.fault === 'primary-limit' || fault.fault === 'secondary-limit'),
    )
    return broken ? instead : answer
  }

  async function answerKnown(visit: Visit, limited: RequestFault | undefined): Promise<Answer> {
    const { who } = visit
    if (!visit.headers['user-agent']) {
      return failure(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
        null,
      )
    }
    if ('status' in who) return failure(who.status, who.message, null)
    const isGraphql = visit.kind === 'graphql'
    const budget = graphqlBudget(world, who.viewer)
    budget.limit = limits.settings.graphqlHour
    const over = (refused: Refused): Answer =>
      tooMuch(refused, isGraphql, visit.caller, visit.id, faults.random() < 0.5)
    if (limited?.fault === 'secondary-limit') return over({ limit: 'secondary', retryAfter: limited.retryAfter ?? 60 })
    if (limited && isGraphql) budget.used = budget.limit
    else if (limited) limits.exhaust(visit.caller)
    if (isGraphql && budget.used >= budget.limit) return over({ limit: 'primary' })
    // Asking for one's limits costs nothing.
    if (visit.path === '/rate_limit') return answerRest(restOf(visit), who, parts)
    const points = visit.writes ? 5 : 1
    // An app's own calls make no content.
    const content = visit.writes && who.viewer.as !== 'app'
    const refused = limits.enter(visit.caller, { resource: isGraphql ? 'graphql' : 'core', points, content })
    if (refused) return over(refused)
    try {
      return isGraphql ? await graphqlOf(visit, who) : await answerRest(restOf(visit), who, parts)
    } finally {
      limits.leave(visit.caller)
    }
  }

  async function graphqlOf(visit: Visit, who: Identified): Promise<Answer> {
    const { graphql, method } = visit
    if (method !== 'POST') return failure(404, 'Not Found', null)
    if (!graphql || !('query' in graphql)) return graphql ?? failure(400, 'Problems parsing JSON', null)
    return answerGraphql(world, graphql, who)
  }

  function headersOf(visit: Visit): Record<string, string> {
    const { kind, id, who } = visit
    const apiVersion = String(visit.headers['x-github-api-version'] ?? '2022-11-28')
    const facts = { now: world.time(), requestId: id, apiVersion, standing: limits.standing(visit.caller), kind }
    const viewer = 'viewer' in who ? who.viewer : { as: 'nobody' as const }
    return { ...apiHeaders(facts), ...(kind === 'graphql' && budgetHeaders(graphqlBudget(world, viewer))) }
  }

  function remember(visit: Visit, status: number, ms: number): void {
    const { id, kind, method, path, graphql, caller } = visit
    requests.add({
      id,
      at: new Date(world.time()).toISOString(),
      kind,
      method,
      path,
      operation: graphql && 'query' in graphql ? (graphql.operationName ?? nameOf(graphql.query)) : null,
      status,
      tokenFetch: /^\/app\/installations\/\d+\/access_tokens$/.test(path),
      caller,
      ms,
    })
  }
}

function restOf(visit: Visit) {
  const version = visit.headers['x-github-api-version']
  return {
    ...visit,
    apiVersion: version === undefined ? undefined : String(version),
    accept: visit.headers.accept ?? '',
  }
}

function delayOf(fault: { ms: number; jitter?: number }, faults: Faults): number {
  return fault.ms + (fault.jitter ? fault.jitter * faults.random() : 0)
}

/** The name of the first operation in a document. */
function nameOf(query: string): string | null {
  return /\b(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? null
}
