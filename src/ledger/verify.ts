// Proves that a record is whole: pure, over entries from a store or from an exported file.
import { entryHash } from './digest.ts'
import { GENESIS, type Head } from './entry.ts'
import type { Entry } from './port.ts'

export type Flaw =
  /** Not an entry at all. */
  | 'form'
  /** An entry is missing, doubled or out of order. */
  | 'hole'
  /** It does not follow the entry before it. */
  | 'chain'
  /** What it holds is not what was hashed. */
  | 'hash'
  /** It is not the next one of its stream. */
  | 'version'
  /** Entries are missing at the end. */
  | 'head'

export type Verification =
  | { ok: true; entries: number; head: Head }
  /** `entries` good ones came before. `seq`: the number of the bad one as far as it is known. */
  | { ok: false; entries: number; flaw: Flaw; seq: number | null; sentence: string }

/**
 * Follows the chain from its first entry. `head`, where it is known from elsewhere, must be its end: the chain alone
 * cannot tell that its last entries were cut off. Takes entries as unknown, because a file may hold anything.
 */
export async function verifyEntries(
  entries: AsyncIterable<unknown> | Iterable<unknown>,
  head?: Head,
): Promise<Verification> {
  const versions = new Map<string, number>()
  let last: Head = { seq: 0, hash: GENESIS }
  let count = 0
  const bad = (flaw: Flaw, seq: number | null, sentence: string): Verification => ({
    ok: false,
    entries: count,
    flaw,
    seq,
    sentence,
  })

  for await (const value of entries) {
    const next = last.seq + 1
    if (!isEntry(value)) return bad('form', next, `What stands where entry ${next} should be is no entry.`)
    const { seq, id, stream, version, previous, hash } = value
    const name = `Entry ${seq} (${id})`
    if (seq !== next) return bad('hole', next, `Entry ${next} is missing: ${seq} follows ${last.seq}.`)
    if (previous !== last.hash)
      return bad('chain', seq, `${name} does not follow entry ${last.seq}: it names another hash as the one before.`)
    if (hashOf(value) !== hash) return bad('hash', seq, `${name} was changed: its content does not give its hash.`)
    const before = versions.get(stream) ?? 0
    if (version !== before + 1)
      return bad('version', seq, `${name} is version ${version} of ${stream}, which stood at ${before}.`)
    versions.set(stream, version)
    last = { seq, hash }
    count += 1
  }
  if (head && (head.seq !== last.seq || head.hash !== last.hash)) {
    return bad(
      'head',
      last.seq + 1,
      `The record ends at entry ${last.seq}, but its head is entry ${head.seq} with the hash ${head.hash}.`,
    )
  }
  return { ok: true, entries: count, head: last }
}

/** The entries of an exported file, one JSON object a line; a line that is no JSON comes out as null. */
export async function* entriesOfLines(lines: AsyncIterable<string> | Iterable<string>): AsyncGenerator<unknown> {
  for await (const line of lines) {
    if (line.trim() === '') continue
    try {
      yield JSON.parse(line)
    } catch {
      yield null
    }
  }
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false
  const { seq, id, stream, version, event, previous, hash } = value as Record<string, unknown>
  const counts = [seq, version].every((count) => Number.isSafeInteger(count))
  return (
    counts &&
    [id, stream, previous, hash].every((text) => typeof text === 'string') &&
    typeof event === 'object' &&
    event !== null
  )
}

/** Null for what was never hashed: canonical JSON refuses, for one, half a surrogate pair. */
function hashOf(entry: Entry): string | null {
  try {
    return entryHash(entry)
  } catch {
    return null
  }
}
