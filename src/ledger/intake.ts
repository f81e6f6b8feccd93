// Deliveries: taken in durably, each once, claimed to be told to their cards, and then forgotten but for their GUID.
import { storableText } from './entry.ts'
import { groupCalls } from './group.ts'
import type { Delivery, Wake } from './port.ts'
import { inChunks, isoTime, milliseconds, type Store, soonTogether } from './store.ts'
import { isDeadlock } from './store-problem.ts'
import { wakeAll } from './tasks.ts'

/** How long a process has for what it claimed, before another may claim it too. Telling a card twice does no harm. */
const LEASE_MS = 60_000
/** A batch's bodies in characters, and what a delivery weighs beside its body: some 500 small ones fit. */
const CAPACITY = 16_000_000
const WEIGHT = 32_000
/** Long ago. As wide as a lease that is taken, so that SQLite can write it in place, and not the body behind it again. */
const NEVER = 2 ** 40

/** Each takes PostgreSQL a second to find out, and GitHub waits ten for an answer. */
const MOST_TRIES = 5

const NOTHING = Buffer.alloc(0)

/** The one that a deadlock ended begins again; the other may be at its next batch by then, and end it once more. */
async function givingWay<T>(insert: () => Promise<T>, tries = MOST_TRIES): Promise<T> {
  return insert().catch((error: unknown) => {
    if (!isDeadlock(error) || tries === 1) throw error
    return givingWay(insert, tries - 1)
  })
}

export function createIntake(store: Store) {
  const { clock } = store

  /** One statement, so one commit and one flush, for all; true for the first of each GUID. */
  const accept = groupCalls(
    async (batch: Delivery[]) => {
      const rows = batch.map(({ guid, event, body, receivedAt }) => ({
        guid,
        event,
        body: Buffer.from(body, 'utf8'),
        received_at: milliseconds(receivedAt),
        leased_until: NEVER,
        routed_at: null,
      }))
      const insert = () =>
        store.soon((db) =>
          db
            .insertInto('deliveries')
            .values(rows)
            .onConflict((row) => row.column('guid').doNothing())
            .returning('guid')
            .execute(),
        )
      // Two processes that take the same ones may each wait for the other. They are told in the order in which they are
      // inserted, which is that in which they came: so it is the one that is ended that gives way.
      const stored = await givingWay(insert)
      await store.flush()
      const fresh = new Set(stored.map(({ guid }) => guid))
      return batch.map(({ guid }) => fresh.delete(storableText(guid)))
    },
    CAPACITY,
    ({ body }) => WEIGHT + body.length,
  )

  const deliveries = async (limit: number): Promise<Delivery[]> => {
    const now = clock().getTime()
    const claimed = await store.soon((db) =>
      db
        // Apart, because PostgreSQL may run a subquery that stands in the condition several times.
        .with('waiting', (query) =>
          query
            .selectFrom('deliveries')
            .select('id')
            .where('routed_at', 'is', null)
            .where('leased_until', '<=', now)
            .orderBy('id')
            .limit(limit)
            .modifyEnd(store.dialect.skipLocked),
        )
        .updateTable('deliveries')
        .set({ leased_until: now + LEASE_MS })
        .where('id', 'in', (query) => query.selectFrom('waiting').select('id'))
        .returning(['id', 'guid', 'event', 'body', 'received_at'])
        .execute(),
    )
    return claimed
      .sort((a, b) => a.id - b.id)
      .map(({ guid, event, body, received_at }) => ({
        guid,
        event,
        body: body.toString('utf8'),
        receivedAt: isoTime(received_at),
      }))
  }

  const routed = (guids: string[], wakes: Wake[] = []): Promise<void> =>
    soonTogether(store, async (tx) => {
      await wakeAll(tx, wakes)
      await inChunks(guids, (chunk) =>
        tx
          .updateTable('deliveries')
          .set({ routed_at: clock().getTime(), body: NOTHING })
          .where('guid', 'in', chunk)
          .where('routed_at', 'is', null)
          .execute(),
      )
    })

  return { accept, deliveries, routed }
}
