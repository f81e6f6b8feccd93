// Tells whoever runs Andon that it is alive, and whether it is ready to take work.
import { Hono } from 'hono'
import type { Ledger } from '../ledger/port.ts'
import { StoreProblem } from '../ledger/store-problem.ts'

/** `stopping`: true once SIGTERM came, so that nobody sends more work here. */
export type HealthOptions = {
  stopping?: (() => boolean) | undefined
  /** Seconds since a worker last asked the store for work and was answered. */
  sinceClaim?: (() => number) | undefined
}

type Readiness = {
  ready: boolean
  store: string
  migrations: 'done' | 'unknown'
  loop?: 'alive' | 'stuck'
  why?: string
}

/** Each check writes to the store; whoever asks more often than this gets the last answer. */
const FRESH_MS = 1_000
/** No worker's turn takes so long but where GitHub's limits keep it: if every worker's does, nobody works here. */
const STUCK_SECONDS = 120

/**
 * `/healthz`: the process answers. `/readyz`: the store can be written, its tables are there, and the loop takes up work.
 * Whether GitHub answers is no part of it: what comes in is kept until it does. Asked by probes from
 * anywhere, so no address of the store is told: the log has it.
 */
export function health(ledger: Pick<Ledger, 'ping'>, { stopping = () => false, sinceClaim }: HealthOptions = {}): Hono {
  let last: { at: number; answer: Promise<Readiness> } | null = null
  const readiness = () => {
    const now = performance.now()
    if (last === null || now - last.at >= FRESH_MS) last = { at: now, answer: ask(ledger, sinceClaim) }
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

async function ask(ledger: Pick<Ledger, 'ping'>, sinceClaim?: () => number): Promise<Readiness> {
  try {
    await ledger.ping()
    const store = { store: 'reachable', migrations: 'done' } as const
    if (sinceClaim === undefined) return { ready: true, ...store }
    const seconds = Math.round(sinceClaim())
    if (seconds <= STUCK_SECONDS) return { ready: true, ...store, loop: 'alive' }
    return { ready: false, ...store, loop: 'stuck', why: `No worker has taken up anything for ${seconds} s.` }
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
