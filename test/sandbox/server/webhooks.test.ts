// Webhooks: signed, logged, sent once, and spoilt on demand.
import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkWebhook } from '../../../src/sandbox/schemas/webhook.ts'
import { moveCard } from '../../../src/sandbox/world/card-fields.ts'
import { comment } from '../../../src/sandbox/world/comments.ts'
import { acceptPermissions } from '../../../src/sandbox/world/install.ts'
import { dispatchWorkflow, finishRun } from '../../../src/sandbox/world/runs.ts'
import { type Acme, startAcme } from '../rest/acme.ts'

type Heard = { headers: Record<string, string | string[] | undefined>; body: string }

const secret = 'it is a secret to everybody'
let acme: Acme
let hook: Server
let heard: Heard[]
let answer: (heard: Heard) => number | null

beforeEach(async () => {
  heard = []
  answer = () => 202
  hook = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const one = { headers: request.headers, body: Buffer.concat(parts).toString() }
    heard.push(one)
    const status = answer(one)
    if (status !== null) response.writeHead(status).end('heard')
  })
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
  await begin()
})
afterEach(async () => {
  await acme.sandbox.stop()
  hook.closeAllConnections()
  hook.close()
})

async function begin(options: { webhookTimeoutMs?: number } = {}): Promise<void> {
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/api/github/webhooks`
  acme = await startAcme({ webhook: { url, secret }, ...options })
  await acme.sandbox.webhooks.settled()
  heard.length = 0
  acme.sandbox.webhooks.reset()
}

const move = (column: string) => moveCard(acme.world, acme.ada, acme.item, column)
const stories = () => heard.map((one) => JSON.parse(one.body).changes?.field_value?.to?.name)

describe('a webhook', () => {
  it('is signed over its bytes and bears GitHub’s headers', async () => {
    move('Staging')
    await acme.sandbox.webhooks.settled()
    const [one] = heard
    const signature = `sha256=${createHmac('sha256', secret)
      .update(one?.body ?? '')
      .digest('hex')}`
    expect(one?.headers).toMatchObject({
      'x-hub-signature-256': signature,
      'x-github-event': 'projects_v2_item',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
      'x-github-hook-installation-target-id': String(acme.andon.id),
      'x-github-hook-installation-target-type': 'integration',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    })
    expect(stories()).toEqual(['Staging'])
    expect(JSON.parse(one?.body ?? '{}')).not.toHaveProperty('repository')
  })

  it('is such as GitHub could have sent', async () => {
    const { world, olga, ada, issue, repository } = acme
    move('Staging')
    comment(world, ada, issue, 'please')
    const run = dispatchWorkflow(world, olga, repository, 'andon-evaluate.yml', {
      ref: 'main',
      inputs: { andon: '{}' },
    })
    finishRun(world, run, 'success')
    await acme.sandbox.webhooks.settled()
    expect(heard.map((one) => one.headers['x-github-event']).sort()).toEqual([
      'issue_comment',
      'projects_v2_item',
      'workflow_run',
      'workflow_run',
    ])
    for (const one of heard) {
      expect(checkWebhook(String(one.headers['x-github-event']), JSON.parse(one.body))).toEqual([])
    }
  })

  it('is sent only for what the app subscribes to and may see', async () => {
    const { world, olga, installation, ada, issue } = acme
    acceptPermissions(world, olga, installation, { organization_projects: undefined })
    await acme.sandbox.webhooks.settled()
    heard.length = 0
    move('Staging')
    await acme.sandbox.webhooks.settled()
    expect(heard).toEqual([])
    comment(world, ada, issue, 'still heard')
    await acme.sandbox.webhooks.settled()
    expect(heard).toHaveLength(1)
  })
})

describe('a delivery that failed', () => {
  it('stays in the log, is not sent again by itself, and keeps its GUID when it is', async () => {
    answer = () => 500
    move('Staging')
    await acme.sandbox.webhooks.settled()
    expect(heard).toHaveLength(1)
    const { app } = acme
    const failed = await app.request('GET /app/hook/deliveries', { status: 'failure', per_page: 1 })
    expect(failed.data).toMatchObject([
      {
        event: 'projects_v2_item',
        action: 'edited',
        status: 'Invalid HTTP Response: 500',
        status_code: 500,
        redelivery: false,
      },
    ])
    const delivery_id = Number(failed.data[0]?.id)
    const whole = await app.request('GET /app/hook/deliveries/{delivery_id}', { delivery_id })
    expect(whole.data.request.payload).toEqual(JSON.parse(heard[0]?.body ?? ''))
    answer = () => 202
    const again = await app.request('POST /app/hook/deliveries/{delivery_id}/attempts', { delivery_id })
    expect(again.status).toBe(202)
    await acme.sandbox.webhooks.settled()
    expect(heard[1]).toMatchObject({ body: heard[0]?.body })
    expect(heard[1]?.headers['x-github-delivery']).toBe(heard[0]?.headers['x-github-delivery'])
    const log = await app.request('GET /app/hook/deliveries')
    expect(log.data.slice(0, 2).map((one) => [one.guid, one.status, one.redelivery])).toEqual([
      [failed.data[0]?.guid, 'OK', true],
      [failed.data[0]?.guid, 'Invalid HTTP Response: 500', false],
    ])
  })

  it('is given up after the time that GitHub gives', async () => {
    await acme.sandbox.stop()
    await begin({ webhookTimeoutMs: 300 })
    answer = () => null
    move('Staging')
    await acme.sandbox.webhooks.settled()
    const log = await acme.app.request('GET /app/hook/deliveries', { per_page: 1 })
    expect(log.data).toMatchObject([{ status: 'timed out', status_code: 0 }])
  })

  it('is paged by a cursor that new deliveries do not shift', async () => {
    for (const column of ['Staging', 'Production', 'Backlog']) move(column)
    await acme.sandbox.webhooks.settled()
    const first = await acme.app.request('GET /app/hook/deliveries', { per_page: 2 })
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.link ?? '')?.[1] ?? ''
    move('Staging')
    await acme.sandbox.webhooks.settled()
    const second = await acme.app.request(`GET ${next}`)
    const ids = [...first.data, ...second.data].map((one: { id: number }) => one.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('a webhook under faults', () => {
  it('is lost without a trace in the log', async () => {
    acme.sandbox.faults.add({ fault: 'webhook-lost', times: 1 })
    move('Staging')
    move('Production')
    await acme.sandbox.webhooks.settled()
    expect(stories()).toEqual(['Production'])
    const log = await acme.app.request('GET /app/hook/deliveries', { per_page: 100 })
    expect(log.data.filter((one) => one.action === 'edited')).toHaveLength(1)
    expect(acme.sandbox.webhooks.emitted()).toBe(2)
    expect(acme.sandbox.webhooks.list({ lost: true })).toHaveLength(1)
  })

  it('comes twice under one GUID', async () => {
    acme.sandbox.faults.add({ fault: 'webhook-doubled', times: 1 })
    move('Staging')
    await acme.sandbox.webhooks.settled()
    expect(heard).toHaveLength(2)
    expect(new Set(heard.map((one) => one.headers['x-github-delivery'])).size).toBe(1)
  })

  it('is overtaken by the next one', async () => {
    acme.sandbox.faults.add({ fault: 'webhook-reordered', times: 1 })
    move('Staging')
    move('Production')
    await acme.sandbox.webhooks.settled()
    expect(stories()).toEqual(['Production', 'Staging'])
  })

  it('comes late, while others go on', async () => {
    acme.sandbox.faults.add({ fault: 'webhook-late', ms: 1_000, times: 1, event: 'projects_v2_item' })
    move('Staging')
    comment(acme.world, acme.ada, acme.issue, 'first')
    await acme.sandbox.webhooks.settled()
    expect(heard.map((one) => one.headers['x-github-event'])).toEqual(['issue_comment', 'projects_v2_item'])
  })

  it('tells a `from` that was not so', async () => {
    move('Staging')
    acme.sandbox.faults.add({ fault: 'webhook-stale-from' })
    move('Production')
    await acme.sandbox.webhooks.settled()
    const change = JSON.parse(heard[1]?.body ?? '{}').changes.field_value
    expect(change.to.name).toBe('Production')
    expect(change.from).toBeNull()
  })
})
