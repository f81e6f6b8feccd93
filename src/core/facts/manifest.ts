// Finds the change's manifest in what its author wrote, parses it, and resolves its parts to digests.
import { z } from 'zod'
import type { Part } from './change.ts'
import { entriesOf, isDigest } from './manifest-part.ts'
import { blocksOf } from './markdown.ts'
import type { Checked } from './problem.ts'
import { repositoryPath } from './repository-path.ts'
import { isRecord, readShape } from './shape.ts'
import { readYaml } from './yaml.ts'

/** Where the manifest stands and its text. `line`: the first line of the text within its source, counted from 1. */
export type ManifestText = { source: 'pull-request' | 'issue' | 'file'; text: string; line: number }

const text = z.string().min(1).max(512)
const path = text.refine((written) => repositoryPath(written) !== null, {
  error: 'A path starts at the top of the repository, with `/` between its parts and no `..`.',
})
const digest = text.refine(isDigest, {
  error: 'A digest is an algorithm and its whole value in hex, as in `sha256:` and 64 digits.',
})
const partSchema = z.looseObject({
  name: text.optional(),
  version: text.optional(),
  path: path.optional(),
  digest: digest.optional(),
  uri: text.optional(),
  region: text.optional(),
})
/** A list, or a single part where the author has but one. */
const partsSchema = z.preprocess(
  (written) => (isRecord(written) ? [written] : written),
  z.array(partSchema).min(1).max(100),
)

const manifestSchema = z.looseObject({
  kind: text.optional(),
  commit: text
    .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, { error: 'A commit is its whole SHA, in small letters.' })
    .optional(),
  model: partSchema.optional(),
  prompts: partsSchema.optional(),
  datasets: partsSchema.optional(),
  guardrails: partsSchema.optional(),
  environment: z.looseObject({ name: text, regions: z.array(text).max(100).optional() }).optional(),
  rollback: z.looseObject({ to: text.optional(), runbook: path.optional() }).optional(),
})

/** The sections Andon knows; others are kept, and resolve too where they hold a `path` or a `digest`. */
export const SECTIONS = ['model', 'prompts', 'datasets', 'guardrails', 'environment', 'rollback']
export type Manifest = z.infer<typeof manifestSchema>

/** What stays the text that was typed: version 1.10 is not version 1.1. */
const AS_TYPED = new Set([
  'kind',
  'commit',
  'name',
  'version',
  'path',
  'digest',
  'uri',
  'region',
  'regions',
  'to',
  'runbook',
])
const MOST_PATHS = 100

/**
 * The first fenced block marked `andon`, or the first `yaml` block under a heading `Change`: in the body of the pull
 * request, else of the issue; else the whole of the file. Null where there is none.
 */
export function findManifest(sources: {
  pull: string | null
  issue: string | null
  file: string | null
}): ManifestText | null {
  return (
    findIn(sources.pull, 'pull-request') ??
    findIn(sources.issue, 'issue') ??
    (sources.file === null ? null : { source: 'file', text: sources.file, line: 1 })
  )
}

function findIn(body: string | null, source: ManifestText['source']): ManifestText | null {
  if (body === null) return null
  let under = 0
  for (const block of blocksOf(body)) {
    if (block.block === 'heading') {
      if (block.nested || (under > 0 && block.level > under)) continue
      under = block.text.toLowerCase() === 'change' ? block.level : 0
      continue
    }
    const language = block.info.split(/\s/)[0]?.toLowerCase()
    if (language === 'andon' || (under > 0 && (language === 'yaml' || language === 'yml')))
      return { source, text: block.text, line: block.line }
  }
  return null
}

/**
 * The manifest, or all that is wrong with it, with line and column in its source. Single parts become lists of one,
 * so that both ways to write them are the same change.
 */
export function parseManifest(found: ManifestText): Checked<Manifest> {
  const read = readYaml(found.text, { bytes: 64 * 1024, depth: 12, line: found.line, asTyped: AS_TYPED })
  if (!read.ok) return read
  const { value, place } = read.value
  if (!isRecord(value))
    return {
      ok: false,
      problems: [{ message: 'The manifest must be keys and values, as in `kind: model-version`.', ...place([]) }],
    }
  const parsed = readShape(manifestSchema, value, place)
  if (!parsed.ok) return parsed
  if (pathsOf(parsed.value).length > MOST_PATHS) {
    return {
      ok: false,
      problems: [{ message: `The manifest names more than ${MOST_PATHS} files.`, remedy: 'Name fewer.', ...place([]) }],
    }
  }
  return { ok: true, value: parsed.value }
}

/** The paths to look up at the commit under test, as Git spells them, each once; at most 100. */
export function manifestPaths(manifest: Record<string, unknown>): string[] {
  return pathsOf(manifest).slice(0, MOST_PATHS)
}

function pathsOf(manifest: Record<string, unknown>): string[] {
  return [...new Set(entriesOf(manifest).flatMap(({ path }) => (path === null ? [] : [path])))]
}

/**
 * Every part with its digest: its own, else its file's blob as `git:<id>`, else null. An environment and a rollback
 * are told, not stored: they resolve to `declared:<name>`, a rollback with a runbook to the runbook's blob.
 */
export function resolveParts(manifest: Record<string, unknown>, blobs: Record<string, string | null>): Part[] {
  return entriesOf(manifest).map(({ declared, ...part }) => {
    const blob = part.path !== null && Object.hasOwn(blobs, part.path) ? blobs[part.path] : null
    const inFile = blob ? `git:${blob}` : null
    if (part.section === 'environment') return { ...part, digest: declared }
    if (part.section === 'rollback')
      return { ...part, digest: declared === null || part.path === null ? declared : inFile }
    return { ...part, digest: declared ?? inFile }
  })
}
