// All that Andon shows over HTTP besides taking webhooks: the pages of the record, its health and its numbers.
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { Ledger } from '../ledger/port.ts'
import { StoreProblem } from '../ledger/store-problem.ts'
import { asideNotice } from './aside-notice.ts'
import { onLoopbackOnly, strictHeaders } from './guard.ts'
import { health } from './health.ts'
import { ICON, message, STYLE } from './layout.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { findMoves, listPage } from './move-list.ts'
import { movePage } from './move-page.ts'
import { readQuery } from './query.ts'
import { readStory } from './story.ts'

export type PagesOptions = {
  /** Where the server listens (HOST). The pages are closed unless that is this machine alone. */
  host: string
  clock: () => Date
  /** The same that watch the ledger of the loop; without them only the store's own numbers are told. */
  metrics?: Metrics
  stopping?: () => boolean
  /** Seconds since a worker last asked the store for work and was answered. */
  sinceClaim?: () => number
  /** Hears of what went wrong on a page. */
  onError?: (error: unknown) => void
}

type App = Hono<{ Bindings: Partial<HttpBindings> }>

/** Answers `/`, `/search`, `/moves/<id>` to this machine only, and `/healthz`, `/readyz` and `/metrics` to all. */
export function pages(ledger: Ledger, options: PagesOptions): App {
  const app: App = new Hono()
  app.use(strictHeaders)
  app.route('/', health(ledger, options))
  app.route('/', (options.metrics ?? createMetrics(options.clock)).routes(ledger))

  app.use(onLoopbackOnly(options.host))
  for (const path of ['/', '/search']) {
    app.get(path, async (context) => {
      const query = readQuery(new URL(context.req.url).searchParams)
      const status = Object.keys(query.problems).length > 0 ? 400 : 200
      const notice = asideNotice(await ledger.backlog(options.clock().toISOString()))
      return context.html(listPage(query, await findMoves(ledger, query), notice), status)
    })
  }
  app.get('/moves/:id', async (context) => {
    const id = context.req.param('id').toUpperCase()
    const story = /^[0-9A-Z]{26}$/.test(id) ? await readStory(ledger, id) : null
    return story ? context.html(movePage(story)) : context.html(noMove, 404)
  })
  const kept = { 'cache-control': 'public, max-age=31536000, immutable' }
  app.get('/style.css', (context) => context.body(STYLE, 200, { ...kept, 'content-type': 'text/css; charset=utf-8' }))
  app.get('/icon.svg', (context) => context.body(ICON, 200, { ...kept, 'content-type': 'image/svg+xml' }))
  app.notFound((context) => context.html(noPage, 404))
  app.onError((error, context) => {
    options.onError?.(error)
    const why = error instanceof StoreProblem ? error.message : 'This is a fault of Andon; its log says more.'
    return context.html(message('This page cannot be shown', html`<p>${why}</p>`), 500)
  })
  return app
}

const back = html`<p><a href="/">Show all moves</a>, or search for its card.</p>`
const noMove = message('No such move', html`<p>The ledger has no move with this id.</p>${back}`)
const noPage = message('No such page', html`<p>Andon has no page at this address.</p>${back}`)
