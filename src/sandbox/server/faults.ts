// What the sandbox is told to do wrong: rules by chance or by count, set at run time, the same for the same seed.
import { type Random, startRandom } from './random.ts'

/** Which requests a rule is about; what is left out matches all. `path` is a part of the path, without `/api/v3`. */
export type RequestMatch = { kind?: 'rest' | 'graphql' | 'storage'; method?: string; path?: string; writes?: boolean }

/** `share` of the matching requests (default all), at most `times` of them (default no end). */
type Often = { share?: number; times?: number }

/**
 * - `latency`: every matching answer takes `ms` longer, and up to `jitter` ms more.
 * - `error`: a 5xx; `after`: the work was done all the same.
 * - `cut`: no answer, the connection breaks; `after`: the work was done all the same.
 * - `primary-limit`: the hour's budget is spent; `secondary-limit`: too much at once, come back in `retryAfter` seconds.
 */
export type RequestFault = Often & { on?: RequestMatch } & (
    | { fault: 'latency'; ms: number; jitter?: number }
    | { fault: 'error'; status?: 500 | 502 | 503 | 504; when?: 'before' | 'after' }
    | { fault: 'cut'; when?: 'before' | 'after' }
    | { fault: 'primary-limit' }
    | { fault: 'secondary-limit'; retryAfter?: number }
  )

/** `event` and `action` name the webhooks meant; `stale-from`: an item's `changes.field_value.from` is not what it was. */
export type WebhookFault = Often & { event?: string; action?: string } & (
    | { fault: 'webhook-lost' }
    | { fault: 'webhook-late'; ms: number }
    | { fault: 'webhook-doubled' }
    | { fault: 'webhook-reordered' }
    | { fault: 'webhook-stale-from' }
  )

export type Fault = RequestFault | WebhookFault
export type FaultRule = Fault & { id: number; hits: number }

export type Faults = ReturnType<typeof startFaults>

export function startFaults(seed: number) {
  let rules: FaultRule[] = []
  let random: Random = startRandom(seed)
  let nextId = 1

  /** True where the rule strikes now. A rule without a share does not use up a chance, so that adding one changes no other. */
  function strikes(rule: FaultRule): boolean {
    if (rule.times !== undefined && rule.hits >= rule.times) return false
    if (rule.share !== undefined && random() >= rule.share) return false
    rule.hits += 1
    return true
  }

  return {
    /** Adds one rule; the answer is its id. */
    add(fault: Fault): number {
      const id = nextId++
      rules.push({ ...fault, id, hits: 0 })
      return id
    },
    remove(id: number): boolean {
      const before = rules.length
      rules = rules.filter((rule) => rule.id !== id)
      return rules.length < before
    },
    clear(): void {
      rules = []
    },
    list: (): FaultRule[] => rules.map((rule) => ({ ...rule })),
    /** Starts chance anew, for the same faults again. */
    reseed(next: number): void {
      random = startRandom(next)
    },
    random: (): number => random(),
    /** All that strikes this request. */
    forRequest(request: { kind: string; method: string; path: string; writes: boolean }): RequestFault[] {
      return rules.filter(
        (rule): rule is RequestFault & FaultRule =>
          !rule.fault.startsWith('webhook-') && matches((rule as RequestFault).on ?? {}, request) && strikes(rule),
      )
    },
    /** All that strikes this webhook. */
    forWebhook(event: string, action: string | undefined): WebhookFault[] {
      return rules.filter(
        (rule): rule is WebhookFault & FaultRule =>
          rule.fault.startsWith('webhook-') &&
          [event, undefined].includes((rule as WebhookFault).event) &&
          [action, undefined].includes((rule as WebhookFault).action) &&
          strikes(rule),
      )
    },
  }
}

function matches(on: RequestMatch, request: { kind: string; method: string; path: string; writes: boolean }): boolean {
  return (
    (on.kind === undefined || on.kind === request.kind) &&
    (on.method === undefined || on.method.toUpperCase() === request.method) &&
    (on.path === undefined || request.path.includes(on.path)) &&
    (on.writes === undefined || on.writes === request.writes)
  )
}
