// Opens a zip file from an untrusted hand: entries by its directory, and never more bytes out than allowed.
import { promisify } from 'node:util'
import { inflateRaw } from 'node:zlib'

const inflate = promisify(inflateRaw)

export type ZipEntry = { name: string; method: number; packed: Uint8Array }

const END = 0x06054b50
const DIRECTORY = 0x02014b50
const LOCAL = 0x04034b50
const MOST_ENTRIES = 10_000

export function looksZipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)
}

/**
 * The files in it, still packed; null where it is no sound zip. Sizes come from the directory at the end, because a
 * zip written as a stream (as GitHub's upload does) has none in front of its files.
 */
export function zipEntries(bytes: Uint8Array): ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    let end = bytes.length - 22
    const lowest = Math.max(0, end - 65_535)
    while (end >= lowest && view.getUint32(end, true) !== END) end--
    if (end < lowest || end < 0) return null
    const total = view.getUint16(end + 10, true)
    let at = view.getUint32(end + 16, true)
    if (total > MOST_ENTRIES) return null
    const found: ZipEntry[] = []
    for (let n = 0; n < total; n++) {
      if (view.getUint32(at, true) !== DIRECTORY) return null
      const encrypted = (view.getUint16(at + 8, true) & 1) === 1
      const method = view.getUint16(at + 10, true)
      const size = view.getUint32(at + 20, true)
      const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true)) as [
        number,
        number,
        number,
      ]
      const local = view.getUint32(at + 42, true)
      if (encrypted || view.getUint32(local, true) !== LOCAL) return null
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
      if (start + size > bytes.length) return null
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
      found.push({ name, method, packed: bytes.subarray(start, start + size) })
      at += 46 + nameLength + extra + comment
    }
    return found
  } catch {
    // Offsets that point out of the file.
    return null
  }
}

/** The file's bytes; `too-large` as soon as they pass the limit, whatever size the zip claims. */
export async function unpack(entry: ZipEntry, limit: number): Promise<Uint8Array | 'too-large' | 'malformed'> {
  if (entry.method === 0) return entry.packed.length > limit ? 'too-large' : entry.packed
  if (entry.method !== 8) return 'malformed'
  try {
    return await inflate(entry.packed, { maxOutputLength: limit })
  } catch (error) {
    return (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'malformed'
  }
}
