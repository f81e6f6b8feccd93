// Moves decided a second, from the webhook to the last write, by one, two and four processes on one PostgreSQL.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { findPostgres, startPostgres } from '../support/postgres.ts'
import type { Built } from './city.ts'
import { type App, startApp, startProcess } from './process.ts'

/** Each installation may make 80 contents a minute, and a move makes three: so many organizations, so few moves of each. */
const ORGANIZATIONS = 20
const CARDS = 10
const LATENCY_MS = 150
const LONGEST_MS = 180_000
/** What is kept for good. */
const RECORD = ['entries', 'terms', 'entry_words', 'streams', 'documents', 'handles', 'cards']

/** Of one move: requests to GitHub, entries and bytes of the record, milliseconds of processor time. `busy`: the machine. */
type Growth = {
  perSecond: number
  requests: number
  entries: number
  bytes: number
  apps: number
  github: number
  database: number
  busy: number
}

export async function benchGrowth(print: (line: string) => void): Promise<void> {
  if (findPostgres() === null) return print('skipped: this machine has no PostgreSQL')
  const postgres = await startPostgres({ durable: true })
  let cost: Growth | null = null
  for (const latency of [0, LATENCY_MS]) {
    print(latency === 0 ? 'GitHub answers at once' : `GitHub takes ${latency} ms for each request`)
    let first = 0
    for (const processes of [1, 2, 4]) {
      const growth = await grow(await postgres.freshUrl(), processes, latency)
      if (cost === null) {
        cost = growth
        const { requests, entries, bytes } = cost
        print(
          `of one move: ${requests.toFixed(1)} requests, ${entries.toFixed(1)} entries, ${Math.round(bytes)} bytes of the record with its indexes`,
        )
      }
      first ||= growth.perSecond
      const { perSecond, apps, github, database, busy } = growth
      const name = `  ${processes} ${processes === 1 ? 'process' : 'processes'}`.padEnd(20)
      const rate = `${perSecond.toFixed(1).padStart(6)} moves/s   ${(perSecond / first).toFixed(2)} times one`
      const shares = [apps, github, database].map((each) => (Number.isNaN(each) ? '?' : each.toFixed(0)))
      print(
        `${name}${rate}   processor ms a move: app ${shares[0]}, GitHub ${shares[1]}, database ${shares[2]}; machine ${busy.toFixed(0)}% busy`,
      )
    }
  }
  await postgres.stop()
  if (cost === null) return
  for (const line of ceilings(cost)) print(line)
}

/** What the processors of this machine have in them, whoever shares them: the sandbox and the database run here, too. */
function ceilings({ apps, github, database }: Growth): string[] {
  const processors = cpus().length
  const all = (processors * 1000) / (apps + github + database)
  return [
    `this machine has ${all.toFixed(1)} moves/s in it at most, with however many processes: its ${processors} processors do Andon's work, the sandbox's and the database's`,
    `with GitHub and the database elsewhere, ${(1000 / apps).toFixed(1)} moves/s for each processor that Andon has; below that it waits for answers, and more processes wait for more of them`,
  ]
}

/** Everybody moves all cards at once; the clock stops when all are decided and nothing is left to write. */
async function grow(databaseUrl: string, processes: number, latency: number): Promise<Growth> {
  const city = startProcess('city.ts')
  const built = await city.ask<Built>('build', { organizations: ORGANIZATIONS, cards: CARDS, pulls: true, latency })
  const apps: App[] = []
  for (let n = 0; n < processes; n++) apps.push(await startApp({ ...built.env, DATABASE_URL: databaseUrl }))
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  const count = async (what: string) => Number((await database.query(`select count(*) from ${what}`)).rows[0].count)
  const adopted = () => count(`cards`)
  await until(async () => (await adopted()) === ORGANIZATIONS * CARDS, 'the boards are taken over')
  await apps[0]?.drained()
  await city.ask(
    'aim',
    apps.map(({ url }) => url),
  )

  const used = async () => ({
    apps: (await Promise.all(apps.map((app) => app.ask<number>('cpu')))).reduce((sum, each) => sum + each, 0),
    github: await city.ask<number>('cpu'),
    database: await databaseCpu(database),
    requests: await city.ask<number>('requests'),
    entries: await count('entries'),
    bytes: Number(
      (
        await database.query(
          `select ${RECORD.map((table) => `pg_total_relation_size('${table}')`).join(' + ')} as bytes`,
        )
      ).rows[0].bytes,
    ),
  })
  const machine = idleAndAll()
  const before = await used()
  const began = performance.now()
  const moves = await city.ask<number>('move')
  await until(async () => {
    const decided = await count(`terms where name = 'kind' and value in ('move-granted', 'move-refused')`)
    return decided === moves && (await count('orders where done_at is null')) === 0
  }, 'all moves are decided')
  const seconds = (performance.now() - began) / 1000
  const [idle, all] = idleAndAll().map((now, n) => now - (machine[n] ?? 0)) as [number, number]
  const after = await used()
  const standing = await city.ask<number>('staging')
  if (standing !== moves / 2)
    throw new Error(`${standing} cards of ${moves} stand in Staging, and half of them should.`)
  await database.end()
  await Promise.all([...apps.map((app) => app.stop()), city.stop()])
  const names = Object.keys(before) as (keyof typeof before)[]
  const each = Object.fromEntries(names.map((name) => [name, (after[name] - before[name]) / moves])) as typeof before
  return { ...each, perSecond: moves / seconds, busy: 100 * (1 - idle / all) }
}

/** Milliseconds of all processors since the machine started: idle, and in all. */
function idleAndAll(): [number, number] {
  const times = cpus().map((cpu) => cpu.times)
  const sum = (of: (time: (typeof times)[number]) => number) => times.reduce((total, time) => total + of(time), 0)
  return [sum(({ idle }) => idle), sum((time) => Object.values(time).reduce((total, each) => total + each, 0))]
}

async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  for (const began = performance.now(); !(await done()); await sleep(25))
    if (performance.now() - began > LONGEST_MS)
      throw new Error(`It took longer than ${LONGEST_MS / 1000} s until ${what}.`)
}

/** Milliseconds of processor time of the database's processes; NaN where the system does not tell. */
async function databaseCpu(database: pg.Client): Promise<number> {
  const { rows } = await database.query('select pid from pg_stat_activity')
  try {
    const ticks = rows.map(({ pid }) => {
      const [, , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')
      return Number(user) + Number(system)
    })
    // The kernel counts in hundredths of a second.
    return ticks.reduce((sum, each) => sum + each, 0) * 10
  } catch {
    return Number.NaN
  }
}
