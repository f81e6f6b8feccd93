// Opening a store: migrations, and one clear sentence for each store that cannot be used.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLedger } from '../../src/ledger/ledger.ts'
import { MIGRATIONS, migrate } from '../../src/ledger/migrations.ts'
import { openPostgres } from '../../src/ledger/postgres.ts'
import { openSqlite, STORE_FILE } from '../../src/ledger/sqlite.ts'
import { StoreProblem, storeProblem } from '../../src/ledger/store-problem.ts'
import { findPostgres, type Postgres, query, startPostgres } from '../support/postgres.ts'
import { add, drafts, placed } from './events.ts'
import { onBothStores } from './stores.ts'

const clock = () => new Date('2026-11-23T12:00:00Z')
const scratch = mkdtempSync(join(tmpdir(), 'andon-open-'))
let count = 0
const freshFolder = () => join(scratch, String(++count))
afterAll(() => rmSync(scratch, { recursive: true }))

async function problem(work: () => Promise<unknown>): Promise<{ fault: string; message: string }> {
  const error = await work().then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof StoreProblem)) throw new Error('no StoreProblem was thrown', { cause: error })
  expect(error.message).toMatch(/^[A-Z][^\n]*\.$/)
  return { fault: error.fault, message: error.message }
}

describe('a store', () => {
  onBothStores((store) => {
    it('is migrated once, however often and by however many it is opened', async () => {
      await add(store.ledger, 'card:A', placed('Backlog'))
      await store.ledger.open()
      const others = await Promise.all([store.another(), store.another(), store.another()])
      for (const other of others) expect(await other.read('card:A')).toHaveLength(1)
      expect(await store.meddle('select version, readable_from from store')).toEqual([
        { version: MIGRATIONS.length, readable_from: 1 },
      ])
      await store.ledger.ping()
    })

    it('of a newer version is refused, unless that version lets this one live', async () => {
      await store.meddle('update store set version = 7, readable_from = 1')
      const lost: string[] = []
      const left = await store.another({ lost: (problem) => lost.push(problem.fault) })
      await add(left, 'card:A', placed('Backlog'))
      await left.wake('card:A', 'acme', clock().toISOString())

      await store.meddle('update store set readable_from = 7')
      const { fault, message } = await problem(() => store.another())
      expect(fault).toBe('newer')
      expect(message).toContain(`has version 7 and this Andon knows version ${MIGRATIONS.length}; start a newer Andon.`)
      expect(await store.meddle('select version from store')).toEqual([{ version: 7 }])

      // Nor does one that was there before take up anything more.
      expect((await problem(() => left.claim(clock().toISOString(), 30))).fault).toBe('newer')
      expect(lost).toEqual(['newer'])
    })
  })
})

