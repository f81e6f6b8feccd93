// GitHub's rate limits: the hour's budget of each caller, and the secondary limits on too much at once.

export type LimitSettings = {
  /** Primary, an hour: REST requests; GraphQL points. */
  restHour: number
  graphqlHour: number
  /** REST requests an hour of a run's GITHUB_TOKEN, and of callers without a token. */
  jobHour: number
  nobodyHour: number
  /** Secondary: REST and GraphQL together; points a minute (reads 1, writes 5); requests that make content. */
  concurrent: number
  restMinute: number
  graphqlMinute: number
  contentMinute: number
  contentHour: number
}

export const githubLimits: LimitSettings = {
  restHour: 5000,
  graphqlHour: 5000,
  jobHour: 1000,
  nobodyHour: 60,
  concurrent: 100,
  restMinute: 900,
  graphqlMinute: 2000,
  contentMinute: 80,
  contentHour: 500,
}

/** For benchmarks that measure something else. */
export const noLimits = Object.fromEntries(
  Object.keys(githubLimits).map((name) => [name, Number.MAX_SAFE_INTEGER]),
) as LimitSettings

export type Resource = 'core' | 'graphql'
export type Standing = { limit: number; remaining: number; used: number; reset: number; resource: Resource }

/** `retryAfter` in seconds. */
export type Refused = { limit: 'primary' } | { limit: 'secondary'; retryAfter: number }

export type Limits = ReturnType<typeof startLimits>

type Account = {
  used: number
  windowStart: number
  running: number
  points: Record<Resource, Sliding>
  contentMinute: Sliding
  contentHour: Sliding
}

const minute = 60_000
const hour = 60 * minute

/** `now` in milliseconds. */
export function startLimits(settings: LimitSettings, now: () => number) {
  const accounts = new Map<string, Account>()

  function account(caller: string): Account {
    let found = accounts.get(caller)
    if (!found) {
      found = {
        used: 0,
        windowStart: now(),
        running: 0,
        points: { core: startSliding(minute), graphql: startSliding(minute) },
        contentMinute: startSliding(minute),
        contentHour: startSliding(hour),
      }
      accounts.set(caller, found)
    }
    if (now() - found.windowStart >= hour) {
      found.windowStart = now()
      found.used = 0
    }
    return found
  }

  /** A workflow's own token has a smaller budget, and whoever comes without any token next to none. */
  const allowed = (caller: string): number =>
    caller.startsWith('job:')
      ? Math.min(settings.jobHour, settings.restHour)
      : caller === 'nobody'
        ? settings.nobodyHour
        : settings.restHour

  return {
    settings,

    /** How the caller stands with its REST requests, as the `x-ratelimit-*` headers say it; `reset` in seconds since 1970. */
    standing(caller: string): Standing {
      const { used, windowStart } = account(caller)
      const limit = allowed(caller)
      const spent = Math.min(used, limit)
      const reset = Math.ceil((windowStart + hour) / 1000)
      return { limit, used: spent, remaining: limit - spent, reset, resource: 'core' }
    },

    /** Lets a request in, or says which limit it breaks. Whoever is let in must `leave`. */
    enter(caller: string, request: { resource: Resource; points: number; content: boolean }): Refused | null {
      const mine = account(caller)
      const at = now()
      const pointsAllowed = request.resource === 'core' ? settings.restMinute : settings.graphqlMinute
      if (request.resource === 'core' && mine.used >= allowed(caller)) return { limit: 'primary' }
      if (
        mine.running >= settings.concurrent ||
        mine.points[request.resource].sum(at) + request.points > pointsAllowed ||
        (request.content && mine.contentMinute.sum(at) >= settings.contentMinute)
      ) {
        return { limit: 'secondary', retryAfter: 60 }
      }
      if (request.content && mine.contentHour.sum(at) >= settings.contentHour) {
        return { limit: 'secondary', retryAfter: mine.contentHour.secondsUntilLess(at) }
      }
      mine.running += 1
      mine.points[request.resource].add(at, request.points)
      if (request.content) {
        mine.contentMinute.add(at, 1)
        mine.contentHour.add(at, 1)
      }
      if (request.resource === 'core') mine.used += 1
      return null
    },

    /** An answer 304 costs nothing of the hour's budget. */
    giveBack(caller: string): void {
      const mine = account(caller)
      mine.used = Math.max(0, mine.used - 1)
    },

    leave(caller: string): void {
      account(caller).running -= 1
    },

    /** Spends the hour's REST requests at once. */
    exhaust(caller: string): void {
      account(caller).used = allowed(caller)
    },
  }
}

type Sliding = ReturnType<typeof startSliding>

/** A sum over the last `span` milliseconds, kept by the second. */
function startSliding(span: number) {
  let entries: { at: number; points: number }[] = []
  const trim = (at: number): void => {
    let gone = 0
    while (gone < entries.length && (entries[gone]?.at ?? 0) <= at - span) gone += 1
    if (gone > 0) entries = entries.slice(gone)
  }
  return {
    add(at: number, points: number): void {
      const second = at - (at % 1000)
      const last = entries.at(-1)
      if (last?.at === second) last.points += points
      else entries.push({ at: second, points })
    },
    sum(at: number): number {
      trim(at)
      return entries.reduce((sum, entry) => sum + entry.points, 0)
    },
    secondsUntilLess(at: number): number {
      trim(at)
      return Math.max(1, Math.ceil(((entries[0]?.at ?? at) + span - at) / 1000))
    },
  }
}
