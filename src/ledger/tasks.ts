// The work to do: tasks with leases, one key's work one at a time over all processes, and each owner in its turn.
import { randomUUID } from 'node:crypto'
import { sql, type Transaction, type UpdateObject } from 'kysely'
import { dueOwners, freeExpired, type Ring } from './fairness.ts'
import { refuseNewer, versionOf } from './migrations.ts'
import type { Fault, Task, Wake } from './port.ts'
import { inChunks, isoTime, milliseconds, type Store, soonTogether } from './store.ts'
import type { Tables } from './tables.ts'

/** The most knocks one turn is given; the rest wait for the next turn. */
const MOST_KNOCKS = 500

/**
 * Makes a task due no later than `due`. Three cases leave its own time be: it is backing off after a failure (the knock
 * waits with it), it is set aside (until `release`), it is being worked (then it is due again once that turn ends).
 */
export function wake(store: Store, key: string, owner: string, due: string, knock?: string): Promise<void> {
  const one: Wake = { key, owner, due, ...(knock !== undefined && { knock }) }
  return soonTogether(store, (tx) => wakeAll(tx, [one]))
}

/** The same for several, which may wake one task more than once. */
export async function wakeAll(tx: Transaction<Tables>, wakes: Wake[]): Promise<void> {
  const tasks = new Map<string, { key: string; owner: string; due: number; tries: number }>()
  for (const { key, owner, due } of wakes) {
    const at = Math.min(milliseconds(due), tasks.get(key)?.due ?? Number.POSITIVE_INFINITY)
    tasks.set(key, { key, owner, due: at, tries: 0 })
  }
  // Whoever wakes several takes them in the same order, so that no two wait for each other.
  const sorted = [...tasks.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  // A task's row before its knocks: it is the lock that keeps a turn from ending between the two.
  await inChunks(sorted, (chunk) =>
    tx
      .insertInto('tasks')
      .values(chunk)
      .onConflict((row) => row.column('key').doUpdateSet({ owner: sql`excluded.owner`, due: SOONER }))
      .execute(),
  )
  const knocks = wakes.flatMap(({ key, knock }) => (knock === undefined ? [] : [{ key, text: knock }]))
  await inChunks(knocks, (chunk) => tx.insertInto('knocks').values(chunk).execute())
}

const SOONER = sql<number>`case
  when tasks.due is null then excluded.due
  when tasks.lease is null and tasks.tries > 0 then tasks.due
  when tasks.due < excluded.due then tasks.due
  else excluded.due end`

/** The next due task, leased. `ring` is this process's round of owners. */
export async function claim(store: Store, ring: Ring, now: string, seconds: number): Promise<Task | null> {
  const at = milliseconds(now)
  for (let refreshed = false; ; ) {
    const owner = ring.next()
    if (owner === undefined) {
      if (refreshed) return null
      refreshed = true
      // Whoever a newer Andon has left behind takes up nothing more.
      refuseNewer(store, await versionOf(store))
      await freeExpired(store, at)
      ring.fill(await dueOwners(store, at))
      continue
    }
    const task = await claimOf(store, owner, at, at + Math.round(seconds * 1000))
    if (task) return task
    ring.drop(owner)
  }
}

/** A lease forgets the due time: one that stands there when the turn ends came from a wake during the turn. */
async function claimOf(store: Store, owner: string, now: number, until: number): Promise<Task | null> {
  const lease = randomUUID()
  const row = await store.soon((db) =>
    db
      .updateTable('tasks')
      .set((task) => ({ lease, leased_until: until, due: null, tries: task('tries', '+', 1) }))
      .where('key', '=', (free) =>
        free
          .selectFrom('tasks')
          .select('key')
          .where('owner', '=', owner)
          .where('due', '<=', now)
          .where('lease', 'is', null)
          .where('aside_since', 'is', null)
          .orderBy('due')
          .limit(1)
          .modifyEnd(store.dialect.skipLocked),
      )
      .returning(['key', 'tries', 'faults', 'deaths'])
      .executeTakeFirst(),
  )
  if (!row) return null
  const knocks = await store.db
    .selectFrom('knocks')
    .select(['id', 'text'])
    .where('key', '=', row.key)
    .orderBy('id')
    .limit(MOST_KNOCKS)
    .execute()
  const { key, faults, deaths } = row
  return { key, owner, due: isoTime(now), tries: row.tries - 1, faults, deaths, knocks, lease }
}

/** Prolongs a lease that still holds. */
export async function renew(store: Store, task: Task, now: string, seconds: number): Promise<boolean> {
  const { numUpdatedRows } = await store.soon((db) =>
    db
      .updateTable('tasks')
      .set({ leased_until: milliseconds(now) + Math.round(seconds * 1000) })
      .where('key', '=', task.key)
      .where('lease', '=', task.lease)
      .executeTakeFirst(),
  )
  return numUpdatedRows > 0
}

/**
 * Ends a lease that still holds, in one transaction with `then`, which learns when the task is due next; does nothing
 * where another process took the task meanwhile.
 */
function endLease(
  store: Store,
  task: Task,
  end: UpdateObject<Tables, 'tasks'>,
  then: (tx: Transaction<Tables>, due: number | null) => Promise<void> = async () => {},
): Promise<void> {
  return soonTogether(store, async (tx) => {
    const ended = await tx
      .updateTable('tasks')
      .set({ ...end, lease: null, leased_until: null })
      .where('key', '=', task.key)
      .where('lease', '=', task.lease)
      .returning('due')
      .executeTakeFirst()
    if (ended) await then(tx, ended.due)
  })
}

export function finish(store: Store, task: Task, next: string | null): Promise<void> {
  const { key } = task
  const at = next === null ? null : milliseconds(next)
  const due = at === null ? {} : { due: sql<number>`case when due < ${at} then due else ${at} end` }
  return endLease(store, task, { tries: 0, faults: 0, deaths: 0, why: null, ...due }, async (tx, dueNext) => {
    const read = task.knocks.map(({ id }) => id)
    if (read.length > 0) await tx.deleteFrom('knocks').where('key', '=', key).where('id', 'in', read).execute()
    if (dueNext !== null) return
    const unread = await tx.selectFrom('knocks').select('id').where('key', '=', key).limit(1).executeTakeFirst()
    if (!unread) await tx.deleteFrom('tasks').where('key', '=', key).execute()
    // Knocks that this turn was not given make it due again.
    else await tx.updateTable('tasks').set({ due: store.clock().getTime() }).where('key', '=', key).execute()
  })
}

export function postpone(store: Store, task: Task, due: string, why: string, fault: Fault): Promise<void> {
  const at = milliseconds(due)
  switch (fault) {
    case 'own':
      return endLease(store, task, { due: at, why, faults: task.faults + 1 })
    case 'outage':
      return endLease(store, task, { due: at, why, faults: 0, deaths: 0 })
    case 'none':
      // A knock that came during the turn makes it due at once, as after a turn that ended well.
      return endLease(store, task, {
        due: sql<number>`case when due < ${at} then due else ${at} end`,
        why,
        tries: task.tries,
        faults: 0,
        deaths: 0,
      })
    default:
      return fault satisfies never
  }
}

export function setAside(store: Store, task: Task, why: string): Promise<void> {
  const now = store.clock().getTime()
  return endLease(store, task, { due: now, why, aside_since: now })
}

/** Brings one task back, or all that were set aside, due at once and with their knocks; answers how many. */
export async function release(store: Store, key?: string): Promise<number> {
  let query = store.db
    .updateTable('tasks')
    .set({ aside_since: null, why: null, tries: 0, faults: 0, deaths: 0, due: store.clock().getTime() })
    .where('aside_since', 'is not', null)
  if (key !== undefined) query = query.where('key', '=', key)
  const { numUpdatedRows } = await query.executeTakeFirst()
  return Number(numUpdatedRows)
}
