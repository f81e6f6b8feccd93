// The headers that GitHub puts on its API's answers.
import { createHash } from 'node:crypto'
import type { Answer } from './exchange.ts'
import type { Standing } from './limits.ts'

export type HeaderFacts = {
  now: number
  requestId: string
  apiVersion: string
  standing: Standing
  kind: 'rest' | 'graphql'
}

export function apiHeaders(facts: HeaderFacts): Record<string, string> {
  const { standing } = facts
  return {
    // By the sandbox's clock: clients correct their own by it.
    date: new Date(facts.now).toUTCString(),
    'cache-control': 'private, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With',
    'x-content-type-options': 'nosniff',
    'x-github-media-type': 'github.v3; format=json',
    ...(facts.kind === 'rest' && { 'x-github-api-version-selected': facts.apiVersion }),
    'x-github-request-id': facts.requestId,
    'x-ratelimit-limit': String(standing.limit),
    'x-ratelimit-remaining': String(standing.remaining),
    'x-ratelimit-used': String(standing.used),
    'x-ratelimit-reset': String(standing.reset),
    'x-ratelimit-resource': standing.resource,
  }
}

/** The answer as bytes with its own headers, and as a 304 where the client has it already. */
export function encode(answer: Answer, method: string, ifNoneMatch: string | undefined) {
  const headers: Record<string, string> = { ...answer.headers }
  const bytes = answer.raw ?? (answer.body === undefined ? null : Buffer.from(JSON.stringify(answer.body)))
  if (bytes && !answer.raw) headers['content-type'] = 'application/json; charset=utf-8'
  if (method === 'GET' && answer.status === 200 && bytes) {
    const etag = `W/"${createHash('sha256').update(bytes).digest('hex')}"`
    headers.etag = etag
    const known = (ifNoneMatch ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''))
    if (known.includes(etag.slice(2)) || known.includes('*')) return { status: 304, headers, bytes: null }
  }
  return { status: answer.status, headers, bytes }
}
