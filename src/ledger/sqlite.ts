// The embedded store: one file, one connection, and what only SQLite does its own way.
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import type { DatabaseConnection } from 'kysely'
import { CompiledQuery, Kysely, SqliteDialect, SqliteDriver, SqliteQueryCompiler, sql } from 'kysely'
import { storableText } from './entry.ts'
import { createFlush, type Flush } from './flush.ts'
import type { Dialect, Store } from './store.ts'
import { SENTENCES, StoreProblem, storeProblem } from './store-problem.ts'
import type { Tables } from './tables.ts'

export const STORE_FILE = 'andon.db'
const MOST_STATEMENTS = 200
/** Pages of 4 kB that the log may hold before they are moved into the store's own file. */
const CHECKPOINT_PAGES = 4_000
/** Whether each commit stands still until it is on the disk, and the process with it. Only under a log it need not. */
const FLUSHED = 'synchronous = FULL'
const UNFLUSHED = 'synchronous = NORMAL'
const NO_LOG: Flush = { flush: async () => {}, close: async () => {} }

/**
 * Opens `andon.db` in a folder, which is made where it is missing; `:memory:` keeps all in memory, for tests.
 * `patience`: milliseconds to wait for another process that writes. Opened to read, nothing is made and nothing written.
 */
export function openSqlite(folder: string, clock: () => Date, patience: number, readonly = false): Store {
  const place = folder === ':memory:' ? folder : join(folder, STORE_FILE)
  const open = (): { database: Sqlite.Database; log: Flush } => {
    let database: Sqlite.Database | undefined
    try {
      if (readonly && !existsSync(place)) throw new StoreProblem('absent', SENTENCES.absent(place))
      if (!readonly && folder !== ':memory:') {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        // SQLite would only say that it cannot open the file.
        accessSync(folder, constants.W_OK)
      }
      database = new Sqlite(place, { timeout: patience, readonly })
      const logged = !readonly && database.pragma('journal_mode = WAL', { simple: true }) === 'wal'
      database.pragma(FLUSHED)
      if (logged) database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
      // From here on PatientConnection waits, and lets the event loop go on meanwhile.
      database.pragma('busy_timeout = 0')
      // A process before may have ended because its disk failed: what its log holds is then in the machine's memory only.
      if (logged) database.pragma('wal_checkpoint(TRUNCATE)')
      return { database, log: logged ? createFlush(`${place}-wal`, place) : NO_LOG }
    } catch (error) {
      database?.close()
      throw storeProblem(error, place) ?? error
    }
  }
  const { database, log } = open()
  const db = new Kysely<Tables>({ dialect: new EmbeddedDialect(database, log, patience) })
  const soon: Store['soon'] = (work) =>
    db.connection().execute(async (connection) => {
      await sql.raw(`pragma ${UNFLUSHED}`).execute(connection)
      return work(connection).finally(() => sql.raw(`pragma ${FLUSHED}`).execute(connection))
    })
  const now: Store['soon'] = (work) => work(db)
  return { db, dialect, place, clock, soon: log === NO_LOG ? now : soon, patiently: now, flush: log.flush }
}

class EmbeddedDialect extends SqliteDialect {
  #database: Sqlite.Database
  #log: Flush
  #patience: number
  constructor(database: Sqlite.Database, log: Flush, patience: number) {
    super({ database })
    this.#database = database
    this.#log = log
    this.#patience = patience
  }
  override createDriver() {
    return new EmbeddedDriver(this.#database, this.#log, this.#patience)
  }
  override createQueryCompiler() {
    return new StorableCompiler()
  }
}

class StorableCompiler extends SqliteQueryCompiler {
  protected override appendValue(value: unknown) {
    super.appendValue(typeof value === 'string' ? storableText(value) : value)
  }
}

class EmbeddedDriver extends SqliteDriver {
  #database: Sqlite.Database
  #log: Flush
  #patience: number
  #connection: Promise<DatabaseConnection> | undefined
  constructor(database: Sqlite.Database, log: Flush, patience: number) {
    super({ database: { prepare: remembering(database), close: () => database.close() } })
    this.#database = database
    this.#log = log
    this.#patience = patience
  }
  override async destroy() {
    await super.destroy()
    await this.#log.close()
  }
  override acquireConnection() {
    this.#connection ??= super.acquireConnection().then((inner) => patient(inner, this.#database, this.#patience))
    return this.#connection
  }
  /** A transaction that reads first and writes later would fail where another process wrote in between. */
  override async beginTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
  /** A full disk has ended the transaction already; the error to tell is that one. */
  override async rollbackTransaction(connection: DatabaseConnection) {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

/**
 * Waits for another process that writes without holding up this one. Within a transaction nothing has to wait: it has
 * the write lock since `begin immediate`.
 */
function patient(inner: DatabaseConnection, database: Sqlite.Database, patience: number): DatabaseConnection {
  return {
    streamQuery: (query, size) => inner.streamQuery(query, size),
    async executeQuery<Row>(query: CompiledQuery) {
      for (let waited = 0; ; ) {
        try {
          return await inner.executeQuery<Row>(query)
        } catch (error) {
          const busy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')
          if (!busy || database.inTransaction || waited >= patience) throw error
          const pause = 1 + Math.random() * 9
          waited += pause
          await sleep(pause)
        }
      }
    },
  }
}

/** Prepares each statement once. */
function remembering(database: Sqlite.Database) {
  const statements = new Map<string, Sqlite.Statement<unknown[]>>()
  return (text: string) => {
    const known = statements.get(text)
    if (known) return known
    if (statements.size >= MOST_STATEMENTS) statements.clear()
    const statement = database.prepare<unknown[]>(text)
    statements.set(text, statement)
    return statement
  }
}

const dialect: Dialect = {
  whole: sql`integer`,
  serial: sql`integer primary key autoincrement`,
  bytes: sql`blob`,
  locked: sql``,
  skipLocked: sql``,
  time: sql<null>`null`,

  async lockForMigration() {},

  async refuseChanges(tx) {
    const refuse = sql`begin select raise(abort, 'the ledger is append-only'); end`
    await sql`create trigger entries_keep before update on entries ${refuse}`.execute(tx)
    await sql`create trigger entries_stay before delete on entries ${refuse}`.execute(tx)
    // `insert or replace` deletes without asking the trigger above.
    await sql`create trigger entries_follow before insert on entries
      when new.seq <> (select coalesce(max(seq), 0) + 1 from entries)
        or exists (select 1 from entries where id = new.id)
        or exists (select 1 from entries where stream = new.stream and version = new.version)
      ${refuse}`.execute(tx)
  },

  async createWords(tx) {
    await sql`create virtual table entry_words using fts5(words, content='')`.execute(tx)
  },

  async addWords(tx, rows) {
    const values = rows.map(({ seq, words }) => sql`(${seq}, ${words.join(' ')})`)
    await sql`insert into entry_words (rowid, words) values ${sql.join(values)}`.execute(tx)
  },

  matching(words) {
    const query = words.map((word) => `"${word}"*`).join(' AND ')
    return sql`(select rowid as seq from entry_words where entry_words match ${query})`
  },
}
