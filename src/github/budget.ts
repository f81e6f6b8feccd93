// The governor of one installation: who may call GitHub now, within GitHub's limits, and who goes first.
import { type Allowances, createAllowances, type Want } from './allowances.ts'
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

/** GitHub's documented secondary limits, for one installation. */
const LIMITS = {
  atOnce: 100,
  points: { core: 900, graphql: 2_000 },
  contentPerMinute: 80,
  contentPerHour: 500,
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

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

type Waiting = { cost: Cost; start: () => void; refuse: (problem: GitHubProblem) => void }

/** `patience`: the longest a call waits here, in milliseconds; who must wait longer is told so, and comes back. */
export function createBudget(
  options: { clock?: Clock; allowances?: Allowances; patience?: number; atOnce?: number } = {},
): Budget {
  const { clock = SYSTEM_CLOCK, allowances = createAllowances(), patience = 10_000, atOnce = LIMITS.atOnce } = options
  let waiting: Waiting[] = []
  let running = 0
  let serving = false
  let again = false
  let strikes = 0

  async function serve(): Promise<void> {
    again = true
    if (serving) return
    serving = true
    while (again) {
      again = false
      const denied: Cost[] = []
      let soonest = Number.POSITIVE_INFINITY
      for (const next of [...waiting].sort((a, b) => rank(a) - rank(b))) {
        if (running >= atOnce) break
        // What was refused to the more urgent is not given to the less urgent.
        if (denied.some((cost) => overlap(cost, next.cost))) continue
        const now = clock.now()
        const opens = await allowances.take(now, ['all', next.cost.lane], wantsOf(next.cost))
        if (opens === 0) {
          waiting = waiting.filter((each) => each !== next)
          running++
          next.start()
        } else if (opens - now > patience) {
          waiting = waiting.filter((each) => each !== next)
          next.refuse(tooFar(Math.ceil((opens - now) / 1000)))
        } else {
          denied.push(next.cost)
          soonest = Math.min(soonest, opens - now)
        }
      }
      if (soonest !== Number.POSITIVE_INFINITY) void clock.sleep(soonest).then(serve)
    }
    serving = false
  }

  return {
    run(cost, call) {
      return new Promise((resolve, reject) => {
        const start = () => {
          call()
            .then(resolve, reject)
            .finally(() => {
              running--
              void serve()
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
      if (Number.isFinite(reset)) void allowances.close(lane, (reset + 1) * 1000)
    },
    refused(problem, lane) {
      if (problem.kind === 'rate-limit') {
        void allowances.close(lane, clock.now() + (problem.retryAfter ?? 60) * 1000)
      } else if (problem.kind === 'secondary-limit') {
        // GitHub asks for a minute at least where it names no time, and for longer each time.
        const wait = problem.retryAfter ?? Math.min(900, 60 * 2 ** strikes)
        strikes++
        void allowances.close('all', clock.now() + wait * 1000)
      }
    },
    went() {
      strikes = 0
    },
  }
}

function rank(waiting: Waiting): number {
  return ORDER.indexOf(waiting.cost.urgency)
}

function overlap(a: Cost, b: Cost): boolean {
  return a.content > 0 ? b.content > 0 : a.lane === b.lane
}

function wantsOf(cost: Cost): Want[] {
  const points = { name: cost.lane, amount: cost.points, limit: LIMITS.points[cost.lane], window: MINUTE }
  if (cost.content === 0) return [points]
  const content = { name: 'content', amount: cost.content }
  return [
    points,
    { ...content, limit: LIMITS.contentPerMinute, window: MINUTE },
    { ...content, limit: LIMITS.contentPerHour, window: HOUR },
  ]
}

function tooFar(seconds: number): GitHubProblem {
  return new GitHubProblem('rate-limit', `GitHub's rate limit is reached: the next call may go in ${seconds} s.`, {
    retryAfter: seconds,
  })
}
