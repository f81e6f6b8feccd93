// Deliveries accepted a second, each durable before it is answered, beside a bare Probot app that only listens.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Built, Sample } from './city.ts'
import type { Load, Sent } from './load.ts'
import { type App, type Process, startApp, startProcess } from './process.ts'

const ROUNDS = 5
const COUNT = 3_000
const WIDE = 100

/** `cpu`: milliseconds of processor time for one delivery, while they came in. `rest`: for the work left behind them. */
type Round = Sent & { cpu: number; rest: number; drained: number }

export async function benchIntake(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'andon-bench-'))
  const city = startProcess('city.ts')
  const built = await city.ask<Built>('build', { organizations: 1, cards: 100, pulls: false, latency: 0 })
  const samples = await city.ask<{ stranger: Sample; cards: Sample[] }>('samples')
  const app = await startApp({ ...built.env, ANDON_DATA: folder })
  const probot = startProcess('bare-probot.ts')
  const probotUrl = await probot.ask<string>('listen', built)
  const load = startProcess('load.ts')
  await app.drained()

  const kinds = { 'that concern nobody': [samples.stranger], 'that wake cards': samples.cards }
  for (const [kind, deliveries] of Object.entries(kinds)) {
    const rounds: { ours: Round; bare: Round }[] = []
    // The first round only warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const order = { deliveries, secret: built.secret, count: COUNT, wide: WIDE }
      const bare = await send(load, probot, { ...order, url: probotUrl })
      const ours = await send(load, app, { ...order, url: app.url }, app)
      if (round > 0) rounds.push({ ours, bare })
    }
    const bytes = Math.round(Buffer.byteLength(deliveries[0]?.body ?? '') / 100) / 10
    print(`deliveries ${kind} (${bytes} kB, ${WIDE} connections, medians of ${ROUNDS} rounds of ${COUNT})`)
    print(`  Andon, durably        ${row(rounds.map(({ ours }) => ours))}`)
    print(`  bare Probot           ${row(rounds.map(({ bare }) => bare))}`)
    const ratio = (of: (each: (typeof rounds)[number]) => number) => median(rounds.map(of)).toFixed(2).padStart(7)
    print(`  ratio                 ${ratio(({ ours, bare }) => ours.perSecond / bare.perSecond)}     (at least 0.8)`)
    print(
      `  ratio by processor    ${ratio(({ ours, bare }) => bare.cpu / ours.cpu)}     (on a busy machine, the truer one)`,
    )
    const drained = median(rounds.map(({ ours }) => ours.drained / 1000)).toFixed(1)
    const rest = median(rounds.map(({ ours }) => ours.rest)).toFixed(2)
    print(`  work left behind      done ${drained} s after the last one came in, ${rest} ms processor each`)
  }
  await Promise.all([app.stop(), probot.stop(), load.stop(), city.stop()])
  await rm(folder, { recursive: true })
}

/** What was taken in is worked off before anybody is measured again. */
async function send(load: Process, server: Process, order: Load, app?: App): Promise<Round> {
  const cpu = () => server.ask<number>('cpu')
  const before = await cpu()
  const sent = await load.ask<Sent>('send', order)
  const accepted = await cpu()
  const began = performance.now()
  await app?.drained()
  const each = (from: number, to: number) => (to - from) / order.count
  const drained = performance.now() - began
  return { ...sent, cpu: each(before, accepted), rest: each(accepted, await cpu()), drained }
}

function row(rounds: Round[]): string {
  const refused = rounds.reduce((sum, each) => sum + each.refused, 0)
  const at = (name: 'p50' | 'p99') =>
    `${name} ${median(rounds.map((each) => each[name]))
      .toFixed(1)
      .padStart(6)} ms`
  const rate = Math.round(median(rounds.map(({ perSecond }) => perSecond)))
  const cpu = median(rounds.map((each) => each.cpu)).toFixed(2)
  return `${String(rate).padStart(7)}/s   ${at('p50')}   ${at('p99')}   ${cpu} ms processor each${refused ? `   ${refused} refused` : ''}`
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
