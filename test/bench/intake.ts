// Deliveries accepted a second, each durable before it is answered, beside a bare Probot app that only listens.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Built, Sample } from './city.ts'
import type { Load, Sent } from './load.ts'
import { startApp, startProcess } from './process.ts'

const ROUNDS = 3
const COUNT = 5_000
const WIDE = 100

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
    const rounds: { ours: Sent; bare: Sent }[] = []
    // The first round only warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const send = (url: string) =>
        load.ask<Sent>('send', { url, deliveries, secret: built.secret, count: COUNT, wide: WIDE } satisfies Load)
      const bare = await send(probotUrl)
      const ours = await send(app.url)
      // What was taken in is worked off before anybody is measured again.
      await app.drained()
      if (round > 0) rounds.push({ ours, bare })
    }
    const bytes = Math.round(Buffer.byteLength(deliveries[0]?.body ?? '') / 100) / 10
    print(`deliveries ${kind} (${bytes} kB, ${WIDE} connections, medians of ${ROUNDS} rounds)`)
    print(`  Andon, durably        ${row(rounds.map(({ ours }) => ours))}`)
    print(`  bare Probot           ${row(rounds.map(({ bare }) => bare))}`)
    const ratio = median(rounds.map(({ ours, bare }) => ours.perSecond / bare.perSecond))
    print(`  ratio                 ${ratio.toFixed(2).padStart(7)}     (at least 0.8)`)
  }
  await Promise.all([app.stop(), probot.stop(), load.stop(), city.stop()])
  await rm(folder, { recursive: true })
}

function row(sent: Sent[]): string {
  const refused = sent.reduce((sum, each) => sum + each.refused, 0)
  const at = (name: 'p50' | 'p99') =>
    `${name} ${median(sent.map((each) => each[name]))
      .toFixed(1)
      .padStart(6)} ms`
  const rate = Math.round(median(sent.map(({ perSecond }) => perSecond)))
  return `${String(rate).padStart(7)}/s   ${at('p50')}   ${at('p99')}${refused ? `   ${refused} refused` : ''}`
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
