// Digests: the one way in which texts, values and entries are hashed.
import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Entry } from './port.ts'

/** SHA-256 of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** The canonical JSON of a value (RFC 8785). Throws on what JSON cannot hold: NaN, cycles, lone surrogates. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('This value has no JSON form.')
  return text
}

/** The digest of a text as documents are named by it: `sha256:` and 64 hexadecimal digits. */
export function digestOfText(text: string): string {
  return `sha256:${sha256(text)}`
}

/** The digest of a value: that of its canonical JSON. */
export function digestOf(value: unknown): string {
  return digestOfText(canonical(value))
}

/** The hash of an entry, over everything else that it holds. It names the entry before it, so it seals all of them. */
export function entryHash({ seq, id, stream, version, event, previous }: Omit<Entry, 'hash'>): string {
  return sha256(canonical({ seq, id, stream, version, event, previous }))
}
