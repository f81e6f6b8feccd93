// Turns drafts into the next entries of the chain.
import type { Event } from '../core/facts/event.ts'
import { entryHash } from './digest.ts'
import type { Draft, Entry } from './port.ts'

/** What the first entry names as the one before it. */
export const GENESIS = '0'.repeat(64)

export type Head = { seq: number; hash: string }

/** The entries that follow `head` when these drafts, already storable, are appended to a stream that stands at `version`. */
export function chainEntries(head: Head, stream: string, version: number, drafts: Draft[]): Entry[] {
  let { seq, hash } = head
  return drafts.map((draft, index) => {
    seq += 1
    const entry = {
      seq,
      id: draft.id,
      stream,
      version: version + index + 1,
      event: draft.event,
      previous: hash,
    }
    hash = entryHash(entry)
    return { ...entry, hash }
  })
}

/**
 * A text as both databases can hold it: PostgreSQL takes no NUL, and UTF-8 no half of a surrogate pair. People may
 * write either (titles, labels, names in a policy); each becomes U+FFFD.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}

/**
 * The event as it will be read back: plain JSON, without lone surrogates. A number that JSON cannot hold is a bug of
 * ours and throws, because it would turn into `null` without a word.
 */
export function storable(event: Event): Event {
  const text = JSON.stringify(event, (_, value) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError(`An event cannot hold ${value}.`)
    return value
  })
  return JSON.parse(text.replace(/\\(?:u[0-9a-f]{4}|.)/g, (code) => (/^\\ud[89a-f]/.test(code) ? '\\ufffd' : code)))
}
