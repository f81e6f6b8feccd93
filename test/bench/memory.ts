// Memory of one process after 100,000 deliveries, worked off and with all garbage gone: it should not grow with them.
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Built, Sample } from './city.ts'
import type { Load, Sent } from './load.ts'
import { startApp, startProcess } from './process.ts'

const POINTS = [10_000, 25_000, 50_000, 75_000, 100_000]
/** So many deliveries that concern nobody come for one that wakes a card. */
const STRANGERS = 4
const CARDS = 50
const WIDE = 100

export async function benchMemory(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'andon-bench-'))
  const city = startProcess('city.ts')
  const built = await city.ask<Built>('build', { organizations: 1, cards: CARDS, pulls: false, latency: 0 })
  const { stranger, cards } = await city.ask<{ stranger: Sample; cards: Sample[] }>('samples')
  const deliveries = cards.flatMap((card) => [...Array.from({ length: STRANGERS }, () => stranger), card])
  const app = await startApp({ ...built.env, ANDON_DATA: folder })
  const load = startProcess('load.ts')
  await app.drained()
  const told = async (count: number) => {
    const { rss, heapUsed } = await app.ask<{ rss: number; heapUsed: number }>('memory')
    print(
      `after ${count.toLocaleString('en').padStart(7)} deliveries   heap ${megabytes(heapUsed)}   resident ${megabytes(rss)}`,
    )
  }
  await told(0)
  let sent = 0
  let refused = 0
  for (const point of POINTS) {
    const order: Load = { url: app.url, secret: built.secret, deliveries, count: point - sent, wide: WIDE }
    refused += (await load.ask<Sent>('send', order)).refused
    sent = point
    await app.drained()
    await told(point)
  }
  const { size } = await stat(join(folder, 'andon.db'))
  print(
    `one in ${STRANGERS + 1} woke a card; ${refused} refused; the store holds ${Math.round(size / sent)} bytes for each delivery`,
  )
  await Promise.all([app.stop(), load.stop(), city.stop()])
  await rm(folder, { recursive: true })
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0).padStart(5)} MB`
}
