// What an operator sees: tasks that are set aside, numbers, readiness, and a log that tells much and gives nothing away.
import { afterEach, describe, expect, it } from 'vitest'
import { runRelease } from '../../src/cli/release.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { suspendInstallation } from '../../src/sandbox/world/install.ts'
import { readMetrics } from '../support/metrics-text.ts'
import { ASKS_MANIFEST } from '../support/policies.ts'
import { beginStory, SECRET, type Story } from '../support/story.ts'
import { hear } from '../support/terminal.ts'

let story: Story
afterEach(() => story.end())

const get = async (path: string) => {
  const response = await fetch(`${story.app.url}${path}`)
  return { status: response.status, text: await response.text() }
}
const metrics = async () => readMetrics((await get('/metrics')).text)

const release = (...args: string[]) => hear('/', (terminal) => runRelease(args, terminal, story.environment))

describe('a task that fails again and again', () => {
  async function poison(): Promise<void> {
    story = await beginStory({ policy: ASKS_MANIFEST })
    await story.app.ledger.wake('mystery:1', 'acme', story.parts.clock().toISOString())
    for (let time = 0; time < 10; time++) {
      await story.settle()
      story.pass(400)
    }
  }

  it('is set aside after a bounded number of tries, in sight on the log, the metrics and the page', async () => {
    await poison()
    const tries = story.parts.logged.filter(({ fields }) => (fields as { task?: string }).task === 'mystery:1')
    expect(tries).toHaveLength(8)
    expect(tries.at(-1)).toMatchObject({
      level: 'error',
      message: 'A task is set aside: it fails again and again',
      fields: { reason: 'Nobody knows how to work on mystery:1.', tries: 8 },
    })
    expect((await metrics()).value('andon_tasks_aside')).toBe(1)
    const { text } = await get('/')
    for (const words of ['One task is set aside', 'mystery:1', 'Nobody knows how to work on', 'andon release'])
      expect(text).toContain(words)
    expect((await get('/readyz')).status).toBe(200)
  })

  it('is shown and released by a command, while the app runs', async () => {
    await poison()
    const listed = await release('--list')
    expect(listed.out).toMatch(/^mystery:1 {2}since \d{4}-\S+Z {2}Nobody knows how to work on mystery:1\.\n$/)
    expect(JSON.parse((await release('--list', '--json')).out)).toMatchObject({
      count: 1,
      aside: [{ key: 'mystery:1' }],
    })
    expect(await release('mystery:2')).toMatchObject({ code: 1, out: '' })
    expect(await release('mystery:1')).toEqual({ code: 0, out: 'One task is released and due now.\n', err: '' })
    const before = story.parts.logged.length
    await story.settle()
    expect(story.parts.logged.slice(before)).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ task: 'mystery:1', tries: 1 }) }),
    )
    expect((await get('/')).text).not.toContain('set aside')
    expect(await release()).toEqual({ code: 0, out: 'No task is set aside.\n', err: '' })
    expect((await release('a', 'b')).code).toBe(2)
  })
})

describe('the metrics', () => {
  it('tell what went through, in Prometheus’ own format', async () => {
    story = await beginStory({ policy: ASKS_MANIFEST, sandbox: { limits: {} } })
    const card = await story.card(story.issue('One', 'Nothing.'))
    await story.move(card, 'Staging')
    await fetch(`${story.app.url}/api/github/webhooks`, { method: 'POST', body: '{}' })
    const { value, sum } = await metrics()
    expect(value('andon_decisions_total', { verdict: 'fail' })).toBe(1)
    expect(value('andon_webhook_to_verdict_seconds_count')).toBe(2)
    expect(sum('andon_deliveries_total', { outcome: 'accepted' })).toBeGreaterThan(2)
    expect(value('andon_deliveries_total', { event: 'unverified', outcome: 'refused' })).toBe(1)
    expect(value('andon_github_requests_total', { kind: 'graphql', status: '200' })).toBeGreaterThan(2)
    const installation = String(story.parts.sandbox.apps[0]?.installation?.id)
    expect(value('andon_github_budget_remaining', { installation, budget: 'graphql' })).toBeLessThanOrEqual(5000)
    expect(value('andon_sweeps_total', { result: 'read' })).toBeGreaterThan(0)
    expect(value('andon_deliveries_oldest_seconds')).toBe(0)
    expect(value('andon_ledger_head')).toBe((await story.app.ledger.head()).seq)
    expect(value('andon_store_up')).toBe(1)
  })
})

