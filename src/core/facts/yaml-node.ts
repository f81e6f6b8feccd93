// Turns a YAML tree into plain data, noting what has no place in a file of settings.
import { isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar } from 'yaml'
import type { Problem } from './problem.ts'
import type { Path, Place } from './yaml.ts'

const MOST_PROBLEMS = 50

export class YamlReader {
  readonly problems: Problem[] = []
  readonly #at: (offset: number) => Place
  readonly #asTyped: ReadonlySet<string>

  constructor(at: (offset: number) => Place, asTyped: ReadonlySet<string>) {
    this.#at = at
    this.#asTyped = asTyped
  }

  add(problem: Problem, offset: number): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ ...problem, ...this.#at(offset) })
  }

  /** The plain value of a node that stands under `key`. The tree is known to be shallow. */
  read(node: ParsedNode | null, key: string): unknown {
    if (node === null) return null
    if (isAlias(node)) {
      this.add(
        {
          message: `\`*${node.source}\` repeats another part of the file.`,
          remedy: 'Write it out: aliases are not allowed.',
        },
        node.range[0],
      )
      return null
    }
    if (node.anchor !== undefined)
      this.add({ message: `\`&${node.anchor}\` is an anchor.`, remedy: 'Anchors are not allowed.' }, node.range[0])
    if (node.tag !== undefined)
      this.add(
        { message: `\`${node.tag}\` is a tag.`, remedy: 'Tags are not allowed; write text in quotes.' },
        node.range[0],
      )
    if (isMap(node)) return this.#map(node)
    if (isSeq(node)) return node.items.map((item) => this.read(item as ParsedNode, key))
    return this.#scalar(node, key)
  }

  #map(node: ParsedNode & { items: { key: ParsedNode | null; value: ParsedNode | null }[] }): Record<string, unknown> {
    const found: Record<string, unknown> = {}
    for (const pair of node.items) {
      const offset = pair.key?.range[0] ?? node.range[0]
      const name = keyOf(pair.key)
      if (name === null) this.add({ message: 'A key must be a plain word or text.' }, offset)
      else if (name === '__proto__') this.add({ message: '`__proto__` cannot be a key.' }, offset)
      else if (Object.hasOwn(found, name))
        this.add({ message: `\`${name}\` stands here twice.`, remedy: 'Keep one of them.' }, offset)
      else found[name] = this.read(pair.value, name)
    }
    return found
  }

  #scalar(node: Scalar.Parsed, key: string): unknown {
    const { value, source } = node
    if (typeof value === 'string') {
      if (!value.isWellFormed())
        this.add({ message: 'This text holds half a character (a lone surrogate).' }, node.range[0])
      return value
    }
    if (value !== null && this.#asTyped.has(key)) return source
    if (
      typeof value === 'number' &&
      !(Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)))
    ) {
      this.add(
        { message: `${source} is not a number that can be kept exactly.`, remedy: 'Write it in quotes if it is text.' },
        node.range[0],
      )
    }
    return value
  }
}

/** Keys that YAML reads as numbers, truth values or null are the words that were typed. */
function keyOf(node: unknown): string | null {
  if (!isScalar(node) || node.anchor !== undefined || node.tag !== undefined) return null
  return typeof node.value === 'string' ? node.value : (node.source ?? null)
}

/** Where a path's key or value begins; where the path ends early, the last thing on the way that is there. */
export function offsetOf(root: ParsedNode | null, path: Path, what: 'key' | 'value'): number {
  let node = root
  let offset = root?.range[0] ?? 0
  for (const step of path) {
    if (isSeq(node) && typeof step === 'number') {
      node = (node.items[step] as ParsedNode | undefined) ?? null
      offset = node?.range[0] ?? offset
    } else if (isMap(node)) {
      const pair = node.items.find((item) => keyOf(item.key) === String(step)) as
        | { key: ParsedNode; value: ParsedNode | null }
        | undefined
      // A single entry may stand where a list of them is meant.
      if (pair === undefined && step === 0) continue
      if (pair === undefined) return offset
      offset = pair.key.range[0]
      node = pair.value
    } else return offset
  }
  return what === 'value' && node !== null ? node.range[0] : offset
}
