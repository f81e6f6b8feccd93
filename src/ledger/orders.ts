// The outbox: acts that were ordered with an entry and wait to be done, and what they left on GitHub.
import type { Transaction } from 'kysely'
import type { Order, PendingOrder } from './port.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Stores orders in the entry's transaction. One that replaces an earlier gets a new id, so that whoever still works on
 * the earlier cannot tick off the later, and keeps its tries, because that act may have taken place.
 */
export async function keepOrders(
  tx: Transaction<Tables>,
  stream: string,
  seq: number,
  orders: Order[],
): Promise<PendingOrder[]> {
  const kept: PendingOrder[] = []
  const latest = new Map(orders.map((order) => [order.key, order]))
  for (const { key, effect } of latest.values()) {
    const earlier = await tx
      .deleteFrom('orders')
      .where('stream', '=', stream)
      .where('key', '=', key)
      .where('done_at', 'is', null)
      .returning('tries')
      .executeTakeFirst()
    const tries = earlier?.tries ?? 0
    const row = { stream, key, seq, effect: JSON.stringify(effect), tries, done_at: null }
    const { id } = await tx.insertInto('orders').values(row).returning('id').executeTakeFirstOrThrow()
    kept.push({ id, stream, seq, key, effect, tries })
  }
  return kept
}

export async function pending(store: Store, stream: string): Promise<PendingOrder[]> {
  const rows = await store.db
    .selectFrom('orders')
    .select(['id', 'stream', 'seq', 'key', 'effect', 'tries'])
    .where('stream', '=', stream)
    .where('done_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, effect: JSON.parse(row.effect) }))
}

export async function attempting(store: Store, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await store.db
    .updateTable('orders')
    .set((row) => ({ tries: row('tries', '+', 1) }))
    .where('id', 'in', ids)
    .execute()
}

export async function done(store: Store, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await store.db
    .updateTable('orders')
    .set({ done_at: store.clock().getTime() })
    .where('id', 'in', ids)
    .where('done_at', 'is', null)
    .execute()
}

export async function handles(store: Store, stream: string): Promise<Record<string, string>> {
  const rows = await store.db.selectFrom('handles').select(['name', 'value']).where('stream', '=', stream).execute()
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

export async function handle(store: Store, stream: string, name: string): Promise<string | null> {
  const row = await store.db
    .selectFrom('handles')
    .select('value')
    .where('stream', '=', stream)
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value ?? null
}

export async function keepHandle(store: Store, stream: string, name: string, value: string): Promise<void> {
  await store.db
    .insertInto('handles')
    .values({ stream, name, value })
    .onConflict((row) => row.columns(['stream', 'name']).doUpdateSet({ value }))
    .execute()
}
