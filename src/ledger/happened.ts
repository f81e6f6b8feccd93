// Finds what happened on one board, over all of its cards.
import { type Selectable, sql } from 'kysely'
import { cardsOfStreams } from './cards.ts'
import type { BoardSearch, CardIndex, Entry } from './port.ts'
import { entryOf } from './record.ts'
import { inChunks, milliseconds, type Store } from './store.ts'
import type { Tables } from './tables.ts'

const MOST = 10_000

/** Oldest first; the newest ten thousand where there are more. Throws a RangeError where `since` is not a time. */
export async function happened(
  store: Store,
  { project, kinds, since, before }: BoardSearch,
): Promise<{ entry: Entry; card: CardIndex }[]> {
  if (kinds.length === 0) return []
  const { rows } = await sql<Selectable<Tables['entries']>>`
    select e.* from terms t join entries e on e.seq = t.seq join cards c on c.stream = e.stream
    where t.name = 'kind' and t.value in (${sql.join(kinds)}) and c.project = ${project}
      and e.at >= ${milliseconds(since)} and e.seq < ${before ?? Number.MAX_SAFE_INTEGER}
    order by e.seq desc limit ${MOST}`.execute(store.db)
  const found = rows.map(entryOf).reverse()
  const cards = new Map<string, CardIndex>()
  await inChunks([...new Set(found.map(({ stream }) => stream))], async (streams) => {
    for (const card of await cardsOfStreams(store, streams)) cards.set(card.stream, card)
  })
  return found.flatMap((entry) => {
    const card = cards.get(entry.stream)
    return card ? [{ entry, card }] : []
  })
}
