// One chaos run on one store: people move cards, everything fails and dies meanwhile, and then it is counted.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openLedger } from '../../src/ledger/ledger.ts'
import type { Entry, Ledger } from '../../src/ledger/port.ts'
import { query } from '../support/postgres.ts'
import { audit } from './audit.ts'
import { startChance } from './chance.ts'
import { consult, type Deed } from './oracle.ts'
import { gatherPeople } from './people.ts'
import { type Fleet, startFleet } from './processes.ts'
import { buildTown, SECRET, type Town } from './town.ts'

export type ChaosOptions = {
  seed: number
  moves: number
  databaseUrl?: string
  processes: number
  /** How much faster than ours the clock of everybody in the run goes; see `bearableSpeed`. */
  speed: number
  /** By our own clock: when it is told what went on, if it did not come to rest by then. */
  endBy?: number
}

export type Figures = {
  moves: number
  kills: number
  requests: number
  webhooks: number
  webhooksLost: number
  seconds: number
  decided: number
  overtaken: number
  /** By name of what must not be: a sentence each. All are empty where all is well. */
  violations: Record<(typeof VIOLATIONS)[number], string[]>
  /** The processes' logs, kept where something was wrong. */
  logs: string | null
}

export const VIOLATIONS = [
  'lost',
  'twice',
  'undone',
  'wrong',
  'astray',
  'chain',
  'replay',
  'gaps',
  'unsettled',
] as const

const SWEEP_SECONDS = 60
/** Longer than any back-off and any run's deadline: who has work would have shown it by then. Seconds of the fast clock. */
const QUIET_SECONDS = 480
const START_SECONDS = 2_400
/** GitHub lets an installation make 500 contents an hour: what the people asked for faster than that is done later. */
const settlingMs = ({ moves, speed }: ChaosOptions) => (9_600_000 + moves * 24_000) / speed

export async function runChaos(options: ChaosOptions): Promise<Figures> {
  const { seed, speed } = options
  const began = Date.now()
  const origin = began
  const clock = () => new Date(Math.floor(origin + (Date.now() - origin) * speed))
  const folder = await mkdtemp(join(tmpdir(), 'andon-chaos-'))
  const town = await buildTown(seed, startChance(seed + 1), clock, speed)
  const people = gatherPeople(town, startChance(seed))
  const databaseUrl = options.databaseUrl && (await hurryDatabase(options.databaseUrl, origin, speed))
  const store = databaseUrl ? { DATABASE_URL: databaseUrl } : { ANDON_DATA: join(folder, 'store') }
  const app = town.sandbox.apps[0]
  const env = {
    ...store,
    APP_ID: String(app?.app.id),
    PRIVATE_KEY: app?.privateKey ?? '',
    WEBHOOK_SECRET: SECRET,
    GHE_HOST: new URL(town.sandbox.url).host,
    GHE_PROTOCOL: 'http',
    ANDON_SWEEP_SECONDS: String(SWEEP_SECONDS),
    CHAOS_ORIGIN: String(origin),
    CHAOS_SPEED: String(speed),
  }
  const fleet = await startFleet(options.processes, env, folder, startChance(seed + 2))
  if (app?.app.webhook) app.app.webhook.url = `${fleet.url}/api/github/webhooks`
  await fleet.ready()
  let clean = false
  const ledger = await openLedger({ databaseUrl, folder: join(folder, 'store'), clock })
  try {
    // The board is governed from the start: what people do from here on are moves.
    const patience = Date.now() + (START_SECONDS * 1000) / speed
    while ((await ledger.head()).seq === 0 && Date.now() < patience) await sleep(50)

    addFaults(town)
    await disturb(fleet, people, options)
    town.sandbox.faults.clear()
    await fleet.ready()
    const settled = await settle(ledger, town, options)

    const found = await audit(ledger, town)
    const passes = (sha: string | null) => town.fateOf(sha ?? defaultHead(town)) === 'pass'
    const verdict = consult({
      sights: town.sights,
      deeds: people.deeds,
      claims: found.claims,
      passes,
      ended: runsOf(town),
    })
    const told = (what: string) =>
      verdict.faults.filter((fault) => fault.what === what).map(({ card, why }) => `${card}: ${why}`)
    const asked = people.deeds.filter(({ deed }) => deed === 'asked').length
    const figures: Figures = {
      moves: people.moves,
      kills: fleet.kills,
      requests: town.sandbox.requests.count(),
      webhooks: town.sandbox.webhooks.emitted(),
      webhooksLost: town.sandbox.webhooks.list().filter(({ status }) => status === 0 || status >= 500).length,
      seconds: Math.round((Date.now() - began) / 1000),
      decided: found.decided,
      overtaken: verdict.overtaken,
      violations: {
        lost: [...told('lost'), ...(found.asked < asked ? [`${asked - found.asked} moves asked for by label`] : [])],
        twice: [...told('twice'), ...found.twice],
        undone: found.undone,
        wrong: told('wrong'),
        astray: told('astray'),
        chain: found.chain,
        replay: found.replay,
        gaps: found.gaps,
        unsettled: settled === null ? [] : [settled],
      },
      logs: folder,
    }
    clean = countViolations(figures) === 0
    if (clean) return { ...figures, logs: null }
    for (const card of new Set(verdict.faults.map((fault) => fault.card)))
      await writeFile(join(folder, `${card}.txt`), storyOf(card, town, people.deeds, found.entries))
    return figures
  } finally {
    await fleet.stop()
    await ledger.close()
    await town.sandbox.stop()
    await rm(clean ? folder : join(folder, 'store'), { recursive: true, force: true })
  }
}

