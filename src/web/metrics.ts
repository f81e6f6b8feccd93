// Numbers for Prometheus: what this process did, and what all processes share. No names of people or boards.
import { Hono } from 'hono'
import { Registry } from 'prom-client'
import type { Ledger } from '../ledger/port.ts'
import { type ProcessCounts, processCounts } from './process-counts.ts'
import { storeGauges } from './store-gauges.ts'

export type Metrics = Omit<ProcessCounts, 'watch'> & {
  /** The ledger, counting what goes through it. Give this one to the loop and to the intake. */
  watch(ledger: Ledger): Ledger
  routes(ledger: Ledger): Hono
}

/** `clock` tells the age of what waits. */
export function createMetrics(clock: () => Date): Metrics {
  const registry = new Registry()
  const readStore = storeGauges(registry, clock)
  return {
    ...processCounts(registry, clock),
    routes: (ledger) =>
      new Hono().get('/metrics', async (context) => {
        await readStore(ledger)
        return context.body(await registry.metrics(), 200, { 'content-type': registry.contentType })
      }),
  }
}
