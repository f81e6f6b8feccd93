// The tables' history: numbered steps, each applied once, all or none, by one process at a time.
import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import { GENESIS } from './entry.ts'
import type { Dialect, Store } from './store.ts'
import { SENTENCES, StoreProblem, storeProblem } from './store-problem.ts'
import type { Tables } from './tables.ts'

/**
 * A step to a version. Processes of the version before still run while it is applied, so a step only adds (tables,
 * columns with a default, indexes); what it replaces is taken away by a later version. `readableFrom` is the oldest
 * version of the code that works with the tables after it: an older one refuses to start.
 */
export type Migration = {
  version: number
  readableFrom: number
  apply(tx: Transaction<Tables>, dialect: Dialect): Promise<void>
}

export const MIGRATIONS: Migration[] = [
  { version: 1, readableFrom: 1, apply: createTables },
  { version: 2, readableFrom: 1, apply: addAccounts },
  { version: 3, readableFrom: 1, apply: addReadiness },
  { version: 4, readableFrom: 1, apply: addDeaths },
]

/** Brings the tables up to this code's version. Throws a StoreProblem where they are too new for it. */
export async function migrate(store: Store, migrations: Migration[] = MIGRATIONS): Promise<void> {
  const newest = Math.max(...migrations.map(({ version }) => version))
  const step = async (tx: Transaction<Tables>) => {
    await store.dialect.lockForMigration(tx)
    await sql`create table if not exists store
      (id integer primary key, version integer not null, readable_from integer not null, pinged ${store.dialect.whole} not null)`.execute(
      tx,
    )
    const found = await tx.selectFrom('store').selectAll().executeTakeFirst()
    refuseNewer(store, found, newest)
    for (const { version, readableFrom, apply } of migrations) {
      if (found && version <= found.version) continue
      await apply(tx, store.dialect)
      await tx
        .insertInto('store')
        .values({ id: 1, version, readable_from: readableFrom, pinged: 0 })
        .onConflict((row) => row.column('id').doUpdateSet({ version, readable_from: readableFrom }))
        .execute()
    }
  }
  await store.patiently((db) => db.transaction().execute(step))
}

/** Throws a StoreProblem where the tables are missing, or are not of a version that this code can read as they are. */
export async function expectTables(store: Store, migrations: Migration[] = MIGRATIONS): Promise<void> {
  const newest = Math.max(...migrations.map(({ version }) => version))
  const found = await store.db
    .selectFrom('store')
    .selectAll()
    .executeTakeFirst()
    // A database that can be asked, and answers no, has no such table.
    .catch((error: unknown) => {
      throw storeProblem(error, store.place) ?? new StoreProblem('absent', SENTENCES.absent(store.place), error)
    })
  if (!found) throw new StoreProblem('absent', SENTENCES.absent(store.place))
  refuseNewer(store, found, newest)
  if (found.version < newest) {
    throw new StoreProblem(
      'older',
      `The store ${store.place} has version ${found.version} and this Andon reads version ${newest}; start this Andon once, which brings it up to date.`,
    )
  }
}

const NEWEST = Math.max(...MIGRATIONS.map(({ version }) => version))

export function versionOf({ db }: Store): Promise<{ version: number; readable_from: number } | undefined> {
  return db.selectFrom('store').select(['version', 'readable_from']).where('id', '=', 1).executeTakeFirst()
}

/** Throws a StoreProblem where the tables are of a version that this code cannot work with. */
export function refuseNewer(
  store: Store,
  found: { version: number; readable_from: number } | undefined,
  newest = NEWEST,
): void {
  if (!found || found.readable_from <= newest) return
  throw new StoreProblem(
    'newer',
    `The store ${store.place} has version ${found.version} and this Andon knows version ${newest}; start a newer Andon.`,
  )
}

async function createTables(tx: Transaction<Tables>, dialect: Dialect): Promise<void> {
  const { whole, serial, bytes } = dialect
  const statements = [
    sql`create table head (id integer primary key, seq ${whole} not null, hash text not null)`,
    sql`insert into head (id, seq, hash) values (1, 0, ${sql.lit(GENESIS)})`,
    sql`create table entries (seq ${whole} primary key, id text not null unique, stream text not null, version ${whole} not null,
      at ${whole} not null, event text not null, previous text not null, hash text not null, unique (stream, version))`,
    sql`create index entries_by_time on entries (at)`,
    sql`create table streams (stream text primary key, version ${whole} not null)`,
    sql`create table terms (name text not null, value text not null, seq ${whole} not null, primary key (name, value, seq))`,
    sql`create index terms_by_entry on terms (seq)`,
    sql`create table documents (digest text primary key, content ${bytes} not null)`,

    sql`create table cards (stream text primary key, owner text not null, project text not null, project_number ${whole} not null,
      item text not null, content text, pull text, repository text, number ${whole}, sha text, title text not null, place text)`,
    ...['item', 'content', 'pull', 'repository', 'sha', 'project'].map(
      (column) => sql`create index ${sql.ref(`cards_by_${column}`)} on cards (${sql.ref(column)})`,
    ),

    sql`create table orders (id ${serial}, stream text not null, key text not null, seq ${whole} not null,
      effect text not null, tries integer not null, done_at ${whole})`,
    sql`create unique index orders_waiting on orders (stream, key) where done_at is null`,
    sql`create index orders_done on orders (done_at) where done_at is not null`,
    sql`create table handles (stream text not null, name text not null, value text not null, primary key (stream, name))`,

    sql`create table deliveries (id ${serial}, guid text not null unique, event text not null, body ${bytes} not null,
      received_at ${whole} not null, leased_until ${whole} not null, routed_at ${whole})`,
    sql`create index deliveries_waiting on deliveries (id) where routed_at is null`,
    sql`create index deliveries_routed on deliveries (routed_at) where routed_at is not null`,

    sql`create table tasks (key text primary key, owner text not null, due ${whole}, tries integer not null,
      lease text, leased_until ${whole}, why text, aside_since ${whole})`,
    sql`create index tasks_waiting on tasks (owner, due) where lease is null and aside_since is null`,
    sql`create index tasks_due on tasks (due) where lease is null and aside_since is null`,
    sql`create index tasks_leased on tasks (leased_until) where lease is not null`,
    sql`create index tasks_aside on tasks (aside_since) where aside_since is not null`,
    sql`create table knocks (id ${serial}, key text not null, text text not null)`,
    sql`create index knocks_by_key on knocks (key, id)`,
  ]
  for (const statement of statements) await statement.execute(tx)
  await dialect.createWords(tx)
  await dialect.refuseChanges(tx)
}

async function addAccounts(tx: Transaction<Tables>, { whole }: Dialect): Promise<void> {
  await sql`create table allowances (name text primary key, account text not null, changed_at ${whole} not null)`.execute(
    tx,
  )
  await sql`alter table tasks add column faults integer not null default 0`.execute(tx)
}

/** An older process beside this one still counts a death as a fault. */
async function addDeaths(tx: Transaction<Tables>): Promise<void> {
  await sql`alter table tasks add column deaths integer not null default 0`.execute(tx)
}

async function addReadiness(tx: Transaction<Tables>): Promise<void> {
  await sql`alter table cards add column ready_since text`.execute(tx)
  await sql`create index cards_ready on cards (project) where ready_since is not null`.execute(tx)
}
