// Reads the record back.
import type { Selectable } from 'kysely'
import type { Head } from './entry.ts'
import type { Entry } from './port.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'

const PAGE = 500

/** An entry as the port gives it, from its row. */
export function entryOf(row: Omit<Selectable<Tables['entries']>, 'at'>): Entry {
  const { seq, id, stream, version, event, previous, hash } = row
  return { seq, id, stream, version, event: JSON.parse(event), previous, hash }
}

export async function read(store: Store, stream: string): Promise<Entry[]> {
  const rows = await store.db
    .selectFrom('entries')
    .selectAll()
    .where('stream', '=', stream)
    .orderBy('version')
    .execute()
  return rows.map(entryOf)
}

export async function entry(store: Store, seq: number): Promise<Entry | null> {
  if (!Number.isSafeInteger(seq)) return null
  const row = await store.db.selectFrom('entries').selectAll().where('seq', '=', seq).executeTakeFirst()
  return row ? entryOf(row) : null
}

export async function* entries(store: Store, from = 1): AsyncGenerator<Entry> {
  for (let next = from; ; ) {
    const rows = await store.db
      .selectFrom('entries')
      .selectAll()
      .where('seq', '>=', next)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    for (const row of rows) yield entryOf(row)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    next = last.seq + 1
  }
}

export function head(store: Store): Promise<Head> {
  return store.db.selectFrom('head').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow()
}
