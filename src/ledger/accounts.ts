// Small accounts that all processes share: each is one row, changed by one process at a time, by one clock.
import { sql, type Transaction } from 'kysely'
import { type Store, soonTogether } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Changes an account in one short transaction. `change` gets what stands there (null the first time) and the time in
 * milliseconds since 1970 by the clock that all processes share: PostgreSQL's, or this machine's for the embedded store.
 */
export function account(
  store: Store,
  name: string,
  change: (text: string | null, now: number) => string,
): Promise<void> {
  return soonTogether(store, async (tx) => {
    const found = (await lock(tx, store, name)) ?? (await make(tx, store, name))
    const now = found.time ?? store.clock().getTime()
    const text = change(found.account === '' ? null : found.account, now)
    await tx.updateTable('allowances').set({ account: text, changed_at: now }).where('name', '=', name).execute()
  })
}

type Found = { account: string; time: number | null }

function lock(tx: Transaction<Tables>, { dialect }: Store, name: string): Promise<Found | undefined> {
  return tx
    .selectFrom('allowances')
    .select('account')
    .select(dialect.time.as('time'))
    .where('name', '=', name)
    .modifyEnd(dialect.locked)
    .executeTakeFirst()
}

async function make(tx: Transaction<Tables>, store: Store, name: string): Promise<Found> {
  await sql`insert into allowances (name, account, changed_at) values (${name}, '', 0) on conflict (name) do nothing`.execute(
    tx,
  )
  const found = await lock(tx, store, name)
  if (!found) throw new Error('An account that was just made is not there.')
  return found
}
