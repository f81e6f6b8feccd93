// Which boards and cards a policy governs, and which boards one still names though it cannot be read: those stay closed.
import { isRecord } from '../facts/shape.ts'
import { readYaml } from '../facts/yaml.ts'
import type { Policy } from './policy.ts'

const LONGEST = 1024 * 1024

/** Where a card is: its board, and the repository (`owner/name`) of its issue or pull request; null where that is not known. */
export type Whereabouts = { owner: string; board: number; repository: string | null }

/** Numbers of the boards under a policy. */
export function boardsOfPolicy({ board }: Policy): number[] {
  return [board.project, ...(board.also ?? [])]
}

/**
 * Whether these patterns take in the card; where there are none, every card. A card whose repository is not known could
 * be of any: it is taken in.
 */
export function takesIn(patterns: string[] | undefined, { owner, repository }: Whereabouts): boolean {
  if (patterns === undefined || repository === null) return true
  return patterns.some((pattern) => matcher(`${owner}/${pattern}`).test(repository))
}

function matcher(pattern: string): RegExp {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(/\*+/g, '[^/]*').replaceAll('?', '[^/]')}$`, 'i')
}

const KEY = /(?:^|[\s{,])["']?[A-Za-z][\w-]*["']?\s*:/
const ALSO = /(?:^|[\s{,])["']?also["']?\s*:/
const PROJECT = /(?:^|[\s{,])["']?project["']?\s*:\s*["']?(\d{1,9})(?!\d)/

/**
 * Numbers of the boards that a policy's text names legibly, whatever else is wrong with it: `project` and `also` under
 * `board`, in block or flow style.
 */
export function boardsNamed(text: string): number[] {
  const lines = text.slice(0, LONGEST).split(/\r\n|\n|\r/)
  const found = new Set<number>()
  let within = false
  let listing = false
  for (const line of lines) {
    const bare = line
      .slice(0, 500)
      .replace(/^\ufeff/, '')
      .replace(/(?:^|\s)#.*$/, '')
    if (/^[^\s\d\],-]/.test(bare) && bare.trim() !== '}') within = false
    const start = /(?:^|[{,])\s*["']?board["']?\s*:/.exec(bare)
    if (start) within = true
    if (start || !within) listing = false
    if (!within) continue
    const rest = start ? bare.slice(start.index + start[0].length) : bare
    const number = PROJECT.exec(rest)?.[1]
    if (number !== undefined) found.add(Number(number))
    const also = ALSO.exec(rest)
    if (also === null && !listing) continue
    const list = also ? rest.slice(also.index + also[0].length) : rest
    const end = /\]/.exec(list) ?? KEY.exec(list)
    for (const [, each] of list.slice(0, end?.index).matchAll(/(?<![\w.])(\d{1,9})(?![\w.])/g)) found.add(Number(each))
    listing = end === null
  }
  return [...found]
}

/** The patterns of repositories that a policy limits itself to, as far as its text is YAML, whatever else is wrong with it. */
export function repositoriesNamed(text: string): string[] | undefined {
  const read = readYaml(text, { bytes: LONGEST, depth: 20 })
  const root = read.ok ? read.value.value : null
  const named = isRecord(root) && isRecord(root.board) ? root.board.repositories : undefined
  const legible = Array.isArray(named) && named.length > 0 && named.every((each) => typeof each === 'string')
  return legible ? (named as string[]) : undefined
}
