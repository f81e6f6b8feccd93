// The organization's file and the repository's as one, knowing of every key which file it is from.

import type { Problem } from '../facts/problem.ts'
import { isRecord } from '../facts/shape.ts'
import type { Path } from '../facts/yaml.ts'
import type { ReadFile } from './policy-file.ts'

/** `problem` puts words to a place; where the path is in neither file, to the top of the one nearer to the card. */
export type Merged = {
  raw: Record<string, unknown>
  problem(path: Path, said: Problem, what?: 'key' | 'value'): Problem
}

/** Sections that are merged by name; the others are the repository's as a whole where it has them. */
const BY_NAME = ['changes', 'risk', 'agents', 'gates', 'workflows']

export function mergeFiles(organization: ReadFile | null, repository: ReadFile | null): Merged {
  const over = repository?.raw ?? {}
  const under = organization?.raw ?? {}
  const raw: Record<string, unknown> = { ...under, ...over }
  for (const section of BY_NAME) merge(raw, section, under, over)
  merge(raw, 'labels', under, over)
  if (isRecord(raw.labels)) {
    const labels = { ...raw.labels }
    merge(labels, 'move', asRecord(under.labels), asRecord(over.labels))
    raw.labels = labels
  }
  return {
    raw,
    problem(path, said, what = 'key') {
      const named = path.slice(0, decisive(path))
      const file =
        repository && (organization === null || has(over, named) || !has(under, named)) ? repository : organization
      return { ...file?.place(path, what), ...said }
    },
  }
}

function merge(
  into: Record<string, unknown>,
  key: string,
  under: Record<string, unknown>,
  over: Record<string, unknown>,
): void {
  const [lower, upper] = [under[key], over[key]]
  if (isRecord(lower) && isRecord(upper)) into[key] = { ...lower, ...upper }
}

/** How many steps of a path tell which file it is from. */
function decisive(path: Path): number {
  if (path[0] === 'labels') return path[1] === 'move' ? 3 : 2
  return BY_NAME.includes(String(path[0])) ? 2 : 1
}

function has(raw: Record<string, unknown>, path: Path): boolean {
  let at: unknown = raw
  for (const step of path) {
    if (!isRecord(at) || !Object.hasOwn(at, step)) return false
    at = at[step]
  }
  return true
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
