// What a probe and Prometheus are told.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/ledger.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { StoreProblem } from '../../src/ledger/store-problem.ts'
import { createMetrics } from '../../src/web/metrics.ts'
import { recordMoves } from '../support/recorded-moves.ts'
import { visiting } from './visit.ts'

const clock = () => new Date('2026-11-23T18:00:00Z')
let ledger: Ledger
beforeEach(async () => {
  ledger = await openLedger({ folder: ':memory:', clock })
})
afterEach(() => ledger.close())

/** Probes come from anywhere. */
const PROBE = { host: '10.0.0.7:3000', address: '10.0.0.1' }

describe('the health', () => {
  it('is alive, and ready while the store can be written', async () => {
    const visit = visiting(ledger, { host: '0.0.0.0' })
    expect(await visit('/healthz', PROBE)).toMatchObject({ status: 200, text: '{"alive":true}' })
    const { status, text } = await visit('/readyz', PROBE)
    expect([status, JSON.parse(text)]).toEqual([200, { ready: true, store: 'reachable', migrations: 'done' }])
  })

  it('is not ready while the store fails, says how, and keeps its address to itself', async () => {
    const problem = new StoreProblem('full', 'The disk of the store /srv/secret-place is full.')
    const failing = { ...ledger, ping: () => Promise.reject(problem) }
    const visit = visiting(failing)
    const { status, text } = await visit('/readyz', PROBE)
    expect(status).toBe(503)
    expect(JSON.parse(text)).toMatchObject({ ready: false, store: 'full' })
    expect(text).not.toContain('secret-place')
    expect((await visit('/healthz', PROBE)).status).toBe(200)
  })

  it('is not ready any more once Andon stops', async () => {
    const visit = visiting(ledger, { stopping: () => true })
    const { status, text } = await visit('/readyz')
    expect([status, JSON.parse(text).why]).toEqual([503, 'Andon is stopping.'])
  })

  it('is not ready while no worker takes anything up, though the store is well', async () => {
    const alive = await visiting(ledger, { sinceClaim: () => 120 })('/readyz', PROBE)
    expect([alive.status, JSON.parse(alive.text).loop]).toEqual([200, 'alive'])
    const { status, text } = await visiting(ledger, { sinceClaim: () => 121 })('/readyz', PROBE)
    expect([status, JSON.parse(text)]).toMatchObject([503, { ready: false, store: 'reachable', loop: 'stuck' }])
    expect(JSON.parse(text).why).toBe('No worker has taken up anything for 121 s.')
  })

  it('does not write once for each of a flood of probes', async () => {
    let pings = 0
    const counted = { ...ledger, ping: async () => void pings++ }
    const visit = visiting(counted)
    await Promise.all(Array.from({ length: 50 }, () => visit('/readyz', PROBE)))
    expect(pings).toBeLessThanOrEqual(2)
  })
})

describe('the metrics', () => {
  const scrape = async (watched: Ledger, metrics = createMetrics(clock)) => {
    const { text, status, headers } = await visiting(watched, { metrics })('/metrics', PROBE)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    return Object.fromEntries(
      text
        .split('\n')
        .flatMap((line) =>
          line === '' || line.startsWith('#')
            ? []
            : [[line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]],
        ),
    )
  }

  it('count decisions, judgements and deliveries as they go through the ledger', async () => {
    const metrics = createMetrics(clock)
    const watched = metrics.watch(ledger)
    await recordMoves(watched)
    const delivery = { guid: 'g', event: 'push', body: '{}', receivedAt: clock().toISOString() }
    await watched.accept(delivery)
    await watched.accept(delivery)
    expect(await scrape(watched, metrics)).toMatchObject({
      'andon_decisions_total{verdict="pass"}': 3,
      'andon_decisions_total{verdict="fail"}': 3,
      'andon_decisions_total{verdict="error"}': 0,
      'andon_gate_judgements_total{verdict="fail"}': 2,
      'andon_deliveries_total{event="push",outcome="accepted"}': 1,
      'andon_deliveries_total{event="push",outcome="repeated"}': 1,
      andon_deliveries_waiting: 1,
      andon_ledger_head: (await ledger.head()).seq,
      andon_store_up: 1,
    })
  })

  it('tell how much waits, and how long', async () => {
    await ledger.wake('card:A', 'acme', '2026-11-23T17:59:00Z')
    await ledger.wake('card:B', 'acme', '2026-11-23T17:58:00Z')
    await ledger.wake('card:C', 'acme', '2026-11-23T18:01:00Z')
    expect(await scrape(ledger)).toMatchObject({
      andon_tasks_due: 2,
      andon_tasks_oldest_due_seconds: 120,
      andon_tasks_leased: 0,
    })
    await ledger.claim(clock().toISOString(), 60)
    expect(await scrape(ledger)).toMatchObject({ andon_tasks_due: 1, andon_tasks_leased: 1 })
  })

  it('say that the store is down instead of failing', async () => {
    const down = { ...ledger, backlog: () => Promise.reject(new Error('down')) }
    expect(await scrape(down)).toMatchObject({ andon_store_up: 0 })
  })

  it('do not count what was not stored', async () => {
    const metrics = createMetrics(clock)
    const watched = metrics.watch(ledger)
    const granted = {
      kind: 'move-granted',
      at: '2026-11-23T18:00:00Z',
      move: 'M',
      from: null,
      to: 'X',
      reason: 'no-gates',
      change: null,
    } as const
    expect(await watched.append('card:A', 5, [{ id: '1', event: granted }])).toEqual({ ok: false, conflict: true })
    expect(await scrape(watched, metrics)).toMatchObject({ 'andon_decisions_total{verdict="pass"}': 0 })
  })

  it('hold no name of a person, board or card', async () => {
    await recordMoves(ledger)
    const { text } = await visiting(ledger)('/metrics', PROBE)
    expect(text).not.toMatch(/acme|ada|Staging|PVTI/)
  })
})
