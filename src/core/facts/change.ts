// The change under test, resolved: its manifest with a digest for every part, and one digest for the whole.

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
