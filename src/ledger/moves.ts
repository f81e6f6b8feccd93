// Finds moves by what their entries say, and all the entries that name them.
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { cardsOfStreams } from './cards.ts'
import { termValue } from './indexed.ts'
import type { Entry, FoundMove, MoveSearch } from './port.ts'
import { entryOf } from './record.ts'
import { bearing, conditionsOf, limitOf, MOST_WORDS } from './search.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { wordsOf } from './words.ts'

/** Newest first. Throws a RangeError where `from` or `to` is not a time. */
export async function moves(store: Store, asked: MoveSearch): Promise<FoundMove[]> {
  const words = wordsOf([asked.words], MOST_WORDS)
  if (words.length === 0 && asked.words?.trim()) return []
  const conditions = [
    ...entrySources(store, asked, words).map(
      (source) => sql`named.value in
        (select t.value from terms t where t.name = 'move' and t.seq in ${source})`,
    ),
    ...conditionsOf(asked),
  ]
  const { rows } = await sql<Selectable<Tables['entries']>>`
    select e.* from ${bearing('kind', 'move-opened')} found
      join terms named on named.seq = found.seq and named.name = 'move'
      join entries e on e.seq = found.seq
    where ${conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`1 = 1`}
    order by found.seq desc limit ${limitOf(asked)}`.execute(store.db)
  const opened = rows.map(entryOf)
  const cards = await cardsOfStreams(store, [...new Set(opened.map(({ stream }) => stream))])
  const byStream = new Map(cards.map((card) => [card.stream, card]))
  return opened.map((entry) => ({ opened: entry, card: byStream.get(entry.stream) ?? null }))
}

/** For each thing asked, a table expression of the `seq`s that say it: the move must have one of each. */
function entrySources(store: Store, asked: MoveSearch, words: string[]): RawBuilder<unknown>[] {
  const judged = (['gate', 'reason', 'verdict'] as const).flatMap((name) => {
    const value = asked[name]
    return value === undefined ? [] : [bearing(name, value)]
  })
  const [first, ...others] = judged
  const both = others.map((other) => sql`one.seq in ${other}`)
  return [
    ...(words.length > 0 ? [store.dialect.matching(words)] : []),
    ...(asked.actor === undefined ? [] : [bearing('actor', asked.actor)]),
    ...(first ? [sql`(select seq from ${first} one where ${sql.join([sql`1 = 1`, ...both], sql` and `)})`] : []),
  ]
}

export async function entriesOfMoves(store: Store, ids: string[]): Promise<Entry[]> {
  if (ids.length === 0) return []
  const values = sql.join([...new Set(ids)].map((id) => sql`${termValue('move', id)}`))
  const { rows } = await sql<Selectable<Tables['entries']>>`
    select e.* from terms named join entries e on e.seq = named.seq
    where named.name = 'move' and named.value in (${values}) order by e.seq`.execute(store.db)
  return rows.map(entryOf)
}
