// GitHub's API as nock answers it: nothing leaves the machine, and every request is counted.
import { generateKeyPairSync } from 'node:crypto'
import nock from 'nock'
import type { Clock } from '../../../src/github/budget.ts'
import { connect } from '../../../src/github/client.ts'
import type { GitHub } from '../../../src/github/port.ts'

export const API = 'https://api.github.com'
/** As long as GitHub's tokens have been since 2026. */
export const TOKEN = `ghs_12345_${'eyJhbGciOiJSUzI1NiJ9'}.${'Ab9-_'.repeat(96)}.${'x'.repeat(10)}`
export const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

export type Api = {
  github: GitHub
  /** Requests so far, token fetches aside: method, path and body. */
  requests: { method: string; path: string; body: unknown; headers: Record<string, unknown> }[]
  /** What was logged. */
  logged: string[]
  slept: number[]
  /** How many tokens were fetched. */
  tokens(): number
  /** The next GraphQL answers, in order. */
  graphql(...answers: (object | { status: number; body: string | object; headers?: Record<string, string> })[]): void
}

let installations = 1000

/** A client whose clock runs only while it sleeps. */
export async function openApi(): Promise<Api> {
  nock.disableNetConnect()
  // Tokens are kept by installation across clients.
  const id = installations++
  nock(API)
    .get('/orgs/acme/installation')
    .reply(200, { id, account: { login: 'acme' }, suspended_at: null })
  nock(API)
    .persist()
    .post(`/app/installations/${id}/access_tokens`)
    .reply(201, { token: TOKEN, expires_at: new Date(Date.now() + 3_600_000).toISOString(), permissions: {} })
  const logged: string[] = []
  const slept: number[] = []
  const log = {
    warn: (fields: object, message: string) => logged.push(JSON.stringify(fields) + message),
    debug: (fields: object, message: string) => logged.push(JSON.stringify(fields) + message),
  }
  let skipped = 0
  const clock: Clock = {
    now: () => Date.now() + skipped,
    async sleep(milliseconds) {
      slept.push(milliseconds)
      skipped += milliseconds
    },
  }
  const requests: Api['requests'] = []
  let tokens = 0
  const watched: typeof fetch = async (input, init) => {
    const url = new URL(String(input))
    if (url.pathname.endsWith('/access_tokens')) tokens++
    if (!url.pathname.startsWith('/app/') && !url.pathname.endsWith('/installation')) {
      const body = typeof init?.body === 'string' ? JSON.parse(init.body) : null
      const headers = Object.fromEntries(new Headers(init?.headers))
      requests.push({ method: init?.method ?? 'GET', path: url.pathname + url.search, body, headers })
    }
    return fetch(input, init)
  }
  const connection = connect({ appId: 5, privateKey: PRIVATE_KEY, log, clock, fetch: watched })
  const installation = await connection.of('acme')
  if (installation === null) throw new Error('not installed')
  return {
    github: installation.github,
    requests,
    logged,
    slept,
    tokens: () => tokens,
    graphql(...answers) {
      for (const given of answers) {
        const { status, body, headers } = 'status' in given ? given : { status: 200, body: given, headers: {} }
        nock(API)
          .post('/graphql')
          .reply(status, body, { 'content-type': 'application/json', ...headers })
      }
    },
  }
}