describe('the embedded store', () => {
  it('that another process has locked says so, still reads, and works again after', async () => {
    const folder = freshFolder()
    const ledger = await openLedger({ folder, clock, patience: 60 })
    const other = new Sqlite(join(folder, STORE_FILE))
    other.exec('begin immediate')
    expect((await problem(() => ledger.append('card:A', 0, drafts(placed('Backlog'))))).fault).toBe('locked')
    expect((await problem(() => openLedger({ folder, clock, patience: 60 }))).fault).toBe('locked')
    expect(await ledger.read('card:A')).toEqual([])

    // One that waits gets its turn once the other is done.
    const patient = openLedger({ folder, clock, patience: 60_000 })
    setTimeout(() => other.exec('commit'), 30)
    await add(await patient, 'card:A', placed('Backlog'))
    expect(await ledger.read('card:A')).toHaveLength(1)
    await (await patient).close()
    other.close()
    await ledger.close()
  })

  it('makes its folder, readable by its owner alone, and writes each commit through to the disk', async () => {
    const folder = join(freshFolder(), 'deep', 'down')
    const ledger = await openLedger({ folder, clock })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    await ledger.close()
    const store = openSqlite(folder, clock, 10)
    const pragma = async (name: string) =>
      Object.values((await sql<object>`pragma ${sql.raw(name)}`.execute(store.db)).rows[0] ?? {})[0]
    expect([await pragma('journal_mode'), await pragma('synchronous')]).toEqual(['wal', 2])
    await store.db.destroy()
  })

  it('in memory is for tests alone, and works', async () => {
    const ledger = await openLedger({ folder: ':memory:', clock })
    await add(ledger, 'card:A', placed('Backlog'))
    expect(await ledger.read('card:A')).toHaveLength(1)
    await ledger.close()
  })

  it.each([
    ['in a folder that may not be written', (folder: string) => chmodSync(folder, 0o500)],
    ['whose file may not be written', (folder: string) => chmodSync(join(folder, STORE_FILE), 0o400)],
  ])('%s is read-only', async (_, forbid) => {
    const folder = freshFolder()
    await (await openLedger({ folder, clock })).close()
    forbid(folder)
    await asOrdinaryUser(folder, async () => {
      const { fault, message } = await problem(() => openLedger({ folder, clock }))
      expect(fault).toBe('read-only')
      expect(message).toContain(join(folder, STORE_FILE))
    })
  })

  it('below a folder that may not be written is read-only', async () => {
    const folder = freshFolder()
    mkdirSync(folder, { mode: 0o500 })
    await asOrdinaryUser(folder, async () => {
      expect((await problem(() => openLedger({ folder: join(folder, 'new'), clock }))).fault).toBe('read-only')
    })
  })

  it('that is some other file, or below one, is told as such and left alone', async () => {
    const folder = freshFolder()
    mkdirSync(folder)
    writeFileSync(join(folder, STORE_FILE), 'a letter to my mother. '.repeat(1000))
    expect((await problem(() => openLedger({ folder, clock }))).fault).toBe('damaged')
    expect(readFileSync(join(folder, STORE_FILE), 'utf8')).toMatch(/^a letter/)
    expect((await problem(() => openLedger({ folder: join(folder, STORE_FILE, 'x'), clock }))).fault).toBe(
      'unreachable',
    )
  })

  it('on a full disk says so, keeps what it has, and goes on once there is space', async () => {
    const folder = freshFolder()
    const store = openSqlite(folder, clock, 10)
    await migrate(store)
    const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(store.db)
    await sql`pragma max_page_count = ${sql.raw(String(rows[0]?.page_count))}`.execute(store.db)
    const fill = () =>
      store.db.transaction().execute(async (tx) => {
        await tx
          .insertInto('handles')
          .values({ stream: 's', name: 'n', value: 'x'.repeat(100_000) })
          .execute()
      })
    const error = await fill().catch((thrown: unknown) => thrown)
    expect(storeProblem(error, store.place)?.fault).toBe('full')
    await sql`pragma max_page_count = 100000`.execute(store.db)
    await fill()
    await store.db.destroy()
  })
})

const why = findPostgres() ? '' : ' (skipped: this machine has no PostgreSQL)'
describe.skipIf(why)(`a shared store${why}`, () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it('that does not answer, or is not there, is unreachable, and its password stays a secret', async () => {
    for (const url of [
      'postgres://andon:hunter2@127.0.0.1:1/andon',
      'postgres://andon:hunter2@[',
      'mysql://andon:hunter2@localhost/andon',
      'postgres://andon:hunter2@localhost/a?host=/nowhere',
    ]) {
      const { fault, message } = await problem(() => openLedger({ databaseUrl: url, clock }))
      expect(fault, url).toBe('unreachable')
      expect(message).not.toContain('hunter2')
    }
    const missing = (await server.freshUrl()).replace('/postgres?', '/elsewhere?')
    expect((await problem(() => openLedger({ databaseUrl: missing, clock }))).message).toMatch(
      /elsewhere cannot be reached/,
    )
  })

  it('that may only be read is read-only', async () => {
    const url = await server.freshUrl()
    await (await openLedger({ databaseUrl: url, clock })).close()
    const readOnly = url.replace('options=', `options=${encodeURIComponent('-c default_transaction_read_only=on ')}`)
    expect((await problem(() => openLedger({ databaseUrl: readOnly, clock }))).fault).toBe('read-only')
  })

  it('whose rows another holds is locked once patience ends', async () => {
    const url = await server.freshUrl()
    // So long, because it has to connect within it, too.
    const ledger = await openLedger({ databaseUrl: url, clock, patience: 3_000 })
    const holder = openPostgres(url, clock, 5000)
    await holder.db.transaction().execute(async (tx) => {
      await tx.selectFrom('head').selectAll().forUpdate().execute()
      expect((await problem(() => ledger.append('card:A', 0, drafts(placed('Backlog'))))).fault).toBe('locked')
    })
    await add(ledger, 'card:A', placed('Backlog'))
    await holder.db.destroy()
    await ledger.close()
  })

  it('is waited for at the start while another process migrates, for longer than for any other lock', async () => {
    const url = await server.freshUrl()
    const slow = openPostgres(url, clock, 60_000)
    const began = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const apply = () => {
      began.resolve()
      return end.promise
    }
    const migrated = migrate(slow, [...MIGRATIONS, { version: MIGRATIONS.length + 1, readableFrom: 1, apply }])
    await began.promise
    let opened = false
    // Any other lock is waited for for 2 s, and an answer for 12.
    const opening = openLedger({ databaseUrl: url, clock, patience: 2_000 }).then((ledger) => {
      opened = true
      return ledger
    })
    await sleep(13_000)
    expect(opened).toBe(false)
    end.resolve()
    await migrated
    await (await opening).close()
    await slow.db.destroy()
  })

  it('whose answers are lost on the way is unreachable, and the next ask goes another way', async () => {
    const { url, silence, close } = await startRelay(await server.freshUrl())
    const ledger = await openLedger({ databaseUrl: url, clock, patience: 2_000 })
    const deliver = (guid: string) =>
      ledger.accept({ guid, event: 'issues', body: '{}', receivedAt: '2026-11-23T12:00:00Z' })
    expect(await deliver('a')).toBe(true)
    silence()
    expect((await problem(() => deliver('b'))).fault).toBe('unreachable')
    // What was stored of it nobody knows: it is asked again, and on a connection that answers.
    expect(typeof (await deliver('b'))).toBe('boolean')
    expect(await deliver('b')).toBe(false)
    await ledger.close()
    close()
  })

  it('goes on after the server broke its connections', async () => {
    const url = await server.freshUrl()
    const ledger = await openLedger({ databaseUrl: url, clock })
    await add(ledger, 'card:A', placed('Backlog'))
    await query(url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'andon'")
    // Each broken connection may be found out by one call.
    const again = () => ledger.read('card:A').catch((error) => expect(error.fault).toBe('unreachable'))
    for (let calls = 0; calls < 10; calls += 1) await again()
    expect(await ledger.read('card:A')).toHaveLength(1)
    await ledger.close()
  })
})

