// GitHub's answers when it is too much, or when GitHub itself is unwell.
import type { Answer } from './exchange.ts'
import type { Refused } from './limits.ts'

/** Over a limit. GraphQL's spent budget is a 200 with an error, of which GitHub has two spellings. */
export function tooMuch(refused: Refused, graphql: boolean, caller: string, id: string, newSpelling: boolean): Answer {
  if (refused.limit === 'secondary') {
    const message =
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again. ' +
      `If you reach out to GitHub Support for help, please include the request ID ${id}.`
    const documentation_url =
      'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits'
    const headers = { 'retry-after': String(refused.retryAfter) }
    return { status: 403, body: { documentation_url, message, status: '403' }, headers }
  }
  const message = `API rate limit ${newSpelling ? 'already ' : ''}exceeded for ${spoken(caller)}.`
  if (graphql) {
    const error = newSpelling ? { type: 'RATE_LIMIT', code: 'graphql_rate_limit' } : { type: 'RATE_LIMITED' }
    return { status: 200, body: { errors: [{ ...error, message }] } }
  }
  const documentation_url = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api'
  const status = newSpelling ? 429 : 403
  return { status, body: { message, documentation_url, status: String(status) } }
}

/** A 5xx as GitHub's front gives it: a page, no JSON, but for the 500 of the API itself. */
export function unwell(status: number): Answer {
  if (status === 500) return { status, body: { message: 'Server Error', status: '500' } }
  const words: Record<number, string> = { 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout' }
  const page = `<html><head><title>${status} ${words[status]}</title></head><body>Unicorn!</body></html>`
  return { status, raw: new TextEncoder().encode(page), headers: { 'content-type': 'text/html; charset=utf-8' } }
}

function spoken(caller: string): string {
  const [kind, name] = caller.split(':')
  if (kind === 'installation') return `installation ID ${name}`
  if (kind === 'nobody') return '127.0.0.1'
  return `user ID ${name}`
}
