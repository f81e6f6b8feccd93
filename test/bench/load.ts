// Sends signed deliveries as GitHub would, from a process of its own: so many in all, so many at a time, and no more.
import { createHmac, randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { answer } from './answers.ts'

/** `deliveries` are sent in turn, each time under a new GUID. `wide`: connections, each kept open, one request at a time. */
export type Load = {
  url: string
  secret: string
  deliveries: { event: string; body: string }[]
  count: number
  wide: number
}
/** `a second`, and milliseconds from sending to answer; `refused`: answers other than 2xx. */
export type Sent = { perSecond: number; p50: number; p99: number; refused: number }

answer({
  async send({ url, secret, deliveries, count, wide }: Load): Promise<Sent> {
    const parcels = deliveries.map(({ event, body }) => {
      const bytes = Buffer.from(body)
      const signature = createHmac('sha256', secret).update(bytes).digest('hex')
      const headers = {
        'content-type': 'application/json',
        'content-length': bytes.length,
        'user-agent': 'GitHub-Hookshot/0000000',
        'x-github-event': event,
        'x-hub-signature-256': `sha256=${signature}`,
      }
      return { bytes, headers }
    })
    const agent = new Agent({ keepAlive: true, maxSockets: wide })
    const { hostname, port } = new URL(url)
    const took: number[] = []
    let refused = 0
    let next = 0
    const send = ({ bytes, headers }: (typeof parcels)[number]) =>
      new Promise<void>((resolve, reject) => {
        const began = performance.now()
        const options = { hostname, port, path: '/api/github/webhooks', method: 'POST', agent }
        const sending = request({ ...options, headers: { ...headers, 'x-github-delivery': randomUUID() } }, (got) => {
          got.resume()
          got.on('end', () => {
            took.push(performance.now() - began)
            if (got.statusCode === undefined || got.statusCode >= 300) refused += 1
            resolve()
          })
        })
        sending.on('error', reject)
        sending.end(bytes)
      })
    const began = performance.now()
    const work = async () => {
      for (let n = next++; n < count; n = next++) await send(parcels[n % parcels.length] as (typeof parcels)[number])
    }
    await Promise.all(Array.from({ length: wide }, work))
    const seconds = (performance.now() - began) / 1000
    agent.destroy()
    took.sort((a, b) => a - b)
    const at = (share: number) => took[Math.floor(took.length * share)] ?? 0
    return { perSecond: count / seconds, p50: at(0.5), p99: at(0.99), refused }
  },
})
