// The outbox: acts that were ordered with an entry and wait to be done, and what they left on GitHub.
import { sql, type Transaction } from 'kysely'
import { storableText } from './entry.ts'
import type { Order, PendingOrder } from './port.ts'
import { inChunks, type Store } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Stores orders in their entries' transaction; each stream once. One that replaces an earlier gets a new id, so that
 * whoever still works on the earlier cannot tick off the later, and keeps its tries, because that act may have taken place.
 */
export async function keepOrders(
  tx: Transaction<Tables>,
  ordered: { stream: string; seq: number; orders: Order[] }[],
): Promise<PendingOrder[]> {
  const kept: PendingOrder[] = []
  const wanted = ordered.flatMap(({ stream, seq, orders }) => {
    const latest = new Map(orders.map(({ key, effect }) => [storableText(key), effect]))
    return [...latest].map(([key, effect]) => ({ stream, seq, key, effect }))
  })
  await inChunks(wanted, async (chunk) => {
    const keys = chunk.map(({ stream, key }) => sql`(${stream}, ${key})`)
    const replaced = await tx
      .deleteFrom('orders')
      .where(sql<boolean>`(stream, key) in (values ${sql.join(keys)})`)
      .where('done_at', 'is', null)
      .returning(['stream', 'key', 'tries'])
      .execute()
    const triesOf = (order: { stream: string; key: string }) =>
      replaced.find((earlier) => same(earlier, order))?.tries ?? 0
    const rows = chunk.map(({ effect, ...order }) => {
      return { ...order, effect: JSON.stringify(effect), tries: triesOf(order), done_at: null }
    })
    const ids = await tx.insertInto('orders').values(rows).returning(['id', 'stream', 'key']).execute()
    for (const order of chunk) {
      const id = ids.find((row) => same(row, order))?.id
      if (id === undefined) throw new Error('An order was stored without an id.')
      kept.push({ ...order, id, tries: triesOf(order) })
    }
  })
  return kept
}

function same(a: { stream: string; key: string }, b: { stream: string; key: string }): boolean {
  return a.stream === b.stream && a.key === b.key
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
  await store.soon((db) =>
    db
      .updateTable('orders')
      .set((row) => ({ tries: row('tries', '+', 1) }))
      .where('id', 'in', ids)
      .execute(),
  )
  await store.flush()
}

export async function done(store: Store, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  await store.soon((db) =>
    db
      .updateTable('orders')
      .set({ done_at: store.clock().getTime() })
      .where('id', 'in', ids)
      .where('done_at', 'is', null)
      .execute(),
  )
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
  await store.soon((db) =>
    db
      .insertInto('handles')
      .values({ stream, name, value })
      .onConflict((row) => row.columns(['stream', 'name']).doUpdateSet({ value }))
      .execute(),
  )
}
