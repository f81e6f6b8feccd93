// Finds entries by words and by what they are about, newest first.
import { type RawBuilder, type Selectable, sql } from 'kysely'
import { type TermName, termValue } from './indexed.ts'
import type { Entry, Search } from './port.ts'
import { entryOf } from './record.ts'
import { milliseconds, type Store } from './store.ts'
import type { Tables } from './tables.ts'
import { wordsOf } from './words.ts'

const USUAL_LIMIT = 50
const MOST_ENTRIES = 1_000
export const MOST_WORDS = 16

/** The filters that are terms, the most telling first: it leads the query, and the others are tried on what it finds. */
const TERMS = ['actor', 'gate', 'reason', 'verdict', 'kind'] as const satisfies (TermName & keyof Search)[]

/** Throws a RangeError where `from` or `to` is not a time. */
export async function search(store: Store, asked: Search): Promise<Entry[]> {
  const words = wordsOf([asked.words], MOST_WORDS)
  if (words.length === 0 && asked.words?.trim()) return []
  const asTerms = TERMS.flatMap((name) => (asked[name] === undefined ? [] : [{ name, value: asked[name] }]))
  const [first, ...others] = asTerms
  const leading =
    words.length > 0
      ? store.dialect.matching(words)
      : first
        ? bearing(first.name, first.value)
        : sql`(select seq from entries)`
  const tried = words.length > 0 ? asTerms : others
  const conditions = [...tried.map(({ name, value }) => bears(name, value)), ...conditionsOf(asked)]
  const { rows } = await sql<Selectable<Tables['entries']>>`
    select e.* from ${leading} found join entries e on e.seq = found.seq
    where ${conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`1 = 1`}
    order by found.seq desc limit ${limitOf(asked)}`.execute(store.db)
  return rows.map(entryOf)
}

/** That an entry `e` bears a term: one look into the index, however many others bear it too. */
function bears(name: TermName, value: string): RawBuilder<unknown> {
  return sql`exists (select 1 from terms where name = ${name} and value = ${termValue(name, value)} and terms.seq = e.seq)`
}

/** A table expression of the `seq`s of the entries that bear a term. */
export function bearing(name: TermName, value: string): RawBuilder<unknown> {
  return sql`(select seq from terms where name = ${name} and value = ${termValue(name, value)})`
}

/** Conditions on an entry `e` that was found as `found`. */
export function conditionsOf({ stream, from, to, before }: Search): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = []
  if (stream !== undefined) conditions.push(sql`e.stream = ${stream}`)
  if (from !== undefined) conditions.push(sql`e.at >= ${milliseconds(from)}`)
  if (to !== undefined) conditions.push(sql`e.at < ${milliseconds(to)}`)
  if (before !== undefined) conditions.push(sql`found.seq < ${wholeNumber(before, Number.MAX_SAFE_INTEGER)}`)
  return conditions
}

export function limitOf({ limit }: Search): number {
  return Math.min(wholeNumber(limit, USUAL_LIMIT), MOST_ENTRIES)
}

function wholeNumber(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : otherwise
}