describe('migrations', () => {
  it('count up, and each lets the version before it live', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1))
    for (const { version, readableFrom } of MIGRATIONS.slice(1)) expect(readableFrom).toBeLessThan(version)
  })

  it('apply all or nothing', async () => {
    const store = openSqlite(freshFolder(), clock, 10)
    await migrate(store)
    const next = {
      version: MIGRATIONS.length + 1,
      readableFrom: 1,
      apply: async (tx: Parameters<(typeof MIGRATIONS)[number]['apply']>[0]) => {
        await sql`alter table cards add column tier text`.execute(tx)
        throw new Error('power cut')
      },
    }
    await expect(migrate(store, [...MIGRATIONS, next])).rejects.toThrow('power cut')
    expect(await store.db.selectFrom('store').select('version').execute()).toEqual([{ version: MIGRATIONS.length }])
    await expect(sql`select tier from cards`.execute(store.db)).rejects.toThrow('tier')
    await store.db.destroy()
  })
})

describe('an error that passes by itself', () => {
  it.each([
    ['a deadlock', '40P01', 'locked'],
    ['a transaction that came too late', '40001', 'locked'],
    ['no memory', '53200', 'failing'],
    ['a disk that PostgreSQL cannot read', '58030', 'failing'],
    ['a disk that SQLite cannot read', 'SQLITE_IOERR_READ', 'failing'],
    ['a disk that does not keep what is written', 'EIO', 'failing'],
    ['a full disk', '53100', 'full'],
    ['too many connections', '53300', 'unreachable'],
  ])('is never a task’s own fault: %s', (_what, code, fault) => {
    expect(storeProblem(Object.assign(new Error('No.'), { code }), 'x')).toMatchObject({ fault, transient: true })
  })
})

describe('an error that is no fault of the store', () => {
  it('stays what it is', () => {
    expect(storeProblem(new TypeError('undefined is not a function'), 'x')).toBeNull()
    expect(storeProblem(Object.assign(new Error('duplicate key'), { code: '23505' }), 'x')).toBeNull()
    expect(storeProblem('words', 'x')).toBeNull()
  })
})

/** A way to the database on which the connections of the moment can fall silent, as where a firewall forgets them. */
async function startRelay(url: string): Promise<{ url: string; silence(): void; close(): void }> {
  const there = new URL(url)
  const path = join(there.searchParams.get('host') ?? '', '.s.PGSQL.5432')
  const open = new Set<Socket>()
  const relay = createServer((near) => {
    const far = connect(path)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => [near, far].forEach((end) => void end.destroy()))
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  there.searchParams.delete('host')
  there.host = `127.0.0.1:${(relay.address() as AddressInfo).port}`
  return {
    url: there.href,
    silence() {
      for (const socket of open) socket.unpipe().pause()
    },
    close() {
      for (const socket of open) socket.destroy()
      relay.close()
    },
  }
}

/** Rights do not bind root, so root steps down while it looks. */
async function asOrdinaryUser(folder: string, work: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return work()
  const nobody = 65_534
  for (const path of [scratch, folder, join(folder, STORE_FILE)]) if (existsSync(path)) chownSync(path, nobody, nobody)
  process.seteuid?.(nobody)
  try {
    await work()
  } finally {
    process.seteuid?.(0)
  }
}
