// The small grammar of the input `metrics`: lines `name = source`, which give a measured number a name of your own.
import type { Checked, Problem } from '../../src/core/facts/problem.ts'

/** `name` as in the policy's criteria; `source` as `metrics.ts` offers it. */
export type Mapping = { name: string; source: string }

/** Reads all lines; blank ones and those that start with # say nothing. All problems at once, with their line. */
export function readMapping(lines: string[]): Checked<Mapping[]> {
  const mapping: Mapping[] = []
  const problems: Problem[] = []
  lines.forEach((line, index) => {
    if (line.trim() === '' || line.trim().startsWith('#')) return
    const at = line.indexOf('=')
    const name = line.slice(0, Math.max(at, 0)).trim()
    const source = line.slice(at + 1).trim()
    const place = { line: index + 1, column: 1 }
    if (at < 0 || name === '' || source === '') {
      const message = 'the input `metrics` has a line that is not `name = source`.'
      problems.push({ ...place, message, remedy: 'Write for example `quality = score:helpfulness`.' })
    } else if (name.length > 128 || name === '__proto__' || /\p{Cc}/u.test(name)) {
      const message = 'the input `metrics` has a name that is too long or not allowed.'
      problems.push({ ...place, message, remedy: 'A name has at most 128 characters.' })
    } else if (mapping.some((other) => other.name === name)) {
      const message = 'the input `metrics` names the same metric twice.'
      problems.push({ ...place, message, remedy: 'Keep one of the two lines.' })
    } else mapping.push({ name, source })
  })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: mapping }
}
