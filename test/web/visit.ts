// Visits the pages as a browser on this machine does, without a server.
import type { HttpBindings } from '@hono/node-server'
import type { Ledger } from '../../src/ledger/port.ts'
import { type PagesOptions, pages } from '../../src/web/pages.ts'

export type Visitor = { host?: string | null; address?: string; headers?: Record<string, string>; method?: string }

export function visiting(ledger: Ledger, options: Partial<PagesOptions> = {}) {
  const app = pages(ledger, { host: '127.0.0.1', clock: () => new Date('2026-11-23T18:00:00Z'), ...options })
  return async (path: string, { host = '127.0.0.1:3000', address = '127.0.0.1', headers, method }: Visitor = {}) => {
    const bindings = { incoming: { socket: { remoteAddress: address } } } as unknown as HttpBindings
    const init = { method: method ?? 'GET', headers: { ...(host === null ? {} : { host }), ...headers } }
    const response = await app.request(`http://127.0.0.1:3000${path}`, init, bindings)
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
}

/** What a reader of the page sees: its text without its tags. */
export function textOf(page: string): string {
  return page
    .replace(/<head>[\s\S]*?<\/head>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:])(?= |$)/g, '$1')
}
