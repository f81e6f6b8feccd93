// Reads one policy file as far as it can be read alone: its YAML, its form, and the place of every key in it.
import type { Problem } from '../facts/problem.ts'
import { readShape } from '../facts/shape.ts'
import { type Path, readYaml } from '../facts/yaml.ts'
import { policyFileSchema } from './schema.ts'

/**
 * A policy's text and where it is from; `repository` may be empty for a file that is in none. `unread`: why the text is
 * not the whole of it; it is then no policy, whatever it says.
 */
export type PolicySource = { repository: string; path: string; text: string; unread?: Problem }

/** `raw` is null where the text is no YAML of keys and values; `place` then knows nothing. */
export type ReadFile = {
  source: PolicySource
  raw: Record<string, unknown> | null
  problems: Problem[]
  place(path: Path, what: 'key' | 'value'): Problem
}

const LIMITS = { bytes: 1024 * 1024, depth: 20 }

export function readPolicyFile(source: PolicySource): ReadFile {
  const file = source.repository === '' ? source.path : `${source.repository}/${source.path}`
  const inFile = (problem: Problem): Problem => ({ ...problem, file })
  const unread = (problems: Problem[]): ReadFile => ({
    source,
    raw: null,
    problems: problems.map(inFile),
    place: () => inFile({ message: '' }),
  })
  if (source.unread) return unread([{ ...source.unread, line: 1, column: 1 }])
  const read = readYaml(source.text, LIMITS)
  if (!read.ok) return unread(read.problems)
  const { value, place } = read.value
  if (value === null)
    return unread([{ message: 'The policy is empty.', remedy: 'It begins with `version: 1`.', line: 1, column: 1 }])
  if (typeof value !== 'object' || Array.isArray(value)) {
    return unread([{ message: 'A policy is keys and values.', remedy: 'It begins with `version: 1`.', ...place([]) }])
  }
  const shaped = readShape(policyFileSchema, value, place)
  const problems = shaped.ok ? [] : shaped.problems.map(inFile)
  return {
    source,
    raw: value as Record<string, unknown>,
    problems,
    place: (path, what) => inFile({ message: '', path: path.join('.'), ...place(path, what) }),
  }
}
