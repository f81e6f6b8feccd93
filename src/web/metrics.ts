// Numbers for Prometheus: counts of what went through the ledger, and what waits in it. No names of people or boards.
import { Hono } from 'hono'
import { Counter, Gauge, Registry } from 'prom-client'
import type { Event } from '../core/facts/event.ts'
import { REASONS } from '../core/facts/reason.ts'
import { VERDICTS, worst } from '../core/facts/verdict.ts'
import type { Ledger } from '../ledger/port.ts'

export type Metrics = {
  /** The ledger, counting what is appended to it and what is delivered. Give this one to the loop. */
  watch(ledger: Ledger): Ledger
  routes(ledger: Ledger): Hono
}

/** `clock` tells the age of what waits. */
export function createMetrics(clock: () => Date): Metrics {
  const registry = new Registry()
  const shared = { registers: [registry] }
  const decisions = new Counter({
    ...shared,
    name: 'andon_decisions_total',
    help: 'Moves decided by this process, by verdict: pass is granted, the others refused.',
    labelNames: ['verdict'],
  })
  const judgements = new Counter({
    ...shared,
    name: 'andon_gate_judgements_total',
    help: 'Answers of gates recorded by this process, by verdict.',
    labelNames: ['verdict'],
  })
  const deliveries = new Counter({
    ...shared,
    name: 'andon_deliveries_total',
    help: 'Webhook deliveries accepted by this process: new ones, and those that had come before.',
    labelNames: ['seen'],
  })
  // Zeros from the start, so that a rate over the first of a kind is right.
  for (const verdict of VERDICTS) {
    judgements.inc({ verdict }, 0)
    if (verdict !== 'wait') decisions.inc({ verdict }, 0)
  }
  for (const seen of ['new', 'before']) deliveries.inc({ seen }, 0)

  const count = (event: Event) => {
    if (event.kind === 'gate-judged') judgements.inc({ verdict: event.judgement.verdict })
    if (event.kind === 'move-granted') decisions.inc({ verdict: 'pass' })
    if (event.kind === 'move-refused') decisions.inc({ verdict: verdictOfRefusal(event) })
  }
  return {
    watch: (ledger) => ({
      ...ledger,
      async append(...args) {
        const appended = await ledger.append(...args)
        if (appended.ok) for (const { event } of appended.entries) count(event)
        return appended
      },
      async accept(delivery) {
        const isNew = await ledger.accept(delivery)
        deliveries.inc({ seen: isNew ? 'new' : 'before' })
        return isNew
      },
    }),
    routes: (ledger) => {
      const readStore = storeGauges(ledger, registry, clock)
      return new Hono().get('/metrics', async (context) => {
        await readStore()
        return context.body(await registry.metrics(), 200, { 'content-type': registry.contentType })
      })
    },
  }
}

function verdictOfRefusal({ reasons }: Extract<Event, { kind: 'move-refused' }>) {
  const verdict = worst(reasons.map(({ reason }) => (Object.hasOwn(REASONS, reason) ? REASONS[reason] : 'fail')))
  return verdict === 'pass' || verdict === 'wait' ? 'fail' : verdict
}

/** What all processes share is read at each scrape; where the store does not answer, only that is told. */
function storeGauges(ledger: Ledger, registry: Registry, clock: () => Date): () => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name: `andon_${name}`, help, registers: [registry] })
  const up = gauge('store_up', '1 where the store answered this scrape.')
  const head = gauge('ledger_head', 'Number of the last entry of the ledger.')
  const due = gauge('tasks_due', 'Cards and boards whose turn is due and not begun.')
  const age = gauge('tasks_oldest_due_seconds', 'For how long the oldest of them has been due.')
  const leased = gauge('tasks_leased', 'Cards and boards whose turn some process is taking.')
  const aside = gauge('tasks_aside', 'Tasks set aside after too many failures (at most 100 are counted).')
  const waiting = gauge('deliveries_waiting', 'Deliveries stored and not yet told to their cards.')
  return async () => {
    try {
      const now = clock()
      const [backlog, last] = await Promise.all([ledger.backlog(now.toISOString()), ledger.head()])
      up.set(1)
      head.set(last.seq)
      due.set(backlog.due)
      age.set(backlog.oldest === null ? 0 : Math.max(0, (now.getTime() - Date.parse(backlog.oldest)) / 1000))
      leased.set(backlog.leased)
      aside.set(backlog.aside.length)
      waiting.set(backlog.deliveries)
    } catch {
      up.set(0)
      for (const stale of [head, due, age, leased, aside, waiting]) stale.reset()
    }
  }
}
