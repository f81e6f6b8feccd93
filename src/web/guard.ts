// Keeps the pages on this machine until there is a sign-in, and tells browsers to run nothing and load nothing foreign.
import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'

const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i
const LOOPBACK_ADDRESS = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i
/** Whoever relays a request says so in one of these: the socket is then the proxy's, and says nothing about the reader. */
const RELAYED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

const SENTENCE =
  "Andon's pages are shown only on the machine that Andon runs on, because there is no sign-in yet: open http://127.0.0.1 with its port there, and let Andon listen on 127.0.0.1 (HOST).\n"

/**
 * Refuses who is not on this machine: by the socket, by the name that was asked for (another name that points here is
 * how a foreign page would read ours), by a relay's headers, and altogether where the server listens elsewhere too.
 */
export function onLoopbackOnly(listensOn: string): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const closed = !LOOPBACK_NAME.test(listensOn) && !LOOPBACK_ADDRESS.test(listensOn)
  return async (context, next) => {
    const address = context.env?.incoming?.socket.remoteAddress ?? ''
    const host = context.req.header('host') ?? ''
    const relayed = RELAYED.some((header) => context.req.header(header) !== undefined)
    if (closed || relayed || !LOOPBACK_ADDRESS.test(address) || !LOOPBACK_NAME.test(host))
      return context.text(SENTENCE, 403)
    await next()
  }
}

const HEADERS: Record<string, string> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** Set on every answer of ours, errors included. */
export const strictHeaders: MiddlewareHandler = async (context, next) => {
  await next()
  for (const [header, value] of Object.entries(HEADERS))
    if (!context.res.headers.has(header)) context.res.headers.set(header, value)
}
