// The built-in `actions/upload-artifact`: finds the files, zips them, and keeps them as an artifact of the run.
import { globSync, lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type Zippable, zipSync } from 'fflate'
import type { JobState, StepOutcome } from './job-state.ts'

/** Takes `name`, `path`, `if-no-files-found`, `overwrite`, `include-hidden-files`, `compression-level` and `archive`. */
export function uploadArtifact(job: JobState, inputs: Record<string, string>): StepOutcome {
  const found = findFiles(job.folders.workspace, inputs.path ?? '', inputs['include-hidden-files'] === 'true')
  if (found.files.length === 0) return nothing(job, inputs)
  const bare = inputs.archive === 'false'
  if (bare && found.files.length > 1) return fail(job, 'Without an archive only a single file can be uploaded.')
  const [first = ''] = found.files
  const name = bare ? basename(first) : inputs.name || 'artifact'
  if (inputs.overwrite === 'true') job.shelf.remove(name)
  const refusal = job.shelf.refusal(name)
  if (refusal)
    return fail(
      job,
      `Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: ${refusal}`,
    )
  const bytes = bare ? readFileSync(first) : zip(found, Number(inputs['compression-level'] || 6))
  const contentType = bare ? 'application/octet-stream' : 'application/zip'
  const { id, artifact } = job.shelf.put({ name, bytes, zipped: !bare, contentType })
  const url = `${job.host.urls.server}/${job.order.repository}/actions/runs/${job.order.id}/artifacts/${id}`
  job.log.line(
    `Artifact ${name} has been successfully uploaded! Final size is ${bytes.length} bytes. Artifact ID is ${id}`,
  )
  job.log.line(`SHA256 digest of uploaded artifact is ${artifact.digest}`)
  return {
    result: 'success',
    outputs: {
      'artifact-id': String(id),
      'artifact-url': url,
      'artifact-digest': artifact.digest.replace('sha256:', ''),
    },
  }
}

type Found = { root: string; files: string[] }

/** Files by lines of paths and globs, `!` taking away; `root` is the folder that the names in the zip start from. */
function findFiles(workspace: string, lines: string, hidden: boolean): Found {
  const patterns = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const exclude = patterns.filter((line) => line.startsWith('!')).map((line) => resolve(workspace, line.slice(1)))
  const searches = patterns.filter((line) => !line.startsWith('!')).map((line) => resolve(workspace, line))
  const left = globSync(exclude)
  const isOut = (path: string) => left.some((out) => path === out || path.startsWith(out + sep))
  const isHidden = (path: string) =>
    relative(workspace, path)
      .split(sep)
      .some((part) => part.startsWith('.') && part !== '..')
  const files = searches
    .flatMap((search) => globSync(search))
    .flatMap(filesBelow)
    .filter((path) => !isOut(path) && (hidden || !isHidden(path)))
  const unique = [...new Set(files)].sort()
  const bases = searches.map(plainStart)
  const [base = workspace] = bases
  if (bases.length > 1) return { root: commonFolder(bases), files: unique }
  return { root: unique.length === 1 && unique[0] === base ? dirname(base) : base, files: unique }
}

function filesBelow(path: string): string[] {
  if (lstatSync(path).isSymbolicLink() ? statSync(path).isFile() : lstatSync(path).isFile()) return [path]
  if (!lstatSync(path).isDirectory()) return []
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)))
}

// The part of a pattern before its first wildcard.
function plainStart(pattern: string): string {
  const parts = pattern.split(sep)
  const wild = parts.findIndex((part) => /[*?[\]{}]/.test(part))
  return wild < 0 ? pattern : parts.slice(0, wild).join(sep)
}

function commonFolder(paths: string[]): string {
  const [first = [], ...others] = paths.map((path) => path.split(sep))
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part))
  return (end < 0 ? first : first.slice(0, end)).join(sep) || sep
}

function zip({ root, files }: Found, level: number): Uint8Array {
  const content: Zippable = {}
  for (const file of files) content[relative(root, file).split(sep).join('/')] = readFileSync(file)
  return zipSync(content, { level: (Number.isInteger(level) && level >= 0 && level <= 9 ? level : 6) as 6 })
}

function nothing(job: JobState, inputs: Record<string, string>): StepOutcome {
  const message = `No files were found with the provided path: ${inputs.path ?? ''}. No artifacts will be uploaded.`
  const habit = inputs['if-no-files-found'] || 'warn'
  if (habit === 'error') return fail(job, message)
  if (habit === 'warn') job.log.warning(message)
  return { result: 'success', outputs: {} }
}

function fail(job: JobState, message: string): StepOutcome {
  job.log.error(message)
  return { result: 'failure', outputs: {} }
}
