// Tells whoever runs Andon that it is alive, and whether it is ready to take work.
import { Hono } from 'hono'
import type { Ledger } from '../ledger/port.ts'
import { StoreProblem } from '../ledger/store-problem.ts'

/** `stopping`: true once SIGTERM came, so that nobody sends more work here. */
export type HealthOptions = { stopping?: (() => boolean) | undefined }

type Readiness = { ready: boolean; store: string; migrations: 'done' | 'unknown'; why?: string }

/** Each check writes to the store; whoever asks more often than this gets the last answer. */
const FRESH_MS = 1_000

/**
 * `/healthz`: the process answers. `/readyz`: the store can be written and its tables are there. Asked by probes from
 * anywhere, so no address of the store is told: the log has it.
 */
export function health(ledger: Pick<Ledger, 'ping'>, { stopping = () => false }: HealthOptions = {}): Hono {
  let last: { at: number; answer: Promise<Readiness> } | null = null
  const readiness = () => {
    const now = performance.now()
    if (last === null || now - last.at >= FRESH_MS) last = { at: now, answer: ask(ledger) }
    return last.answer
  }
  return new Hono()
    .get('/healthz', (context) => context.json({ alive: true }))
    .get('/readyz', async (context) => {
      const answer: Readiness = stopping()
        ? { ready: false, store: 'closing', migrations: 'done', why: 'Andon is stopping.' }
        : await readiness()
      return context.json(answer, answer.ready ? 200 : 503)
    })
}

async function ask(ledger: Pick<Ledger, 'ping'>): Promise<Readiness> {
  try {
    await ledger.ping()
    return { ready: true, store: 'reachable', migrations: 'done' }
  } catch (error) {
    const store = error instanceof StoreProblem ? error.fault : 'failing'
    return {
      ready: false,
      store,
      migrations: 'unknown',
      why: 'The store cannot do its work; the log of Andon says which and why.',
    }
  }
}
