// The sandbox's front: one HTTP server with GitHub's two APIs, the sandbox's own routes, and whatever else is mounted.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ApiParts, startApi } from './answer-api.ts'
import { answerControl } from './control.ts'

/** Answers true where it has taken the request. Asked only for what lies outside the API. */
export type ExtraHandler = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

export type Server = { url: string; stop(): Promise<void> }

/** `handlers` is read anew for each request, so that more can be mounted later. */
export async function startServer(parts: ApiParts & { handlers: ExtraHandler[] }): Promise<Server> {
  const answerApi = startApi(parts)
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of the sandbox's own, not a fault it was told to have: say it loudly.
      console.error(error)
      if (response.headersSent) response.destroy()
      else sendPlain(response, 500, { message: error instanceof Error ? error.message : String(error), sandbox: 'bug' })
    })
  })

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://sandbox')
    if (pathname === '/api/v3' || pathname.startsWith('/api/v3/')) return answerApi(request, response, 'rest')
    if (pathname === '/api/graphql') return answerApi(request, response, 'graphql')
    if (pathname.startsWith('/_sandbox/')) {
      const { faults, requests, deliveries: webhooks } = parts
      return answerControl(request, response, { faults, requests, webhooks })
    }
    for (const handler of parts.handlers) if (await handler(request, response)) return
    sendPlain(response, 404, { message: 'Not Found' })
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

function sendPlain(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
