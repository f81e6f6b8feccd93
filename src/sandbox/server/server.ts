// The sandbox's front: one HTTP server with GitHub's two APIs, the sandbox's own routes, and whatever else is mounted.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { answerGraphql, type GraphqlRequest, readGraphql } from './answer-graphql.ts'
import { answerRest } from './answer-rest.ts'
import { answerControl } from './control.ts'
import type { Answer, Call } from './exchange.ts'
import type { Faults, RequestFault } from './faults.ts'
import { apiHeaders, encode } from './headers.ts'
import { identify } from './identify.ts'
import type { Refused, Resource } from './limits.ts'
import { tooMuch, unwell } from './refusals.ts'
import type { RequestLog } from './request-log.ts'

/** Answers true where it has taken the request. Asked only for what lies outside the API. */
export type ExtraHandler = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

export type Parts = Pick<Call, 'world' | 'settings' | 'tokens' | 'storage' | 'deliveries' | 'limits'> & {
  faults: Faults
  requests: RequestLog
  handlers: ExtraHandler[]
}

/** One API request while it is answered. */
type Visit = {
  kind: 'rest' | 'graphql'
  method: string
  path: string
  url: URL
  body: Buffer
  graphql: GraphqlRequest | Answer | null
  id: string
  writes: boolean
}

const largestBody = 25 * 1024 * 1024
const restRoot = '/api/v3'
const graphqlRoot = '/api/graphql'

