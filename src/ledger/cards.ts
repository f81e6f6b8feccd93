// Finds cards: by what a webhook names, and by the request that a run answers.
import { type Selectable, sql, type Transaction } from 'kysely'
import { termValue } from './indexed.ts'
import type { CardIndex, Ledger } from './port.ts'
import { inChunks, type Store } from './store.ts'
import type { Tables } from './tables.ts'

const COLUMNS = [
  ...(['owner', 'project', 'project_number', 'item', 'content', 'pull'] as const),
  ...(['repository', 'number', 'sha', 'title', 'place', 'ready_since'] as const),
]

/** Stores the cards as they now stand; each stream once. */
export async function keepCards(tx: Transaction<Tables>, cards: CardIndex[]): Promise<void> {
  const rows = cards.map(({ projectNumber, column, readySince, ...same }) => ({
    ...same,
    project_number: projectNumber,
    place: column,
    ready_since: readySince ?? null,
  }))
  await inChunks(rows, (chunk) =>
    tx
      .insertInto('cards')
      .values(chunk)
      .onConflict((known) =>
        known
          .column('stream')
          .doUpdateSet(Object.fromEntries(COLUMNS.map((name) => [name, sql.ref(`excluded.${name}`)]))),
      )
      .execute(),
  )
}

/** The cards that match all that is given; all cards where nothing is. */
export async function cards(store: Store, where: Parameters<Ledger['cards']>[0]): Promise<CardIndex[]> {
  let query = store.db.selectFrom('cards').selectAll().orderBy('stream')
  for (const name of ['stream', 'item', 'content', 'pull', 'repository', 'sha', 'project'] as const) {
    const value = where[name]
    if (value !== undefined) query = query.where(name, '=', value)
  }
  if (where.ready) query = query.where('ready_since', 'is not', null)
  return (await query.execute()).map(cardOf)
}

/** The cards of some streams, as far as they are known. */
export async function cardsOfStreams(store: Store, streams: string[]): Promise<CardIndex[]> {
  if (streams.length === 0) return []
  return (await store.db.selectFrom('cards').selectAll().where('stream', 'in', streams).execute()).map(cardOf)
}

function cardOf({ project_number, place, ready_since, ...same }: Selectable<Tables['cards']>): CardIndex {
  const readiness = ready_since === null ? {} : { readySince: ready_since }
  return { ...same, projectNumber: project_number, column: place, ...readiness }
}

/** The stream that made a request; a later entry that only repeats its name does not count. */
export async function streamOfRequest(store: Store, request: string): Promise<string | null> {
  const row = await store.db
    .selectFrom('terms')
    .innerJoin('entries', 'entries.seq', 'terms.seq')
    .select('entries.stream')
    .where('terms.name', '=', 'request')
    .where('terms.value', '=', termValue('request', request))
    .orderBy('terms.seq')
    .limit(1)
    .executeTakeFirst()
  return row?.stream ?? null
}
