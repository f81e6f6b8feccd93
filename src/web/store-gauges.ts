// What all processes share, read from the store at each scrape: whichever process is asked answers the same.
import { Gauge, type Registry } from 'prom-client'
import type { Ledger } from '../ledger/port.ts'

/** Where the store does not answer, only that is told. */
export function storeGauges(
  registry: Registry,
  clock: () => Date,
): (ledger: Pick<Ledger, 'backlog' | 'head'>) => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name: `andon_${name}`, help, registers: [registry] })
  const up = gauge('store_up', '1 where the store answered this scrape.')
  const head = gauge('ledger_head', 'Number of the last entry of the ledger.')
  const due = gauge('tasks_due', 'Cards and boards whose turn is due and not begun.')
  const age = gauge('tasks_oldest_due_seconds', 'For how long the oldest of them has been due.')
  const leased = gauge('tasks_leased', 'Cards and boards whose turn some process is taking.')
  const aside = gauge('tasks_aside', 'Tasks set aside after too many failures, until andon release.')
  const waiting = gauge('deliveries_waiting', 'Deliveries stored and not yet told to their cards.')
  const waitingAge = gauge('deliveries_oldest_seconds', 'For how long the oldest of them has been waiting.')
  return async (ledger) => {
    try {
      const now = clock()
      const since = (oldest: string | null) =>
        oldest === null ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest)) / 1000)
      const [backlog, last] = await Promise.all([ledger.backlog(now.toISOString()), ledger.head()])
      up.set(1)
      head.set(last.seq)
      due.set(backlog.due)
      age.set(since(backlog.oldest))
      leased.set(backlog.leased)
      aside.set(backlog.asideCount)
      waiting.set(backlog.deliveries)
      waitingAge.set(since(backlog.oldestDelivery))
    } catch {
      up.set(0)
      for (const stale of [head, due, age, leased, aside, waiting, waitingAge]) stale.remove()
    }
  }
}
