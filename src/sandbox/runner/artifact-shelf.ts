// The artifacts of one run while it runs: names are taken once, bytes are kept with their digest.
import { createHash } from 'node:crypto'
import type { KeptArtifact } from './host.ts'

export type Shelved = { id: number; artifact: KeptArtifact; at: Date }

export type Keeper = { keep(artifact: KeptArtifact): number; remove(id: number): void }

/** Characters that GitHub forbids in an artifact's name. */
const FORBIDDEN = /["*:<>?|\\/\r\n]/

export class ArtifactShelf {
  readonly #keeper: Keeper
  readonly #shelved = new Map<string, Shelved>()

  constructor(keeper: Keeper) {
    this.#keeper = keeper
  }

  /** Why the name cannot be used; null where it can. */
  refusal(name: string): string | null {
    if (name === '' || FORBIDDEN.test(name)) return `The artifact name is not valid: ${name}`
    if (this.#shelved.has(name)) return 'an artifact with this name already exists on the workflow run'
    return null
  }

  /** Keeps the bytes; the caller has asked for `refusal` before. */
  put(given: { name: string; bytes: Uint8Array; zipped: boolean; contentType: string }): Shelved {
    const artifact = { ...given, digest: digestOf(given.bytes) }
    const shelved = { id: this.#keeper.keep(artifact), artifact, at: new Date() }
    this.#shelved.set(given.name, shelved)
    return shelved
  }

  find(name: string): Shelved | null {
    return this.#shelved.get(name) ?? null
  }

  remove(name: string): Shelved | null {
    const found = this.#shelved.get(name)
    if (!found) return null
    this.#shelved.delete(name)
    this.#keeper.remove(found.id)
    return found
  }

  all(): Shelved[] {
    return [...this.#shelved.values()]
  }
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
