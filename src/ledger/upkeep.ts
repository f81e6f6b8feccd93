// Keeps the store in shape: tells that it can be written, what waits in it, and forgets what is long done.
import { refuseNewer } from './migrations.ts'
import type { Ledger, Pruned } from './port.ts'
import { isoTime, milliseconds, type Store } from './store.ts'

/** Rows a statement, so that no lock is held for long. */
const BATCH = 1_000
const MOST_LISTED = 100

/**
 * Writes a row, for good: a disk that is full or read-only shows only then. Throws also where a newer Andon has brought
 * the tables beyond what this one can work with.
 */
export async function ping(store: Store): Promise<void> {
  const found = await store.db
    .updateTable('store')
    .set({ pinged: store.clock().getTime() })
    .where('id', '=', 1)
    .returning(['version', 'readable_from'])
    .executeTakeFirst()
  await store.flush()
  refuseNewer(store, found)
}

export async function backlog(store: Store, now: string): ReturnType<Ledger['backlog']> {
  const { db } = store
  const at = milliseconds(now)
  const waiting = db
    .selectFrom('tasks')
    .where('lease', 'is', null)
    .where('aside_since', 'is', null)
    .where('due', '<=', at)
  const due = await waiting
    .select((row) => [row.fn.countAll<number>().as('count'), row.fn.min('due').as('oldest')])
    .executeTakeFirstOrThrow()
  const leased = await db
    .selectFrom('tasks')
    .where('lease', 'is not', null)
    .where('leased_until', '>', at)
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const setAside = db.selectFrom('tasks').where('aside_since', 'is not', null)
  const { asideCount } = await setAside
    .select((row) => row.fn.countAll<number>().as('asideCount'))
    .executeTakeFirstOrThrow()
  const aside = await setAside.select(['key', 'why', 'aside_since']).orderBy('aside_since').limit(MOST_LISTED).execute()
  const deliveries = await db
    .selectFrom('deliveries')
    .where('routed_at', 'is', null)
    .select((row) => [row.fn.countAll<number>().as('count'), row.fn.min('received_at').as('oldest')])
    .executeTakeFirstOrThrow()
  return {
    due: due.count,
    oldest: due.oldest === null ? null : isoTime(due.oldest),
    leased: leased.count,
    asideCount,
    aside: aside.map(({ key, why, aside_since }) => ({ key, why: why ?? '', since: isoTime(aside_since ?? 0) })),
    deliveries: deliveries.count,
    oldestDelivery: deliveries.oldest === null ? null : isoTime(deliveries.oldest),
  }
}

/** A GUID that is forgotten is new again: keep them longer than GitHub can send them again (3 days). */
export async function prune(store: Store, before: string): Promise<Pruned> {
  const at = milliseconds(before)
  const { db } = store
  const older = (table: 'deliveries' | 'orders', column: 'routed_at' | 'done_at') =>
    inBatches(() => {
      const old = db.selectFrom(table).select('id').where(db.dynamic.ref<'id'>(column), '<', at).limit(BATCH)
      return db.deleteFrom(table).where('id', 'in', old).executeTakeFirst()
    })
  return {
    deliveries: await older('deliveries', 'routed_at'),
    orders: await older('orders', 'done_at'),
    // The card is read anew when the task is released.
    knocks: await inBatches(() => {
      const aside = db.selectFrom('tasks').select('key').where('aside_since', '<', at)
      const old = db.selectFrom('knocks').select('id').where('key', 'in', aside).limit(BATCH)
      return db.deleteFrom('knocks').where('id', 'in', old).executeTakeFirst()
    }),
    accounts: await inBatches(() => {
      const old = db.selectFrom('allowances').select('name').where('changed_at', '<', at).limit(BATCH)
      return db.deleteFrom('allowances').where('name', 'in', old).executeTakeFirst()
    }),
  }
}

async function inBatches(run: () => Promise<{ numDeletedRows: bigint }>): Promise<number> {
  for (let total = 0; ; ) {
    const { numDeletedRows } = await run()
    total += Number(numDeletedRows)
    if (numDeletedRows < BATCH) return total
  }
}
