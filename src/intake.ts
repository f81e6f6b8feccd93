// The door for webhooks: caps the body, checks the signature on its raw bytes, stores the delivery, and only then answers.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Ledger } from './ledger/port.ts'

/** GitHub sends at most 25 MB. */
const MOST_BYTES = 25 * 1024 * 1024
/** Bodies are held in memory until they are stored, those of all connections together; there is no more room than this. */
export const MOST_UNDER_WAY = 256 * 1024 * 1024
/** A sender has this long, in milliseconds; GitHub itself gives up after ten seconds. */
export const PATIENCE = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 }
/** How long one who has not sent all of a refused body may read the answer. */
const LINGER_MS = 1_000
const GUID = /^[0-9A-Za-z-]{1,64}$/
const EVENT = /^[a-z0-9_]{1,64}$/

export type IntakeSettings = {
  secrets: string[]
  ledger: Pick<Ledger, 'accept'>
  clock: () => Date
  /** Bytes that the bodies under way may still grow by, all together. */
  room: { left: number }
  /** Rings for each delivery that was signed by GitHub, and for no other: what rings here makes others wait. */
  arrived?: () => void
  /** Rings when something was stored. */
  accepted: () => void
  /** Counts what is refused. */
  refused?: () => void
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void }
}

type Refusal = { status: number; message: string }

const TOO_LARGE = { status: 413, message: 'The body is larger than GitHub sends (25 MB).' }
const TOO_MUCH = { status: 503, message: 'Too much is being received at once; deliver it again later.' }

/** Answers one `POST /api/github/webhooks`. Nothing of a refused request is stored or logged but its headers' names. */
export async function takeDelivery(
  settings: IntakeSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { room } = settings
  let held = 0
  const fits = (bytes: number) => {
    held += bytes
    room.left -= bytes
    return room.left >= 0
  }
  try {
    await takeBody(settings, request, response, fits)
  } finally {
    room.left += held
  }
}

async function takeBody(
  settings: IntakeSettings,
  request: IncomingMessage,
  response: ServerResponse,
  fits: (bytes: number) => boolean,
): Promise<void> {
  const refuse = (refusal: Refusal) => {
    settings.refused?.()
    answer(request, response, refusal)
  }
  const refused = refuseHead(request)
  if (refused) return refuse(refused)
  const body = await readBody(request, fits)
  if (!Buffer.isBuffer(body)) return refuse(body)
  if (!signed(body, header(request, 'x-hub-signature-256'), settings.secrets)) {
    settings.log.warn(
      { delivery: header(request, 'x-github-delivery').slice(0, 64), bytes: body.length },
      'A delivery with a bad signature was refused',
    )
    return refuse({ status: 401, message: 'The signature does not match.' })
  }
  settings.arrived?.()
  const delivery = {
    guid: header(request, 'x-github-delivery'),
    event: header(request, 'x-github-event'),
    body: body.toString('utf8'),
    receivedAt: settings.clock().toISOString(),
  }
  try {
    const isNew = await settings.ledger.accept(delivery)
    answer(request, response, { status: isNew ? 202 : 200, message: isNew ? 'accepted' : 'accepted before' })
    if (isNew) settings.accepted()
  } catch (error) {
    settings.log.error(
      { delivery: delivery.guid, reason: error instanceof Error ? error.message : 'unknown' },
      'A delivery could not be stored',
    )
    answer(request, response, { status: 503, message: 'The delivery could not be stored; deliver it again later.' })
  }
}

function refuseHead(request: IncomingMessage): Refusal | null {
  if (request.method !== 'POST') return { status: 405, message: 'Webhooks come by POST.' }
  if (!/^application\/json\b/i.test(header(request, 'content-type')))
    return { status: 415, message: 'Set the content type of the webhook to application/json.' }
  if (!EVENT.test(header(request, 'x-github-event')))
    return { status: 400, message: 'The header x-github-event is missing or malformed.' }
  if (!GUID.test(header(request, 'x-github-delivery')))
    return { status: 400, message: 'The header x-github-delivery is missing or malformed.' }
  if (!header(request, 'x-hub-signature-256').startsWith('sha256='))
    return { status: 401, message: 'The header x-hub-signature-256 is missing.' }
  if (Number(header(request, 'content-length')) > MOST_BYTES) return TOO_LARGE
  return null
}

/** A refusal as soon as there is more than GitHub sends, or than there is room for; what came until then is let go. */
function readBody(request: IncomingMessage, fits: (bytes: number) => boolean): Promise<Buffer | Refusal> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      chunks.push(chunk)
      const refusal = fits(chunk.length) ? bytes > MOST_BYTES && TOO_LARGE : TOO_MUCH
      if (!refusal) return
      request.pause().removeAllListeners('data')
      resolve(refusal)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(new Error('The sender went away.'))
    })
  })
}

/** Constant in time, whichever secret signed it. */
function signed(body: Buffer, signature: string, secrets: string[]): boolean {
  const given = Buffer.from(signature)
  let matches = false
  for (const secret of secrets) {
    const own = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
    if (own.length === given.length && timingSafeEqual(own, given)) matches = true
  }
  return matches
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

function answer(request: IncomingMessage, response: ServerResponse, { status, message }: Refusal): void {
  if (response.headersSent || response.destroyed) return
  const text = `${message}\n`
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) })
  response.end(text)
  // A sender who is still sending hears the answer only while the connection stands; after that it would keep it busy.
  const letGo = () => {
    if (!request.complete) request.destroy()
  }
  if (!request.complete) response.once('finish', () => setTimeout(letGo, LINGER_MS).unref())
}
