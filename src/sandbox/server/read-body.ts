// Reads a request's body, up to the size that GitHub takes.
import type { IncomingMessage } from 'node:http'

const largest = 25 * 1024 * 1024

/** Null: the body is larger than GitHub takes; the rest of it was not read. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > largest) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}
