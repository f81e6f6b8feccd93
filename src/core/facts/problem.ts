// What is wrong with something people wrote: said all at once, each with its place and its remedy.

/** `line` and `column` count from 1; `path` is the key's way down, as in `gates.offline-eval.metrics.accuracy.min`. */
export type Problem = { message: string; remedy?: string; path?: string; line?: number; column?: number }

/** A value, or everything that is wrong with it. */
export type Checked<T> = { ok: true; value: T } | { ok: false; problems: Problem[] }

/** "line 12, column 5: …" in one sentence with the remedy. */
export function sentence(problem: Problem): string {
  const place = problem.line === undefined ? '' : `line ${problem.line}, column ${problem.column ?? 1}: `
  return `${place}${problem.message}${problem.remedy ? ` ${problem.remedy}` : ''}`
}
