// What this process did since it started: to be summed over all processes. Most of it is seen as it passes to the ledger.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Event } from '../core/facts/event.ts'
import { REASONS } from '../core/facts/reason.ts'
import { VERDICTS, worst } from '../core/facts/verdict.ts'
import type { Ledger, Task } from '../ledger/port.ts'

export type ProcessCounts = {
  watch(ledger: Ledger): Ledger
  /** A delivery that was refused at the door. */
  refused(): void
  /** An answer of GitHub's; `status` 0 where none came. */
  heard(heard: {
    installation: number | null
    kind: string
    status: number
    remaining: { lane: string; left: number } | null
  }): void
  swept(swept: { result: 'read' | 'failed' | 'absent'; cards: number; woken: number }): void
}

/** GitHub knows some seventy events; a signed delivery may still name anything. */
const MOST_EVENTS = 100
/** From what nobody notices to what somebody complains about. */
const SECONDS = [0.5, 1, 2, 5, 10, 30, 60, 300, 900]

export function processCounts(registry: Registry, clock: () => Date): ProcessCounts {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `andon_${name}`, help: `${help} Of this process.`, labelNames, registers })
  const decisions = counter(
    'decisions_total',
    'Moves decided, by verdict: pass is granted, the others refused.',
    'verdict',
  )
  const judgements = counter('gate_judgements_total', 'Answers of gates recorded, by verdict.', 'verdict')
  const deliveries = counter(
    'deliveries_total',
    'Webhook deliveries: accepted, repeated (had come before), refused (unsigned or malformed), failed (not stored).',
    'event',
    'outcome',
  )
  const requests = counter(
    'github_requests_total',
    'Answers of GitHub, by kind (rest, graphql) and HTTP status; status none where no answer came.',
    'kind',
    'status',
  )
  const sweeps = counter(
    'sweeps_total',
    'Sweeps of all boards of an organization: read, failed (in part or whole), absent (the app is not installed).',
    'result',
  )
  const sweptCards = counter(
    'swept_cards_total',
    'Cards met on them: read, and woken because they stood elsewhere.',
    'result',
  )
  const budget = new Gauge({
    name: 'andon_github_budget_remaining',
    help: 'What GitHub said last is left of the hour, by installation and budget (core is REST). Of this process.',
    labelNames: ['installation', 'budget'],
    registers,
  })
  const toVerdict = new Histogram({
    name: 'andon_webhook_to_verdict_seconds',
    help: 'From the delivery that made a move decidable to the record of its verdict. Of this process.',
    buckets: SECONDS,
    registers,
  })
  // Zeros from the start, so that a rate over the first of a kind is right.
  for (const verdict of VERDICTS) {
    judgements.inc({ verdict }, 0)
    if (verdict !== 'wait') decisions.inc({ verdict }, 0)
  }
  for (const result of ['read', 'failed', 'absent']) sweeps.inc({ result }, 0)
  for (const result of ['read', 'woken']) sweptCards.inc({ result }, 0)

  const known = new Set<string>()
  const eventLabel = (event: string) => {
    if (known.size < MOST_EVENTS) known.add(event)
    return known.has(event) ? event : 'other'
  }
  /** When the first delivery came in that a card's present turn answers. */
  const rung = new Map<string, number>()
  const count = (stream: string, event: Event) => {
    if (event.kind === 'gate-judged') judgements.inc({ verdict: event.judgement.verdict })
    if (event.kind !== 'move-granted' && event.kind !== 'move-refused') return
    decisions.inc({ verdict: event.kind === 'move-granted' ? 'pass' : verdictOfRefusal(event) })
    const since = rung.get(stream)
    if (since !== undefined) toVerdict.observe(Math.max(0, (clock().getTime() - since) / 1000))
  }
  const ends = <Rest extends unknown[]>(end: (task: Task, ...rest: Rest) => Promise<void>) => {
    return (task: Task, ...rest: Rest) => {
      rung.delete(task.key)
      return end(task, ...rest)
    }
  }
  return {
    refused: () => deliveries.inc({ event: 'unverified', outcome: 'refused' }),
    heard({ installation, kind, status, remaining }) {
      requests.inc({ kind, status: status === 0 ? 'none' : String(status) })
      if (installation === null || remaining === null) return
      budget.set({ installation: String(installation), budget: remaining.lane }, remaining.left)
    },
    swept({ result, cards, woken }) {
      sweeps.inc({ result })
      sweptCards.inc({ result: 'read' }, cards)
      sweptCards.inc({ result: 'woken' }, woken)
    },
    watch: (ledger) => ({
      ...ledger,
      async append(stream, ...rest) {
        const appended = await ledger.append(stream, ...rest)
        if (appended.ok) for (const { event } of appended.entries) count(stream, event)
        return appended
      },
      async accept(delivery) {
        const event = eventLabel(delivery.event)
        try {
          const isNew = await ledger.accept(delivery)
          deliveries.inc({ event, outcome: isNew ? 'accepted' : 'repeated' })
          return isNew
        } catch (error) {
          deliveries.inc({ event, outcome: 'failed' })
          throw error
        }
      },
      async claim(...args) {
        const task = await ledger.claim(...args)
        if (task) {
          const times = task.knocks
            .map(({ text }) => Date.parse(JSON.parse(text).receivedAt ?? ''))
            .filter(Number.isFinite)
          if (times.length > 0) rung.set(task.key, Math.min(...times))
        }
        return task
      },
      finish: ends(ledger.finish),
      postpone: ends(ledger.postpone),
      setAside: ends(ledger.setAside),
    }),
  }
}

function verdictOfRefusal({ reasons }: Extract<Event, { kind: 'move-refused' }>) {
  const verdict = worst(reasons.map(({ reason }) => (Object.hasOwn(REASONS, reason) ? REASONS[reason] : 'fail')))
  return verdict === 'pass' || verdict === 'wait' ? 'fail' : verdict
}
