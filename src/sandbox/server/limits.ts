// GitHub's rate limits: the hour's budget of each caller, and the secondary limits on too much at once.

export type LimitSettings = {
  /** Primary, an hour: REST requests; GraphQL points. */
  restHour: number
  graphqlHour: number
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
  concurrent: 100,
  restMinute: 900,
  graphqlMinute: 2000,
  contentMinute: 80,
  contentHour: 500,
}

export type Resource = 'core' | 'graphql'
export type Standing = { limit: number; remaining: number; used: number; reset: number; resource: Resource }

/** For benchmarks that measure something else. */
export const noLimits: LimitSettings = {
  restHour: Number.MAX_SAFE_INTEGER,
  graphqlHour: Number.MAX_SAFE_INTEGER,
  concurrent: Number.MAX_SAFE_INTEGER,
  restMinute: Number.MAX_SAFE_INTEGER,
  graphqlMinute: Number.MAX_SAFE_INTEGER,
  contentMinute: Number.MAX_SAFE_INTEGER,
  contentHour: Number.MAX_SAFE_INTEGER,
}

/** `retryAfter` in seconds. */
export type Refused = { limit: 'primary' } | { limit: 'secondary'; retryAfter: number }

export type Limits = ReturnType<typeof startLimits>

type Account = {
  used: Record<Resource, number>
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
        used: { core: 0, graphql: 0 },
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
      found.used = { core: 0, graphql: 0 }
    }
    return found
  }

  const allowed = (resource: Resource): number => (resource === 'core' ? settings.restHour : settings.graphqlHour)

  return {
    /** How the caller stands, as the `x-ratelimit-*` headers say it; `reset` in seconds since 1970. */
    standing(caller: string, resource: Resource): Standing {
      const { used, windowStart } = account(caller)
      const limit = allowed(resource)
      const spent = Math.min(used[resource], limit)
      return { limit, used: spent, remaining: limit - spent, reset: Math.ceil((windowStart + hour) / 1000), resource }
    },

    /** Lets a request in, or says which limit it breaks. Whoever is let in must `leave`. */
    enter(caller: string, request: { resource: Resource; points: number; content: boolean }): Refused | null {
      const mine = account(caller)
      const at = now()
      const pointsAllowed = request.resource === 'core' ? settings.restMinute : settings.graphqlMinute
      if (mine.used[request.resource] >= allowed(request.resource)) return { limit: 'primary' }
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
      if (request.resource === 'core') mine.used.core += 1
      return null
    },

    /** The cost of a GraphQL query is known only once it is read. */
    charge(caller: string, points: number): void {
      account(caller).used.graphql += points
    },

    /** An answer 304 costs nothing of the hour's budget. */
    giveBack(caller: string): void {
      const { used } = account(caller)
      used.core = Math.max(0, used.core - 1)
    },

    leave(caller: string): void {
      account(caller).running -= 1
    },

    /** Spends a whole budget at once, until its hour is over. */
    exhaust(caller: string, resource: Resource): void {
      account(caller).used[resource] = allowed(resource)
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
