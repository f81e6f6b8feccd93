// The change under test, resolved: its manifest with a digest for every part, and one digest for the whole.
import { isRecord } from './shape.ts'

/** One part of a manifest. `digest` is null while it is not resolved; `key` is as in `prompts[0]`. */
export type Part = {
  key: string
  section: string
  name: string | null
  path: string | null
  digest: string | null
}

/**
 * `digest` is the change's identity: sha256 over the canonical JSON of the manifest, its parts' digests and the
 * commit. Approvals, evidence and waivers are bound to it. `kind` is the manifest's own word for its kind.
 */
export type Change = {
  digest: string
  repository: string
  sha: string
  kind: string | null
  manifest: Record<string, unknown>
  parts: Part[]
}

/** Where the change is meant to run, as its author declares it; null and empty where that is not said. */
export function environmentOf(change: Change | null): { environment: string | null; regions: string[] } {
  const { environment } = change?.manifest ?? {}
  if (!isRecord(environment)) return { environment: null, regions: [] }
  const regions = Array.isArray(environment.regions) ? environment.regions : []
  return {
    environment: typeof environment.name === 'string' ? environment.name : null,
    regions: [...new Set(regions.filter((region) => typeof region === 'string'))],
  }
}
