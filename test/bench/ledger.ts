// What the ledger does a second on this machine, on both stores.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ulid } from 'ulid'
import type { Event } from '../../src/core/facts/event.ts'
import { type LedgerSettings, openLedger } from '../../src/ledger/ledger.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { verifyEntries } from '../../src/ledger/verify.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'

const clock = () => new Date()
const now = () => clock().toISOString()
const BODY = JSON.stringify({ action: 'edited', filler: 'x'.repeat(8_000) })

type Print = (line: string) => void

/** Runs `count` calls, `wide` at a time, and prints how many a second and how long one took. */
async function measure(
  print: Print,
  what: string,
  count: number,
  wide: number,
  call: (index: number) => Promise<unknown>,
): Promise<void> {
  const took: number[] = []
  let next = 0
  const start = performance.now()
  const work = async () => {
    for (let index = next++; index < count; index = next++) {
      const begun = performance.now()
      await call(index)
      took.push(performance.now() - begun)
    }
  }
  await Promise.all(Array.from({ length: wide }, work))
  const seconds = (performance.now() - start) / 1000
  took.sort((a, b) => a - b)
  const at = (share: number) => `${(took[Math.floor(took.length * share)] ?? 0).toFixed(2)} ms`
  print(
    `  ${what.padEnd(44)} ${Math.round(count / seconds)
      .toString()
      .padStart(7)}/s   p50 ${at(0.5)}  p99 ${at(0.99)}`,
  )
}

const opened = (index: number): Event => ({
  ...{ kind: 'move-opened', at: now(), move: `M${index}`, from: 'Backlog', to: 'Staging', via: 'board', since: null },
  ...{
    by: { login: `user-${index % 50}`, id: index, type: 'User' },
    forward: true,
    restored: false,
    whileWaiting: 'stay',
  },
  ...{ change: null, commit: null, policy: null, changeKind: 'model-version', risk: 'high', gates: [] },
})

async function bench(print: Print, name: string, settings: LedgerSettings): Promise<void> {
  print(name)
  const ledger: Ledger = await openLedger(settings)
  const accept = () => ledger.accept({ guid: ulid(), event: 'projects_v2_item', body: BODY, receivedAt: now() })
  await measure(print, 'deliveries accepted, one after the other', 1_000, 1, accept)
  await measure(print, 'deliveries accepted, 100 at a time', 10_000, 100, accept)

  const append = (stream: string, version: number, index: number) =>
    ledger.append(stream, version, [{ id: ulid(), event: opened(index) }], {
      orders: [{ key: 'comment', effect: { effect: 'write-comment', body: 'x'.repeat(500) } }],
    })
  await measure(print, 'appends with an order, one after the other', 1_000, 1, (index) =>
    append(`card:${index}`, 0, index),
  )
  await measure(print, 'appends with an order, 10 at a time', 5_000, 10, (index) => append(`wide:${index}`, 0, index))

  const wake = (index: number) => ledger.wake(`card:${index}`, `owner:${index % 100}`, now(), '{"knock":"board"}')
  await measure(print, 'tasks woken, 10 at a time', 2_000, 10, wake)
  const turn = async () => {
    const task = await ledger.claim(now(), 60)
    if (task) await ledger.finish(task, null)
  }
  await measure(print, 'tasks claimed and finished, 4 at a time', 2_000, 4, turn)

  await measure(print, 'searches by actor and kind', 500, 1, (i) =>
    ledger.search({ actor: `user-${i % 50}`, kind: 'move-opened' }),
  )
  await measure(print, 'searches by a word that all entries have', 200, 1, () => ledger.search({ words: 'staging' }))
  await measure(print, 'searches by two words', 500, 1, (i) => ledger.search({ words: `user-${i % 50} staging` }))
  const start = performance.now()
  const proof = await verifyEntries(ledger.entries(), await ledger.head())
  const seconds = (performance.now() - start) / 1000
  print(
    `  ${'entries read and verified'.padEnd(44)} ${Math.round(proof.entries / seconds)}/s   ${proof.ok ? 'whole' : proof.sentence}`,
  )
  await ledger.close()
}

export async function benchLedger(print: Print): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'andon-bench-'))
  await bench(print, 'embedded store', { folder, clock })
  rmSync(folder, { recursive: true })
  if (findPostgres() === null) return print('PostgreSQL: skipped, this machine has none')
  const server = await startPostgres({ durable: true })
  await bench(print, 'PostgreSQL', { databaseUrl: await server.freshUrl(), clock })
  await server.stop()
}
