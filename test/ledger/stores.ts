// Runs the same tests on both stores, each test on a store of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { type LedgerSettings, openLedger } from '../../src/ledger/ledger.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { STORE_FILE } from '../../src/ledger/sqlite.ts'
import { findPostgres, type Postgres, query, startPostgres } from '../support/postgres.ts'

export type TestStore = {
  kind: 'embedded' | 'postgres'
  /** The first connection to the store; `another` opens one as another process would. */
  ledger: Ledger
  another(settings?: Partial<LedgerSettings>): Promise<Ledger>
  /** Changes the store behind the ledger's back. */
  meddle(statement: string): Promise<Record<string, unknown>[]>
  clock: { now: Date }
  /** The database's address, or the folder. */
  place: string
}

export function onBothStores(tests: (store: TestStore) => void): void {
  describe('on the embedded store', () => onStore('embedded', tests))
  const why = findPostgres() ? '' : ' (skipped: this machine has no PostgreSQL)'
  describe.skipIf(why)(`on PostgreSQL${why}`, () => onStore('postgres', tests))
}

function onStore(kind: TestStore['kind'], tests: (store: TestStore) => void): void {
  const clock = { now: new Date() }
  const opened: Ledger[] = []
  let server: Postgres | undefined
  let settings: LedgerSettings

  const another: TestStore['another'] = async (different = {}) => {
    const ledger = await openLedger({ ...settings, ...different })
    opened.push(ledger)
    return ledger
  }
  const meddle: TestStore['meddle'] = async (statement) => {
    if (settings.databaseUrl) return query(settings.databaseUrl, statement)
    const file = new Sqlite(join(settings.folder ?? '', STORE_FILE))
    try {
      const prepared = file.prepare<[], Record<string, unknown>>(statement)
      if (prepared.reader) return prepared.all()
      prepared.run()
      return []
    } finally {
      file.close()
    }
  }
  const store = { kind, another, meddle, clock } as TestStore

  if (kind === 'postgres') {
    beforeAll(async () => {
      server = await startPostgres()
    })
    afterAll(() => server?.stop())
  }
  beforeEach(async () => {
    clock.now = new Date('2026-11-23T12:00:00.000Z')
    const place = server ? { databaseUrl: await server.freshUrl() } : { folder: mkdtempSync(join(tmpdir(), 'andon-')) }
    settings = { ...place, clock: () => clock.now }
    store.place = settings.databaseUrl ?? settings.folder ?? ''
    store.ledger = await another()
  })
  afterEach(async () => {
    for (const ledger of opened.splice(0)) await ledger.close()
    if (settings.folder) rmSync(settings.folder, { recursive: true })
  })

  tests(store)
}
