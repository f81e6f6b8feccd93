// What the deliveries of two weeks weigh once they are told, how fast the oldest are forgotten, and what the tasks weigh.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { type LedgerSettings, openLedger } from '../../src/ledger/ledger.ts'
import { STORE_FILE } from '../../src/ledger/sqlite.ts'
import { findPostgres, startPostgres } from '../support/postgres.ts'

const DAYS = 14
const A_DAY = 20_000
const CARDS = 20_000
const DAY_MS = 86_400_000
const clock = () => new Date()

type Print = (line: string) => void
/** Fills `deliveries` and `tasks` as the app leaves them; bytes of each with its indexes. */
type Fill = (first: number) => Promise<{ deliveries: number; tasks: number }>

async function bench(print: Print, name: string, settings: LedgerSettings, fill: Fill): Promise<void> {
  const ledger = await openLedger({ ...settings, clock })
  const first = Date.now() - DAYS * DAY_MS
  const bytes = await fill(first)
  const began = performance.now()
  const { deliveries } = await ledger.prune(new Date(first + DAY_MS).toISOString())
  const seconds = (performance.now() - began) / 1000
  print(name)
  print(`  a delivery that was told weighs   ${Math.round(bytes.deliveries / DAYS / A_DAY)} bytes with its indexes`)
  print(`  a task weighs                     ${Math.round(bytes.tasks / CARDS)} bytes with its indexes`)
  print(
    `  one day of ${DAYS} forgotten           ${Math.round(deliveries / seconds)} deliveries/s (${deliveries} in ${seconds.toFixed(1)} s)`,
  )
  await ledger.close()
}

export async function benchRetention(print: Print): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'andon-bench-'))
  await bench(print, 'embedded store', { folder, clock }, (first) => fillEmbedded(join(folder, STORE_FILE), first))
  await rm(folder, { recursive: true })
  if (findPostgres() === null) return print('PostgreSQL: skipped, this machine has none')
  const server = await startPostgres({ durable: true })
  const databaseUrl = await server.freshUrl()
  await bench(print, 'PostgreSQL', { databaseUrl, clock }, (first) => fillShared(databaseUrl, first))
  await server.stop()
}

async function fillEmbedded(path: string, first: number) {
  const file = new Sqlite(path)
  file.pragma('synchronous = OFF')
  const size = async () => {
    file.pragma('wal_checkpoint(TRUNCATE)')
    return (await stat(path)).size
  }
  const empty = await size()
  const delivery = file.prepare(
    `insert into deliveries (guid, event, body, received_at, leased_until, routed_at) values (?, 'projects_v2_item', x'', ?, ?, ?)`,
  )
  file.transaction(() => {
    for (let n = 0; n < DAYS * A_DAY; n++) {
      const at = first + Math.floor((n * DAY_MS) / A_DAY)
      delivery.run(randomUUID(), at, at + 60_000, at + 200)
    }
  })()
  const deliveries = await size()
  const task = file.prepare(`insert into tasks (key, owner, due, tries) values (?, ?, ?, 0)`)
  file.transaction(() => {
    for (let n = 0; n < CARDS; n++) task.run(`card:PVTI_${randomUUID()}`, `organization-${n % 100}`, first + n)
  })()
  const tasks = await size()
  file.close()
  return { deliveries: deliveries - empty, tasks: tasks - deliveries }
}

async function fillShared(url: string, first: number) {
  const database = new pg.Client({ connectionString: url })
  await database.connect()
  const size = async (table: string) => {
    const { rows } = await database.query(`select pg_total_relation_size('${table}') as bytes`)
    return Number(rows[0].bytes)
  }
  await database.query(
    `insert into deliveries (guid, event, body, received_at, leased_until, routed_at)
     select gen_random_uuid()::text, 'projects_v2_item', '', at, at + 60000, at + 200
     from generate_series(0, $1::bigint - 1) n, lateral (select $2::bigint + n * $3::bigint / $4::bigint as at) moment`,
    [DAYS * A_DAY, first, DAY_MS, A_DAY],
  )
  await database.query(
    `insert into tasks (key, owner, due, tries)
     select 'card:PVTI_' || gen_random_uuid(), 'organization-' || n % 100, $1::bigint + n, 0 from generate_series(1, $2::bigint) n`,
    [first, CARDS],
  )
  const bytes = { deliveries: await size('deliveries'), tasks: await size('tasks') }
  await database.end()
  return bytes
}
