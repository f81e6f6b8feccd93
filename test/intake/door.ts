// A door for webhooks alone, in front of a store that remembers what it was given; and senders, honest and not.
import { createHmac } from 'node:crypto'
import { createServer, type ServerOptions } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { MOST_UNDER_WAY, PATIENCE, takeDelivery } from '../../src/intake.ts'
import type { Delivery } from '../../src/ledger/port.ts'

export const SECRET = 'the-present-secret-0123456789'
export const PREVIOUS = 'the-secret-before-0123456789'

export type Door = {
  url: string
  port: number
  /** What the bodies under way may still grow by. */
  room: { left: number }
  stored: Delivery[]
  /** How many deliveries made the work behind the door wait. */
  waited(): number
  /** All that was logged, as one text. */
  logged(): string
  /** From here on the store cannot be written. */
  breakStore(): void
  close(): Promise<void>
}

export async function openDoor(patience: ServerOptions = {}, bytes = MOST_UNDER_WAY): Promise<Door> {
  const stored: Delivery[] = []
  const room = { left: bytes }
  const lines: string[] = []
  let broken = false
  let waited = 0
  const note = (fields: object, message: string) => {
    lines.push(JSON.stringify({ ...fields, message }))
  }
  const settings = {
    secrets: [SECRET, PREVIOUS],
    ledger: {
      async accept(delivery: Delivery) {
        if (broken) throw new Error('The disk of the store is full.')
        if (stored.some(({ guid }) => guid === delivery.guid)) return false
        stored.push(delivery)
        return true
      },
    },
    clock: () => new Date(),
    room,
    arrived() {
      waited += 1
    },
    accepted: () => undefined,
    log: { warn: note, error: note },
  }
  const server = createServer({ ...PATIENCE, ...patience }, (request, response) => {
    takeDelivery(settings, request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/api/github/webhooks`,
    port,
    room,
    stored,
    waited: () => waited,
    logged: () => lines.join('\n'),
    breakStore() {
      broken = true
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function sign(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

let count = 0
export function headersFor(body: string | Buffer, more: Record<string, string> = {}): Record<string, string> {
  count += 1
  return {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    'x-hub-signature-256': sign(body),
    ...more,
  }
}

export function send(url: string, body: string, more: Record<string, string> = {}): Promise<Response> {
  const headers = headersFor(body, more)
  for (const [name, value] of Object.entries(headers)) if (value === '') delete headers[name]
  return fetch(url, { method: 'POST', headers, body })
}

/** A raw connection that has sent the head of a request; its body comes as the attacker likes. */
export function beginRequest(port: number, length: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(heard))
  })
  const head = Object.entries(headersFor('')).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`POST /api/github/webhooks HTTP/1.1\r\nhost: localhost\r\n${length}\r\n${head.join('')}\r\n`)
  return { socket, answer }
}
