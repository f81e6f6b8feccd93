// Sends the world's webhooks to the apps, signed, and keeps the log of deliveries that GitHub keeps: nothing is sent again by itself.
import { createHmac } from 'node:crypto'
import type { App } from '../world/app.ts'
import { deliveriesOf, nextGuid, recordDelivery } from '../world/deliveries.ts'
import type { Delivery } from '../world/delivery.ts'
import type { Emission, World } from '../world/world.ts'
import { startDisturbing } from './disturb.ts'
import type { Faults } from './faults.ts'

/** One attempt to send a webhook. `status` 0: no answer came. `lost`: a fault swallowed it, nobody heard of it. */
export type SentWebhook = {
  guid: string
  at: string
  event: string
  action: string | null
  app: number
  status: number
  redelivery: boolean
  lost: boolean
  payload: unknown
}

export type Deliveries = ReturnType<typeof startDeliveries>

type Parcel = { guid: string; emission: Emission; redelivery: boolean }

const largest = 25 * 1024 * 1024

/** `timeoutMs`: how long an app may take to answer (GitHub: 10 s). `keep`: how many deliveries are remembered at most. */
export function startDeliveries(options: { world: World; faults: Faults; timeoutMs?: number; keep?: number }) {
  const { world, faults, timeoutMs = 10_000, keep = 20_000 } = options
  const underway = new Set<Promise<void>>()
  const stopping = new AbortController()
  let sent: SentWebhook[] = []
  let emitted = 0
  const disturb = startDisturbing(faults, stopping.signal)

  const off = world.on('webhook', (emission) => {
    emitted += 1
    const guid = nextGuid(world)
    const sendings = disturb(emission)
    if (sendings.length === 0) note({ guid, emission, redelivery: false }, 0, true)
    for (const { emission: told, turn, done } of sendings) {
      const sending = turn().then(() => send({ guid, emission: told, redelivery: false }))
      track(sending.finally(done))
    }
  })

  function track(work: Promise<void>): void {
    // A sending is refused only when the sandbox stops.
    const ended: Promise<void> = work.catch(() => {}).then(() => void underway.delete(ended))
    underway.add(ended)
  }

  async function send(parcel: Parcel): Promise<void> {
    const { app, payload } = parcel.emission
    if (!app.webhook?.active || stopping.signal.aborted) return
    const body = JSON.stringify(payload)
    if (Buffer.byteLength(body) > largest) return
    const headers = headersOf(app, app.webhook.secret, parcel, body)
    const started = performance.now()
    const answer = await post(app.webhook.url, headers, body)
    if (stopping.signal.aborted) return
    note(parcel, answer.code, false)
    recordDelivery(world, {
      guid: parcel.guid,
      appId: app.id,
      deliveredAt: new Date(world.time()).toISOString(),
      redelivery: parcel.redelivery,
      duration: Math.round(performance.now() - started) / 1000,
      status: answer.status,
      statusCode: answer.code,
      event: parcel.emission.event,
      action: parcel.emission.action,
      installationId: parcel.emission.installationId,
      repositoryId: parcel.emission.repositoryId,
      throttledAt: null,
      url: app.webhook.url,
      request: { headers, payload },
      response: { headers: answer.headers, payload: answer.body },
    })
    if (world.deliveries.length > 2 * keep) world.deliveries.splice(0, world.deliveries.length - keep)
  }

  async function post(url: string, headers: Record<string, string>, body: string) {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopping.signal])
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      const answer = (await response.text()).slice(0, 10_000)
      const status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`
      return { code: response.status, status, headers: Object.fromEntries(response.headers), body: answer }
    } catch (error) {
      const late = error instanceof Error && error.name === 'TimeoutError'
      return { code: 0, status: late ? 'timed out' : 'failed to connect to host', headers: {}, body: null }
    }
  }

  function note(parcel: Parcel, status: number, lost: boolean): void {
    const { app, event, action, payload } = parcel.emission
    const at = new Date(world.time()).toISOString()
    sent.push({
      guid: parcel.guid,
      at,
      event,
      action,
      app: app.id,
      status,
      redelivery: parcel.redelivery,
      lost,
      payload,
    })
    if (sent.length > 2 * keep) sent = sent.slice(-keep)
  }

  return {
    /** Every attempt, in the order in which they ended. */
    list: (filter: Partial<SentWebhook> = {}): SentWebhook[] =>
      sent.filter((one) => Object.entries(filter).every(([key, value]) => one[key as keyof SentWebhook] === value)),
    /** How many webhooks the world gave out, whatever became of them. */
    emitted: (): number => emitted,
    reset(): void {
      sent = []
      emitted = 0
    },
    /** Settles when all webhooks so far, late ones too, have been answered or have failed. */
    async settled(): Promise<void> {
      while (underway.size > 0) await Promise.allSettled(underway)
    },
    /** An app's log of the last three days, newest first. */
    logOf: (app: App): Delivery[] => deliveriesOf(world, app.id),
    /** Sends a delivery once more, under its own GUID. */
    redeliver(app: App, delivery: Delivery): void {
      const emission: Emission = {
        event: delivery.event,
        action: delivery.action,
        payload: delivery.request.payload as Record<string, unknown>,
        app,
        installationId: delivery.installationId ?? 0,
        repositoryId: delivery.repositoryId,
        at: delivery.deliveredAt,
      }
      track(send({ guid: delivery.guid, emission, redelivery: true }))
    },
    async stop(): Promise<void> {
      off()
      stopping.abort()
      await Promise.allSettled(underway)
    },
  }
}

function headersOf(app: App, secret: string, parcel: Parcel, body: string): Record<string, string> {
  const sign = (algorithm: string) => `${algorithm}=${createHmac(algorithm, secret).update(body).digest('hex')}`
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/a1b2c3d',
    'x-github-delivery': parcel.guid,
    'x-github-event': parcel.emission.event,
    'x-github-hook-id': String(app.id + 400_000_000),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': sign('sha1'),
    'x-hub-signature-256': sign('sha256'),
  }
}
