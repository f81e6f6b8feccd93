// One REST request and its answer inside the sandbox, before HTTP and after it.

import { docsOf, type Operation } from '../schemas/rest.ts'
import type { Viewer } from '../world/app.ts'
import { Refusal } from '../world/refusal.ts'
import type { World } from '../world/world.ts'
import type { Deliveries } from './deliveries.ts'
import type { Limits } from './limits.ts'
import type { SandboxSettings } from './settings.ts'
import type { Storage } from './storage.ts'
import type { Tokens } from './tokens.ts'

export type ApiVersion = '2022-11-28' | '2026-03-10'

/** All a handler may use. `path` and `query` have the types that the operation declares. */
export type Call = {
  world: World
  operation: Operation
  path: Record<string, string | number>
  query: Record<string, unknown>
  body: Record<string, unknown>
  viewer: Viewer
  caller: string
  apiVersion: ApiVersion
  /** The `Accept` header. */
  accept: string
  /** The address asked, for the `link` header. */
  url: URL
  settings: SandboxSettings
  tokens: Tokens
  storage: Storage
  deliveries: Deliveries
  limits: Limits
}

/** `raw` goes out as it is, in place of a JSON body. */
export type Answer = { status: number; body?: unknown; raw?: Uint8Array; headers?: Record<string, string> }
export type Handler = (call: Call) => Answer | Promise<Answer>

export const ok = (body: unknown, status = 200): Answer => ({ status, body })

/** An error in GitHub's shape; `status` stands in the body as text, as GitHub has it since 2024. */
export function failure(status: number, message: string, operation: Operation | null, errors?: unknown[]): Answer {
  const documentation_url = operation ? docsOf(operation) : 'https://docs.github.com/rest'
  return { status, body: { message, ...(errors && { errors }), documentation_url, status: String(status) } }
}

const statuses = { 'not-found': 404, forbidden: 403, invalid: 422, conflict: 409, gone: 410 } as const

/** What a refusal of the world reads like over REST. */
export function failureOf(refusal: Refusal, operation: Operation | null): Answer {
  const status = statuses[refusal.code]
  if (status === 404) return failure(404, 'Not Found', operation)
  const errors =
    status === 422 && refusal.field && !refusal.message.startsWith('Invalid request.')
      ? [{ resource: 'Validation', code: refusal.detail ?? 'invalid', field: refusal.field, message: refusal.message }]
      : undefined
  return failure(status, errors ? 'Validation Failed' : refusal.message, operation, errors)
}

export const notFound = (): Refusal => new Refusal('not-found', 'Not Found')

/** Text of a body key that the schema has made sure of; undefined where it was left out. */
export function text(call: Call, key: string): string | undefined {
  const value = call.body[key]
  return typeof value === 'string' ? value : undefined
}

/**
 * One page of a list, with the `link` header to the others. `wrap` puts the page into an object, as some of GitHub's
 * lists want it.
 */
export function page<T>(
  call: Call,
  all: readonly T[],
  shape: (one: T) => unknown,
  wrap: (items: unknown[], total: number) => unknown = (items) => items,
): Answer {
  const size = Math.min(Math.max(Number(call.query.per_page ?? 30), 1), 100)
  const number = Math.max(Number(call.query.page ?? 1), 1)
  const last = Math.max(1, Math.ceil(all.length / size))
  const items = all.slice((number - 1) * size, number * size).map(shape)
  const links: [string, number][] = []
  if (number > 1) links.push(['prev', number - 1])
  if (number < last) links.push(['next', number + 1], ['last', last])
  if (number > 1) links.push(['first', 1])
  const answer = ok(wrap(items, all.length))
  if (links.length > 0) {
    answer.headers = {
      link: links.map(([rel, to]) => `<${pageUrl(call.url, { page: String(to) })}>; rel="${rel}"`).join(', '),
    }
  }
  return answer
}

/** The address asked, with other query parameters. */
export function pageUrl(url: URL, changes: Record<string, string>, without: string[] = []): string {
  const next = new URL(url)
  for (const name of without) next.searchParams.delete(name)
  for (const [name, value] of Object.entries(changes)) next.searchParams.set(name, value)
  return next.toString()
}
