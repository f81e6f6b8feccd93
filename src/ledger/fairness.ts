// Each owner in its turn: a process goes round the owners that have work due, so none can crowd out the others.
import { sql } from 'kysely'
import type { Store } from './store.ts'

/** Claims after which the owners are read again. More would let a newcomer wait longer; fewer would cost more. */
const CLAIMS_A_ROUND = 16

/** The owners that had work due when last looked, one after the other. Each process has its own. */
export type Ring = {
  /** The owner whose turn it is; undefined where it is time to look again. */
  next(): string | undefined
  /** Takes an owner out that has no more work. */
  drop(owner: string): void
  fill(owners: string[]): void
}

export function createRing(): Ring {
  let owners: string[] = []
  let claims = 0
  let last: string | undefined
  return {
    next() {
      if (claims >= CLAIMS_A_ROUND) owners = []
      const owner = owners.shift()
      if (owner === undefined) return undefined
      owners.push(owner)
      claims += 1
      last = owner
      return owner
    },
    drop(owner) {
      owners = owners.filter((other) => other !== owner)
    },
    /** Goes on behind the owner that was served last, so that a long row of owners is served to its end. */
    fill(found) {
      const sorted = found.toSorted()
      const behind = sorted.findIndex((owner) => last === undefined || owner > last)
      owners = behind < 0 ? sorted : [...sorted.slice(behind), ...sorted.slice(0, behind)]
      claims = 0
    },
  }
}

/** The owners with work due, found by one look into the index for each owner, however many tasks each has. */
export async function dueOwners(store: Store, now: number): Promise<string[]> {
  const waits = sql`lease is null and aside_since is null`
  const due = sql`exists (select 1 from tasks where ${waits} and due <= ${now})`
  const { rows } = await sql<{ owner: string }>`
    with recursive owners (owner) as (
      select (select min(owner) from tasks where ${waits}) where ${due}
      union all
      select (select min(owner) from tasks where ${waits} and owner > owners.owner) from owners where owner is not null
    )
    select owner from owners
    where owner is not null and exists (select 1 from tasks where ${waits} and tasks.owner = owners.owner and due <= ${now})`.execute(
    store.db,
  )
  return rows.map(({ owner }) => owner)
}

/** Frees tasks whose process died or hung in its turn, which may be their fault: due since the lease ended, or since they were woken meanwhile. */
export async function freeExpired(store: Store, now: number): Promise<void> {
  const expired = sql`select key from tasks where lease is not null and leased_until <= ${now} ${store.dialect.skipLocked}`
  const free = sql`update tasks set lease = null, deaths = deaths + 1, due = case when due < leased_until then due else leased_until end, leased_until = null
    where key in (${expired})`
  await store.soon((db) => free.execute(db))
}
