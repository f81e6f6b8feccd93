// Counts and remembers what was asked of the sandbox, for tests and benchmarks.

/** `kind` `token` is the exchange of an app's key for an installation token. `status` 0: no answer was given. */
export type LoggedRequest = {
  id: string
  at: string
  kind: 'rest' | 'graphql' | 'storage'
  method: string
  path: string
  /** Of GraphQL: the name of the operation, where it has one. */
  operation: string | null
  status: number
  tokenFetch: boolean
  /** `app:<id>`, `installation:<id>`, `person:<login>`, `job:<run>` or `nobody`. */
  caller: string
  ms: number
}

export type RequestLog = ReturnType<typeof startRequestLog>

export function startRequestLog(keep = 100_000) {
  let entries: LoggedRequest[] = []
  let counted = 0
  return {
    add(entry: LoggedRequest): void {
      counted += 1
      entries.push(entry)
      // Cut by halves, so that a long run stays flat and an entry costs little.
      if (entries.length > 2 * keep) entries = entries.slice(-keep)
    },
    /** Requests since the last `reset`, in the order in which they were answered. */
    list: (filter: Partial<LoggedRequest> = {}): LoggedRequest[] =>
      entries.filter((entry) =>
        Object.entries(filter).every(([key, value]) => entry[key as keyof LoggedRequest] === value),
      ),
    /** All requests to the API, token fetches and storage aside: what the request budget counts. */
    count: (): number => entries.filter((entry) => !entry.tokenFetch && entry.kind !== 'storage').length,
    total: (): number => counted,
    reset(): void {
      entries = []
      counted = 0
    },
  }
}
