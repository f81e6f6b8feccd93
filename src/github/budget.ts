// The governor of one installation: who may call GitHub now, within GitHub's limits, and who goes first.
import { type Allowances, createAllowances, keepHere, type Want, type Wish } from './allowances.ts'
import { GitHubProblem } from './github-problem.ts'

/** Verdicts and the card's return go before reads, and those before what only looks nicer. */
export type Urgency = 'verdict' | 'read' | 'cosmetic'
const ORDER: Urgency[] = ['verdict', 'read', 'cosmetic']

/** `points` by GitHub's scale (GET and query 1, write and mutation 5); `content`: comments, checks and dispatches made. */
export type Cost = { lane: 'core' | 'graphql'; points: number; content: number; urgency: Urgency }

/** Milliseconds since 1970. */
export type Clock = { now(): number; sleep(milliseconds: number): Promise<void> }

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
}

/** How much one installation may do, over all processes. */
export type Limits = {
  /** Calls under way. */
  atOnce: number
  /** Points a minute. */
  points: { core: number; graphql: number }
  contentPerMinute: number
  contentPerHour: number
}

/** GitHub's documented secondary limits. */
export const GITHUB_LIMITS: Limits = {
  atOnce: 100,
  points: { core: 900, graphql: 2_000 },
  contentPerMinute: 80,
  contentPerHour: 500,
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** The part of the contents that cosmetics may use up; the rest is kept for verdicts and returns. */
const COSMETIC_SHARE = 0.8

export type Budget = {
  /** Runs the call when its turn comes; throws a `GitHubProblem` at once where that is further off than the patience. */
  run<T>(cost: Cost, call: () => Promise<T>): Promise<T>
  /** Learns from the headers of an answer. */
  observe(headers: Record<string, unknown>): void
  /** Learns from a refusal: nothing is sent until its time is over. */
  refused(problem: GitHubProblem, lane: Cost['lane']): void
  /** Learns that a call went through. */
  went(): void
}

type Waiting = { cost: Cost; start: () => void; refuse: (problem: unknown) => void }

/** `patience`: the longest a call waits here, in milliseconds; who must wait longer is told so, and comes back. */
export function createBudget(
  options: { clock?: Clock; allowances?: Allowances; patience?: number; limits?: Limits } = {},
): Budget {
  const { clock = SYSTEM_CLOCK, patience = 10_000, limits = GITHUB_LIMITS } = options
  const allowances = options.allowances ?? createAllowances(keepHere(clock.now))
  let waiting: Waiting[] = []
  let running = 0
  let serving = false
  let again = false
  let strikes = 0
  let closing: Promise<void> = Promise.resolve()

  async function serve(): Promise<void> {
    again = true
    if (serving) return
    serving = true
    while (again) {
      again = false
      if (waiting.length > 0) await serveOnce()
    }
    serving = false
  }

  async function serveOnce(): Promise<void> {
    const asked = waiting.toSorted((a, b) => rankOf(a.cost) - rankOf(b.cost))
    const leave = (one: Waiting) => {
      waiting = waiting.filter((each) => each !== one)
    }
    await closing
    const asking = { running, atOnce: limits.atOnce, patience }
    const wishes = asked.map(({ cost }) => wishOf(cost, limits))
    const waits = await allowances.take(asking, wishes).catch((error: unknown) => {
      // Where the account cannot be seen, nobody knows what may still be spent: nothing is sent.
      for (const one of asked) {
        leave(one)
        one.refuse(error)
      }
      return []
    })
    let soonest = Number.POSITIVE_INFINITY
    for (const [index, wait] of waits.entries()) {
      const one = asked[index] as Waiting
      if (wait > 0 && wait <= patience) soonest = Math.min(soonest, wait)
      else leave(one)
      if (wait === 0) {
        running++
        one.start()
      } else if (wait > patience) one.refuse(tooFar(Math.ceil(wait / 1000)))
    }
    if (soonest !== Number.POSITIVE_INFINITY) void clock.sleep(soonest).then(serve)
  }

  /** Told to all before the next call is asked for; where it cannot be told, GitHub will refuse that call too. */
  function close(lane: string, milliseconds: number): void {
    closing = closing.then(() => allowances.close(lane, milliseconds)).catch(() => undefined)
  }

  return {
    run(cost, call) {
      return new Promise((resolve, reject) => {
        const start = () => {
          call()
            .then(resolve, reject)
            .finally(() => {
              const wasFull = running >= limits.atOnce
              running--
              if (wasFull) void serve()
            })
        }
        waiting.push({ cost, start, refuse: reject })
        void serve()
      })
    },
    observe(headers) {
      if (String(headers['x-ratelimit-remaining']) !== '0') return
      const reset = Number(headers['x-ratelimit-reset'])
      const lane = String(headers['x-ratelimit-resource'] ?? 'core')
      const there = Date.parse(String(headers.date ?? ''))
      // Both by GitHub's clock where it says the time.
      const wait = (reset + 1) * 1000 - (Number.isNaN(there) ? clock.now() : there)
      if (Number.isFinite(wait)) close(lane, Math.max(1_000, wait))
    },
    refused(problem, lane) {
      if (problem.kind === 'rate-limit') {
        close(lane, (problem.retryAfter ?? 60) * 1000)
      } else if (problem.kind === 'secondary-limit') {
        // GitHub asks for a minute at least where it names no time, and for longer each time.
        const wait = problem.retryAfter ?? Math.min(900, 60 * 2 ** strikes)
        strikes++
        close('all', wait * 1000)
      }
    },
    went() {
      strikes = 0
    },
  }
}

function rankOf(cost: Cost): number {
  return ORDER.indexOf(cost.urgency)
}

function wishOf(cost: Cost, limits: Limits): Wish {
  const points = { name: cost.lane, amount: cost.points, limit: limits.points[cost.lane], window: MINUTE }
  const share = cost.urgency === 'cosmetic' ? COSMETIC_SHARE : 1
  const content = { name: 'content', amount: cost.content }
  const contents: Want[] = [
    { ...content, limit: Math.floor(limits.contentPerMinute * share), window: MINUTE },
    { ...content, limit: Math.floor(limits.contentPerHour * share), window: HOUR },
  ]
  return {
    lanes: ['all', cost.lane],
    wants: cost.content === 0 ? [points] : [points, ...contents],
    rank: rankOf(cost),
  }
}

function tooFar(seconds: number): GitHubProblem {
  return new GitHubProblem('rate-limit', `GitHub's rate limit is reached: the next call may go in ${seconds} s.`, {
    retryAfter: seconds,
  })
}
