// The layers of a policy as one, knowing of every key which file it is from.

import type { Problem } from '../facts/problem.ts'
import { isRecord } from '../facts/shape.ts'
import type { Path } from '../facts/yaml.ts'
import type { ReadFile } from './policy-file.ts'

/** `problem` puts words to a place; where the path is in no file, to the top of the one nearest to the card. */
export type Merged = {
  raw: Record<string, unknown>
  problem(path: Path, said: Problem, what?: 'key' | 'value'): Problem
}

/** Sections that are merged by name; the others are the highest layer's that has them, as a whole. */
const BY_NAME = ['changes', 'risk', 'agents', 'gates', 'workflows']

/** `layers`: lowest first; what stands higher wins. */
export function mergeLayers(layers: ReadFile[]): Merged {
  const raws = layers.map((file) => file.raw ?? {})
  const top = layers.at(-1)
  return {
    raw: raws.reduce(over, {}),
    problem(path, said, what = 'key') {
      const named = path.slice(0, decisive(path))
      const file = layers.findLast((_, at) => has(raws[at] ?? {}, named)) ?? top
      return { ...file?.place(path, what), ...said }
    },
  }
}

/** One layer on top of those below it. */
function over(under: Record<string, unknown>, layer: Record<string, unknown>): Record<string, unknown> {
  const raw: Record<string, unknown> = { ...under, ...layer }
  for (const section of [...BY_NAME, 'labels']) merge(raw, section, under, layer)
  if (isRecord(raw.labels)) {
    const labels = { ...raw.labels }
    merge(labels, 'move', asRecord(under.labels), asRecord(layer.labels))
    raw.labels = labels
  }
  return raw
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