export async function startServer(parts: Parts) {
  let counter = 0
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the sandbox's own, not a fault it was told to have: say it loudly.
      console.error(error)
      if (response.headersSent) response.destroy()
      else sendPlain(response, 500, { message: error instanceof Error ? error.message : String(error), sandbox: 'bug' })
    })
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox')
    const isRest = url.pathname === restRoot || url.pathname.startsWith(`${restRoot}/`)
    if (isRest || url.pathname === graphqlRoot) return answerApi(request, response, url, isRest ? 'rest' : 'graphql')
    if (url.pathname.startsWith('/_sandbox/')) {
      const { faults, requests, deliveries: webhooks } = parts
      return answerControl(request, response, { faults, requests, webhooks, readBody: () => readBody(request) })
    }
    for (const handler of parts.handlers) if (await handler(request, response)) return
    sendPlain(response, 404, { message: 'Not Found' })
  }

  async function answerApi(request: IncomingMessage, response: ServerResponse, url: URL, kind: Visit['kind']) {
    const { world, faults, requests } = parts
    const began = performance.now()
    const body = await readBody(request)
    counter += 1
    const method = request.method ?? 'GET'
    const graphql = kind === 'graphql' ? readGraphql(body) : null
    const visit: Visit = {
      kind,
      method,
      path: kind === 'rest' ? url.pathname.slice(restRoot.length) || '/' : graphqlRoot,
      url: new URL(`${world.url}${request.url}`),
      body,
      graphql,
      id: `${counter.toString(16).toUpperCase().padStart(4, '0')}:${(counter * 7919).toString(16).toUpperCase()}:5A4D`,
      writes: graphql ? 'mutation' in graphql && graphql.mutation : method !== 'GET',
    }
    const who = identify(world, parts.tokens, request.headers.authorization)
    const caller = 'caller' in who ? who.caller : 'nobody'
    const struck = faults.forRequest(visit)
    const slow = struck.reduce((sum, fault) => sum + (fault.fault === 'latency' ? delayOf(fault, faults) : 0), 0)
    // Half on the way there, half on the way back, so that two requests can meet as they do over a wire.
    if (slow > 0) await pause(slow / 2)
    const answer = await answerUnderFaults(request, visit, who, struck)
    if (slow > 0) await pause(slow / 2)

    const standing = parts.limits.standing(caller, kind === 'rest' ? 'core' : 'graphql')
    const apiVersion = String(request.headers['x-github-api-version'] ?? '2022-11-28')
    const out = answer && encode(answer, method, request.headers['if-none-match'])
    // An answer that the client had already costs nothing.
    if (out?.status === 304) parts.limits.giveBack(caller)
    requests.add({
      id: visit.id,
      at: new Date(world.time()).toISOString(),
      kind,
      method,
      path: visit.path,
      operation: graphql && 'query' in graphql ? (graphql.operationName ?? nameOf(graphql.query)) : null,
      status: out?.status ?? 0,
      tokenFetch: /^\/app\/installations\/\d+\/access_tokens$/.test(visit.path),
      caller,
      ms: performance.now() - began,
    })
    if (!out) return void response.destroy()
    if (response.destroyed) return
    const headers = apiHeaders({ now: world.time(), requestId: visit.id, apiVersion, standing, kind })
    response.writeHead(out.status, { ...headers, ...out.headers, 'content-length': out.bytes?.byteLength ?? 0 })
    response.end(out.bytes ?? undefined)
  }

  /** Null: no answer at all. */
  async function answerUnderFaults(
    request: IncomingMessage,
    visit: Visit,
    who: ReturnType<typeof identify>,
    struck: RequestFault[],
  ): Promise<Answer | null> {
    const broken = struck.find((fault) => fault.fault === 'error' || fault.fault === 'cut')
    const instead = broken?.fault === 'error' ? unwell(broken.status ?? 502) : null
    if (broken && broken.when !== 'after') return instead
    const limited = struck.find((fault) => fault.fault === 'primary-limit' || fault.fault === 'secondary-limit')
    const answer = await answerWithinLimits(request, visit, who, limited)
    return broken ? instead : answer
  }

  async function answerWithinLimits(
    request: IncomingMessage,
    visit: Visit,
    who: ReturnType<typeof identify>,
    limited: RequestFault | undefined,
  ): Promise<Answer> {
    const { limits, faults } = parts
    const { kind, method } = visit
    if (!request.headers['user-agent']) {
      const message =
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.'
      return { status: 403, body: { message } }
    }
    if ('status' in who)
      return {
        status: who.status,
        body: { message: who.message, documentation_url: 'https://docs.github.com/rest', status: String(who.status) },
      }
    const resource: Resource = kind === 'rest' ? 'core' : 'graphql'
    const over = (refused: Refused): Answer =>
      tooMuch(refused, kind === 'graphql', who.caller, visit.id, faults.random() < 0.5)
    if (limited?.fault === 'primary-limit') limits.exhaust(who.caller, resource)
    if (limited?.fault === 'secondary-limit') return over({ limit: 'secondary', retryAfter: limited.retryAfter ?? 60 })
    if (visit.path === '/rate_limit') return rest(request, visit, who)
    const points = kind === 'rest' ? (method === 'GET' ? 1 : 5) : visit.writes ? 5 : 1
    const content = visit.writes && who.viewer.as !== 'app'
    const refused = limits.enter(who.caller, { resource, points, content })
    if (refused) return over(refused)
    try {
      return kind === 'rest' ? await rest(request, visit, who) : await graphqlAnswer(visit, who)
    } finally {
      limits.leave(who.caller)
    }
  }

  function rest(request: IncomingMessage, visit: Visit, who: Exclude<ReturnType<typeof identify>, { status: number }>) {
    const version = request.headers['x-github-api-version']
    return answerRest(
      {
        ...visit,
        apiVersion: version === undefined ? undefined : String(version),
        accept: request.headers.accept ?? '',
      },
      who,
      parts,
    )
  }

  async function graphqlAnswer(
    visit: Visit,
    who: Exclude<ReturnType<typeof identify>, { status: number }>,
  ): Promise<Answer> {
    const { graphql } = visit
    if (visit.method !== 'POST') return { status: 404, body: { message: 'Not Found' } }
    if (!graphql || 'status' in graphql) return graphql ?? { status: 400 }
    const { answer, cost } = await answerGraphql(parts.world, graphql, who)
    parts.limits.charge(who.caller, cost)
    return answer
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function delayOf(fault: { ms: number; jitter?: number }, faults: Faults): number {
  return fault.ms + (fault.jitter ? fault.jitter * faults.random() : 0)
}

/** The name of the first operation in a document. */
function nameOf(query: string): string | null {
  return /\b(?:query|mutation)\s+(\w+)/.exec(query)?.[1] ?? null
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largestBody) throw new Error('the request body is too large for the sandbox')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

function sendPlain(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