describe('a sweep that read nothing', () => {
  it('is not told as one that did, and counted apart', async () => {
    story = await beginStory({ policy: ASKS_MANIFEST })
    const { sandbox, olga, logged } = story.parts
    const readBefore = (await metrics()).value('andon_sweeps_total', { result: 'read' })
    const told = logged.length
    const outage = sandbox.faults.add({ fault: 'error', status: 502, on: { kind: 'graphql' } })
    await story.sweep()
    sandbox.faults.remove(outage)
    if (sandbox.apps[0]?.installation) suspendInstallation(story.world, olga, sandbox.apps[0].installation, true)
    await story.settle()
    story.pass(310)
    await story.settle()
    const { value } = await metrics()
    expect(value('andon_sweeps_total', { result: 'failed' })).toBeGreaterThan(0)
    expect(value('andon_sweeps_total', { result: 'absent' })).toBeGreaterThan(0)
    expect(value('andon_sweeps_total', { result: 'read' })).toBe(readBefore)
    expect(logged.slice(told).filter(({ message }) => message === 'Boards were read again')).toEqual([])
  })
})

describe('the log', () => {
  it('names what each line is about, and holds no secret, token or body', async () => {
    story = await beginStory({ policy: ASKS_MANIFEST })
    const { world, parts } = { world: story.world, parts: story.parts }
    const pull = story.pull('One', 'BODY-OF-THE-PULL ghs_abcdefghijklmnopqrstuvwxyz0123456789')
    const card = await story.card(pull)
    parts.sandbox.faults.add({ fault: 'error', status: 502, times: 3 })
    parts.sandbox.faults.add({ fault: 'cut', when: 'after', times: 1, on: { path: 'graphql', writes: true } })
    await story.move(card, 'Staging')
    comment(world, parts.mallory, pull, 'BODY-OF-THE-COMMENT /andon retry')
    for (let time = 0; time < 3; time++) {
      story.pass(400)
      await story.settle()
    }
    const forged = { 'x-github-event': 'issues', 'x-github-delivery': 'forged-1', 'x-hub-signature-256': 'sha256=00' }
    const headers = { 'content-type': 'application/json', ...forged }
    await fetch(`${story.app.url}/api/github/webhooks`, {
      method: 'POST',
      headers,
      body: '{"a":"BODY-OF-THE-FORGERY"}',
    })
    await story.app.ledger.accept({
      guid: 'nonsense-1',
      event: 'issues',
      body: 'BODY-OF-NO-JSON',
      receivedAt: parts.clock().toISOString(),
    })
    await story.settle()

    const text = parts.logged.map((line) => JSON.stringify(line)).join('\n')
    expect(parts.logged.length).toBeGreaterThan(5)
    const key = parts.settings.privateKey.split('\n').filter((line) => line.length > 30)
    for (const secret of [SECRET, ...key]) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/BODY-OF|gh[a-z]_[A-Za-z0-9]{8}|eyJ[A-Za-z0-9_-]{8}|PRIVATE KEY|bearer /i)
    const retried = parts.logged.filter(({ message }) => message.includes('tried again'))
    expect(retried.length).toBeGreaterThan(0)
    for (const { fields } of retried)
      expect(fields).toMatchObject({ task: `card:${card.node}`, owner: 'acme', card: card.node })
    expect(retried).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ move: expect.stringMatching(/^[0-9A-Z]{26}$/) }) }),
    )
    const installation = parts.sandbox.apps[0]?.installation?.id
    expect(retried).toContainEqual(expect.objectContaining({ fields: expect.objectContaining({ installation }) }))
    expect(retried).toContainEqual(
      expect.objectContaining({
        fields: expect.objectContaining({ deliveries: expect.arrayContaining([expect.any(String)]) }),
      }),
    )
    expect(parts.logged).toContainEqual(
      expect.objectContaining({
        message: 'A delivery could not be read',
        fields: expect.objectContaining({ delivery: 'nonsense-1' }),
      }),
    )
  })
})
