// Makes the change out of a card's manifest and what GitHub knows of its parts.
import { type Card, type Commit, commitUnderTest } from '../core/facts/card.ts'
import type { Change } from '../core/facts/change.ts'
import { manifestPaths, parseManifest, resolveParts } from '../core/facts/manifest.ts'
import type { Problem } from '../core/facts/problem.ts'
import { type Facts, type Query, queryKey, unanswered } from '../core/facts/query.ts'
import type { World } from './world.ts'

export type Resolved = {
  change: Change | null
  commit: Commit | null
  problems: Problem[]
  /** What GitHub must still be asked before the change is what it is. */
  missing: Query[]
}

/** `pinned`: the commit an open move is bound to where nothing names one. */
export function resolveChange(card: Card, facts: Facts, pinned: string | null, seal: World['seal']): Resolved {
  if (card.manifest === null)
    return { change: null, commit: commitUnderTest(card, null, pinned), problems: [], missing: [] }
  const parsed = parseManifest(card.manifest)
  if (!parsed.ok)
    return { change: null, commit: commitUnderTest(card, null, pinned), problems: parsed.problems, missing: [] }
  const manifest = parsed.value
  const named = typeof manifest.commit === 'string' && /^[0-9a-f]{40}$/.test(manifest.commit) ? manifest.commit : null
  const commit = commitUnderTest(card, named, pinned)
  if (commit === null) return { change: null, commit, problems: [], missing: [] }
  const { repository, sha } = commit
  const paths = manifestPaths(manifest)
  const query: Query = { fact: 'blobs', repository, sha, paths }
  const missing = paths.length > 0 ? unanswered(query, facts) : null
  const parts = resolveParts(manifest, facts.blobs[queryKey(query)] ?? {})
  const identity = { manifest, parts: parts.map((part) => [part.key, part.digest]), sha }
  const kind = typeof manifest.kind === 'string' ? manifest.kind : null
  return {
    change: { digest: seal(identity).digest, repository, sha, kind, manifest, parts },
    commit,
    problems: [],
    missing: missing ? [missing] : [],
  }
}
