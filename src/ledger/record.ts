// The record itself: appends to it, and reads it back.
import type { Selectable, Transaction } from 'kysely'
import { keepCard } from './cards.ts'
import { canonical } from './digest.ts'
import { keepDocuments } from './documents.ts'
import { chainEntries, type Head, storableText } from './entry.ts'
import { indexed } from './indexed.ts'
import { keepOrders } from './orders.ts'
import type { Appended, Draft, Entry, Ledger } from './port.ts'
import { milliseconds, type Store } from './store.ts'
import type { Tables } from './tables.ts'
import { wordsOf } from './words.ts'

type Tx = Transaction<Tables>
type Also = Parameters<Ledger['append']>[3]

const PAGE = 500

/** Appends to a stream that stands at version `expected`. All of it is stored, or nothing. */
export function append(
  store: Store,
  name: string,
  expected: number,
  drafts: Draft[],
  also: Also = {},
): Promise<Appended> {
  const stream = storableText(name)
  return store.db.transaction().execute(async (tx) => {
    // The head first: from here on this is the only transaction that appends, in any process.
    const head = await lockHead(tx, store)
    const found = await tx.selectFrom('streams').select('version').where('stream', '=', stream).executeTakeFirst()
    if ((found?.version ?? 0) !== expected) return { ok: false, conflict: true }

    const entries = chainEntries(head, stream, expected, drafts)
    const last = entries.at(-1)
    if (also.documents) await keepDocuments(tx, also.documents)
    if (also.card) await keepCard(tx, also.card)
    if (last) {
      await keepEntries(tx, entries)
      await keepIndex(tx, store, stream, entries, also.card?.title)
      await tx
        .insertInto('streams')
        .values({ stream, version: last.version })
        .onConflict((row) => row.column('stream').doUpdateSet({ version: last.version }))
        .execute()
      await tx.updateTable('head').set({ seq: last.seq, hash: last.hash }).where('id', '=', 1).execute()
    }
    const orders = await keepOrders(tx, stream, last?.seq ?? head.seq, also.orders ?? [])
    return { ok: true, entries, orders }
  })
}

function lockHead(tx: Tx, store: Store): Promise<Head> {
  const { locked } = store.dialect
  return tx.selectFrom('head').select(['seq', 'hash']).where('id', '=', 1).modifyEnd(locked).executeTakeFirstOrThrow()
}

async function keepEntries(tx: Tx, entries: Entry[]): Promise<void> {
  const rows = entries.map((entry) => ({ ...entry, at: milliseconds(entry.event.at), event: canonical(entry.event) }))
  await tx.insertInto('entries').values(rows).execute()
}

/**
 * A card's title is among the words of each of its entries, so that its refusals are found by it too; and what the card
 * held is among those of the move that the same read opened.
 */
async function keepIndex(tx: Tx, store: Store, stream: string, entries: Entry[], known?: string): Promise<void> {
  const card =
    known ?? (await tx.selectFrom('cards').select('title').where('stream', '=', stream).executeTakeFirst())?.title
  const found = entries.map(({ seq, event }) => ({ seq, kind: event.kind, ...indexed(event) }))
  const held = found.flatMap(({ kind, words }) => (kind === 'card-seen' ? words : []))
  await tx
    .insertInto('terms')
    .values(found.flatMap(({ seq, terms }) => terms.map((term) => ({ ...term, seq }))))
    .execute()
  await store.dialect.addWords(
    tx,
    found.map(({ seq, kind, words }) => ({
      seq,
      words: wordsOf([card, ...words, ...(kind === 'move-opened' ? held : [])]),
    })),
  )
}

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
