// What is wrong with something people wrote: said all at once, each with its place and its remedy.

/**
 * `line` and `column` count from 1; `path` is the key's way down, as in `gates.offline-eval.metrics.accuracy.min`;
 * `file` where several files were read together.
 */
export type Problem = { message: string; remedy?: string; path?: string; file?: string; line?: number; column?: number }

/** A value, or everything that is wrong with it. `warnings` do not make it wrong, and are worth reading. */
export type Checked<T> =
  | { ok: true; value: T; warnings?: Problem[] }
  | { ok: false; problems: Problem[]; warnings?: Problem[] }

/** "file, line 12, column 5: …" in one sentence with the remedy. */
export function sentence(problem: Problem): string {
  const line = problem.line === undefined ? [] : [`line ${problem.line}, column ${problem.column ?? 1}`]
  const place = [...(problem.file === undefined ? [] : [problem.file]), ...line].join(', ')
  return `${place ? `${place}: ` : ''}${problem.message}${problem.remedy ? ` ${problem.remedy}` : ''}`
}
