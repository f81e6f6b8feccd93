// The open store as the ledger's parts use it, and what a database must bring of its own.
import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Where the two databases differ. Everything else is the same code; `sqlite.ts` and `postgres.ts` hold one each. */
export type Dialect = {
  /** Column types for the migrations: a number of 64 bits, one that counts itself up and is never used twice, raw bytes. */
  whole: RawBuilder<unknown>
  serial: RawBuilder<unknown>
  bytes: RawBuilder<unknown>
  /** Waits until no other process migrates; ends with the transaction. */
  lockForMigration(tx: Transaction<Tables>): Promise<void>
  /** Makes the database refuse any change to what stands in `entries`. */
  refuseChanges(tx: Transaction<Tables>): Promise<void>
  createWords(tx: Transaction<Tables>): Promise<void>
  addWords(tx: Transaction<Tables>, rows: { seq: number; words: string[] }[]): Promise<void>
  /** A table expression of the `seq`s whose entry has, for each word, one that begins with it. */
  matching(words: string[]): RawBuilder<unknown>
  /** Ends a select whose rows this transaction alone may change until it ends. */
  locked: RawBuilder<unknown>
  /** The same, but passing over the rows that another transaction holds. */
  skipLocked: RawBuilder<unknown>
  /** The database's own clock in milliseconds since 1970, where processes on several machines share it; else null. */
  time: RawBuilder<number | null>
}

export type Store = {
  db: Kysely<Tables>
  dialect: Dialect
  /** The store's place in words for an operator, without its password. */
  place: string
  clock: () => Date
  /**
   * Works on the database without waiting for the disk: what is committed there survives the end of the process at once,
   * and that of the machine after the next `flush`. For what is followed by one, and for what is done again if it is lost.
   */
  soon: <Answer>(work: (db: Kysely<Tables>) => Promise<Answer>) => Promise<Answer>
  /** Works on the database for as long as it takes, where any other query is given up after some time. */
  patiently: <Answer>(work: (db: Kysely<Tables>) => Promise<Answer>) => Promise<Answer>
  /** Settles when all that was committed before is on the disk. Whoever is told of it, or acts on it, waits for that. */
  flush: () => Promise<void>
}

/** One transaction, done soon. */
export function soonTogether<Answer>(
  store: Store,
  work: (tx: Transaction<Tables>) => Promise<Answer>,
): Promise<Answer> {
  return store.soon((db) => db.transaction().execute(work))
}

/** Milliseconds of an ISO 8601 time. Throws a RangeError on anything else. */
export function milliseconds(time: string): number {
  const found = Date.parse(time)
  if (Number.isNaN(found)) throw new RangeError(`"${time}" is not a time.`)
  return found
}

export function isoTime(time: number): string {
  return new Date(time).toISOString()
}

/** A statement takes some 32,000 parameters in SQLite; the widest row has a dozen. */
const CHUNK = 1_000

/** Runs a statement for all rows, some at a time; not at all where there are none. */
export async function inChunks<Row>(rows: Row[], run: (chunk: Row[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK) await run(rows.slice(start, start + CHUNK))
}
