// What a failure tells the loop: whether it passes by itself, when to come back, and its words for the log.

type Failure = { transient?: boolean; retryAfter?: number | null; kind?: string; errors?: unknown[] }

/** True where the same work may succeed later without a change of ours. A failure of several passes if one of them does. */
export function isTransient(error: unknown): boolean {
  const { transient, errors } = failureOf(error)
  return transient === true || (errors?.some(isTransient) ?? false)
}

/** True where no answer came: nobody knows whether GitHub has done what it was asked. */
export function isLost(error: unknown): boolean {
  return failureOf(error).kind === 'unavailable'
}

/** Seconds that the failure itself asks us to wait; null where it names no time. */
export function waitAsked(error: unknown): number | null {
  const { retryAfter, errors = [] } = failureOf(error)
  return retryAfter ?? errors.map(waitAsked).find((wait) => wait !== null) ?? null
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function failureOf(error: unknown): Failure {
  return error instanceof Error ? (error as Failure) : {}
}
