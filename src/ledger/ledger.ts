// Opens the ledger on the store that the settings name, and puts its parts together.
import { account } from './accounts.ts'
import { createAppend } from './append.ts'
import { cards, streamOfRequest } from './cards.ts'
import { document } from './documents.ts'
import { createRing } from './fairness.ts'
import { happened } from './happened.ts'
import { createIntake } from './intake.ts'
import { expectTables, migrate } from './migrations.ts'
import { entriesOfMoves, moves } from './moves.ts'
import { attempting, done, handle, handles, keepHandle, pending } from './orders.ts'
import type { Ledger } from './port.ts'
import { openPostgres } from './postgres.ts'
import { entries, entry, head, read } from './record.ts'
import { search } from './search.ts'
import { openSqlite } from './sqlite.ts'
import type { Store } from './store.ts'
import { type StoreProblem, storeProblem } from './store-problem.ts'
import { claim, finish, postpone, release, renew, setAside, wake } from './tasks.ts'
import { backlog, ping, prune } from './upkeep.ts'

/**
 * `databaseUrl` wins over `folder`. `patience`: milliseconds to wait for a lock that another process holds. `lost` is told,
 * each time it is found, that this process can never work with the store again.
 */
export type LedgerSettings = {
  databaseUrl?: string | undefined
  folder?: string
  clock: () => Date
  patience?: number
  lost?: (problem: StoreProblem) => void
}

const PATIENCE_MS = 5_000

/** Opens the store, brings its tables up to date and makes sure that it can be written. Throws a StoreProblem. */
export async function openLedger({
  databaseUrl,
  folder = './.andon',
  clock,
  patience = PATIENCE_MS,
  lost,
}: LedgerSettings): Promise<Ledger> {
  const store = databaseUrl ? openPostgres(databaseUrl, clock, patience) : openSqlite(folder, clock, patience)
  const ledger = createLedger(store, lost)
  try {
    await ledger.open()
  } catch (error) {
    await ledger.close()
    throw error
  }
  return ledger
}

/** What of the ledger only reads. */
export type Reader = Pick<
  Ledger,
  | 'read'
  | 'entry'
  | 'entries'
  | 'head'
  | 'search'
  | 'moves'
  | 'entriesOfMoves'
  | 'document'
  | 'cards'
  | 'happened'
  | 'close'
>

/** Opens a store that is there, and leaves it as it is: nothing is created, migrated or written. Throws a StoreProblem. */
export async function openReader({
  databaseUrl,
  folder = './.andon',
  clock,
  patience = PATIENCE_MS,
}: LedgerSettings): Promise<Reader> {
  const store = databaseUrl ? openPostgres(databaseUrl, clock, patience) : openSqlite(folder, clock, patience, true)
  try {
    await expectTables(store)
  } catch (error) {
    await store.db.destroy()
    throw error
  }
  return createLedger(store)
}

/** What an operator does to a store by hand. */
export type Upkeep = Pick<Ledger, 'backlog' | 'release' | 'close'>

/** Opens a store that is there to mend its tasks; nothing is created or migrated. Throws a StoreProblem. */
export async function openUpkeep(settings: LedgerSettings): Promise<Upkeep> {
  const { databaseUrl, folder = './.andon', clock, patience = PATIENCE_MS } = settings
  await (await openReader(settings)).close()
  return createLedger(databaseUrl ? openPostgres(databaseUrl, clock, patience) : openSqlite(folder, clock, patience))
}

function createLedger(store: Store, lost: LedgerSettings['lost'] = () => {}): Ledger {
  const ring = createRing()
  /** A part's function bound to the store; what the database answers is told in our words. */
  const bind =
    <Arguments extends unknown[], Answer>(work: (store: Store, ...args: Arguments) => Promise<Answer>) =>
    (...args: Arguments): Promise<Answer> =>
      work(store, ...args).catch(tell)
  const tell = (error: unknown): never => {
    const problem = storeProblem(error, store.place)
    if (problem?.final) lost(problem)
    throw problem ?? error
  }
  const { accept, deliveries, routed } = createIntake(store)
  const append = createAppend(store)

  return {
    open: bind(async () => {
      await migrate(store)
      await ping(store)
    }),
    close: () => store.db.destroy(),
    ping: bind(ping),
    read: bind(read),
    append: bind((_, ...args: Parameters<Ledger['append']>) => append(...args)),
    entry: bind(entry),
    async *entries(from) {
      try {
        yield* entries(store, from)
      } catch (error) {
        tell(error)
      }
    },
    head: bind(head),
    search: bind(search),
    moves: bind(moves),
    entriesOfMoves: bind(entriesOfMoves),
    document: bind(document),
    happened: bind(happened),
    cards: bind(cards),
    streamOfRequest: bind(streamOfRequest),
    pending: bind(pending),
    attempting: bind(attempting),
    done: bind(done),
    handle: bind(handle),
    handles: bind(handles),
    keepHandle: bind(keepHandle),
    accept: bind((_, delivery) => accept(delivery)),
    deliveries: bind((_, limit) => deliveries(limit)),
    routed: bind((_, guids, wakes) => routed(guids, wakes)),
    wake: bind(wake),
    claim: bind((_, now, seconds) => claim(store, ring, now, seconds)),
    renew: bind(renew),
    finish: bind(finish),
    postpone: bind(postpone),
    setAside: bind(setAside),
    release: bind(release),
    prune: bind(prune),
    account: bind(account),
    backlog: bind(backlog),
  }
}