/** The database's own clock goes as fast as all others: a function of ours stands before PostgreSQL's of that name. */
async function hurryDatabase(url: string, origin: number, speed: number): Promise<string> {
  const hurried = `${url}${encodeURIComponent(',pg_catalog')}`
  const start = origin / 1000
  const now = `${start} + (extract(epoch from pg_catalog.clock_timestamp()) - ${start}) * ${speed}`
  await query(
    hurried,
    `create function clock_timestamp() returns timestamptz language sql volatile as $$ select to_timestamp(${now}) $$`,
  )
  return hurried
}

export function countViolations({ violations }: Figures): number {
  return Object.values(violations).reduce((sum, list) => sum + list.length, 0)
}

/** A fifth of the calls fail, half of these after the work was done; webhooks are lost, doubled and overtaken. */
function addFaults({ sandbox: { faults } }: Town): void {
  const share = 1 - 0.8 ** 0.25
  for (const when of ['before', 'after'] as const) {
    faults.add({ fault: 'error', status: 502, when, share })
    faults.add({ fault: 'cut', when, share })
  }
  faults.add({ fault: 'secondary-limit', retryAfter: 20, share: 0.004 })
  faults.add({ fault: 'webhook-lost', share: 0.1 })
  faults.add({ fault: 'webhook-doubled', share: 0.1 })
  faults.add({ fault: 'webhook-reordered', share: 0.2 })
}

/** People act until they have made their moves, and every few minutes a process is killed, once all are up again. */
async function disturb(fleet: Fleet, people: ReturnType<typeof gatherPeople>, options: ChaosOptions): Promise<void> {
  const chance = startChance(options.seed + 3)
  const between = (least: number, most: number) => (chance.whole(least, most) * 1000) / options.speed
  let nextKill = Date.now() + between(60, 160)
  while (people.moves < options.moves) {
    people.act()
    if (Date.now() >= nextKill && fleet.whole()) {
      fleet.kill()
      nextKill = Date.now() + between(80, 200)
    }
    await sleep(between(2, 32))
  }
}

/**
 * Until nothing enters the record, and nobody but the sweep asks anything, for as long as anything may wait. Answers
 * what went on where it does not come to rest.
 */
async function settle(ledger: Ledger, town: Town, options: ChaosOptions): Promise<string | null> {
  const quiet = (QUIET_SECONDS * 1000) / options.speed
  const until = Math.min(Date.now() + settlingMs(options), options.endBy ?? Number.POSITIVE_INFINITY)
  let last = ''
  let since = Date.now()
  let waits: string | null = null
  while (Date.now() < until) {
    await town.sandbox.webhooks.settled()
    const writes = town.sandbox.requests.list().filter(({ operation }) => operation === 'Write').length
    const now = `${(await ledger.head()).seq} entries, ${writes} writes, ${town.sights.length} moves`
    if (now !== last) since = Date.now()
    last = now
    if (Date.now() - since >= quiet) {
      waits = await whatWaits(ledger)
      if (waits === null) return null
    }
    await sleep(200)
  }
  return `it did not come to rest: ${last}, the last of them ${Math.round((Date.now() - since) / 1000)} s ago; ${waits ?? 'nothing'} waited`
}

/** Whether a run of a card ended between two instants. */
function runsOf(town: Town): (card: string, from: number, until: number) => boolean {
  const ended = town.repository.runs
    .filter(({ status }) => status === 'completed')
    .map(({ inputs, updatedAt }) => ({ card: JSON.parse(inputs.andon ?? '{}').card?.item, at: Date.parse(updatedAt) }))
  return (card, from, until) => ended.some((run) => run.card === card && run.at >= from && run.at <= until)
}

/** What was seen of a card, what people did about it and what the record says, in the order in which it happened. */
function storyOf(card: string, town: Town, deeds: Deed[], entries: Entry[]): string {
  const lines = [
    ...town.sights
      .filter((each) => each.card === card)
      .map((each) => ({ time: each.at, text: `SEEN ${JSON.stringify(each)}` })),
    ...deeds
      .filter((each) => each.card === card)
      .map((each) => ({ time: each.at, text: `DEED ${JSON.stringify(each)}` })),
    ...entries
      .filter(({ stream }) => stream === `card:${card}`)
      .map(({ event }) => {
        const {
          card: seen,
          facts: _,
          ...rest
        } = event as { card?: { place: unknown; archived: boolean }; facts?: unknown }
        const place = seen && { place: seen.place, archived: seen.archived }
        return { time: Date.parse(event.at), text: `ENTRY ${JSON.stringify({ ...rest, ...place }).slice(0, 600)}` }
      }),
  ]
  return lines
    .sort((a, b) => a.time - b.time)
    .map(({ time, text }) => `${new Date(time).toISOString()} ${text}\n`)
    .join('')
}

/** An order may wait longer than any quiet: for the end of GitHub's hour, say. */
async function whatWaits(ledger: Ledger): Promise<string | null> {
  for (const { stream } of await ledger.cards({})) {
    const [order] = await ledger.pending(stream)
    if (order) return `${order.key} of ${stream}`
  }
  return null
}

function defaultHead(town: Town): string {
  return town.repository.refs.get(`refs/heads/${town.repository.defaultBranch}`) ?? ''
}
