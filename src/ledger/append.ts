// Appends to the record. Appends that come together share one transaction, because only one can hold the head at a time.
import { sql, type Transaction } from 'kysely'
import { keepCards } from './cards.ts'
import { canonical } from './digest.ts'
import { checkDocument, type Document, keepDocuments } from './documents.ts'
import { chainEntries, type Head, storable, storableText } from './entry.ts'
import { groupCalls } from './group.ts'
import { indexed } from './indexed.ts'
import { keepOrders } from './orders.ts'
import type { Appended, CardIndex, Draft, Entry, Ledger, Order, PendingOrder } from './port.ts'
import { inChunks, milliseconds, type Store, soonTogether } from './store.ts'
import { storeProblem } from './store-problem.ts'
import type { Tables } from './tables.ts'
import { wordsOf } from './words.ts'

type Tx = Transaction<Tables>

/** One call of `append`. */
type Wish = {
  stream: string
  expected: number
  drafts: Draft[]
  orders: Order[]
  card: CardIndex | undefined
  documents: Document[]
}

/** One that fits, with the entries it becomes. `seq`: the last of them, for its orders. */
type Accepted = Wish & { wish: Wish; entries: Entry[]; seq: number; title: string | null }

const CAPACITY = 200
const weightOf = ({ drafts, orders, documents }: Wish) =>
  1 + drafts.length + orders.length + documents.reduce((sum, { text }) => sum + text.length / 50_000, 0)

export function createAppend(store: Store): Ledger['append'] {
  const together = groupCalls((wishes: Wish[]) => appendAll(store, wishes), CAPACITY, weightOf)
  return async (stream, expected, drafts, { orders = [], card, documents = [] } = {}) => {
    const name = storableText(stream)
    documents.forEach(checkDocument)
    const wish: Wish = {
      ...{ stream: name, expected, orders, documents, card: card && { ...card, stream: name } },
      drafts: drafts.map(({ id, event }) => ({ id: storableText(id), event: storable(event) })),
    }
    const appended = await together(wish).catch(async (error: unknown) => {
      if (storeProblem(error, store.place)) throw error
      // One bad append fails all that shared its transaction: alone, only the bad one fails.
      const [answer] = await appendAll(store, [wish])
      return answer as Appended
    })
    await store.flush()
    return appended
  }
}

/** What comes together has no order: of several appends to one stream the first that fits wins, the others conflict. */
function appendAll(store: Store, wishes: Wish[]): Promise<Appended[]> {
  return soonTogether(store, async (tx) => {
    // First of all: from here on this is the only transaction that appends, in any process.
    const { locked } = store.dialect
    const row = tx.selectFrom('head').select(['seq', 'hash'])
    const start: Head = await row.where('id', '=', 1).modifyEnd(locked).executeTakeFirstOrThrow()
    const streams = wishes.map(({ stream }) => stream)
    const known = await standOf(tx, streams)

    let head = start
    const accepted = new Map<string, Accepted>()
    for (const wish of wishes) {
      const { stream, expected, drafts, card } = wish
      const { version, title } = known.get(stream) ?? { version: 0, title: null }
      if (version !== expected || accepted.has(stream)) continue
      const entries = chainEntries(head, stream, version, drafts)
      const last = entries.at(-1)
      if (last) head = { seq: last.seq, hash: last.hash }
      accepted.set(stream, { ...wish, wish, entries, seq: head.seq, title: card?.title ?? title })
    }
    const orders = await keepAll(tx, store, [...accepted.values()])
    if (head !== start) await tx.updateTable('head').set(head).where('id', '=', 1).execute()
    return wishes.map((wish) => {
      const found = accepted.get(wish.stream)
      if (found?.wish !== wish) return { ok: false, conflict: true }
      return { ok: true, entries: found.entries, orders: orders.filter(({ stream }) => stream === wish.stream) }
    })
  })
}

async function keepAll(tx: Tx, store: Store, accepted: Accepted[]): Promise<PendingOrder[]> {
  const documents = accepted.flatMap(({ documents }) => documents)
  const cards = accepted.flatMap(({ card }) => card ?? [])
  const entries = accepted.flatMap(({ entries }) => entries)
  await keepDocuments(tx, documents)
  await keepCards(tx, cards)
  await keepEntries(tx, entries)
  await keepIndex(tx, store, accepted)
  return keepOrders(tx, accepted)
}

/** Where the streams stand, and the titles of their cards. */
async function standOf(tx: Tx, streams: string[]): Promise<Map<string, { version: number; title: string | null }>> {
  const rows = await tx
    .selectFrom('streams')
    .leftJoin('cards', 'cards.stream', 'streams.stream')
    .select(['streams.stream', 'streams.version', 'cards.title'])
    .where('streams.stream', 'in', streams)
    .execute()
  return new Map(rows.map((row) => [row.stream, row]))
}

async function keepEntries(tx: Tx, entries: Entry[]): Promise<void> {
  const rows = entries.map((entry) => ({ ...entry, at: milliseconds(entry.event.at), event: canonical(entry.event) }))
  await inChunks(rows, (chunk) => tx.insertInto('entries').values(chunk).execute())
  const last = new Map(entries.map(({ stream, version }) => [stream, { stream, version }]))
  await inChunks([...last.values()], (chunk) =>
    tx
      .insertInto('streams')
      .values(chunk)
      .onConflict((row) => row.column('stream').doUpdateSet({ version: sql`excluded.version` }))
      .execute(),
  )
}

/**
 * A card's title is among the words of each of its entries, so that its refusals are found by it too; and what the card
 * held is among those of the move that the same read opened.
 */
async function keepIndex(tx: Tx, store: Store, appended: { entries: Entry[]; title: string | null }[]): Promise<void> {
  const found = appended.flatMap(({ entries, title }) => {
    const parts = entries.map(({ seq, event }) => ({ seq, kind: event.kind, ...indexed(event) }))
    const held = parts.flatMap(({ kind, words }) => (kind === 'card-seen' ? words : []))
    return parts.map(({ seq, kind, terms, words }) => ({
      seq,
      terms,
      words: wordsOf([title, ...words, ...(kind === 'move-opened' ? held : [])]),
    }))
  })
  const terms = found.flatMap(({ seq, terms }) => terms.map((term) => ({ ...term, seq })))
  await inChunks(terms, (chunk) => tx.insertInto('terms').values(chunk).execute())
  await inChunks(found, (chunk) => store.dialect.addWords(tx, chunk))
}
