// The built-in `actions/checkout`: writes the files of a commit into the workspace.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { writeGitFolder } from './git-folder.ts'
import type { JobState, StepOutcome } from './job-state.ts'
import { inside } from './uses.ts'

/** Takes `ref` (default: the run's commit), `repository` and `path`. Always shallow, and without credentials to fetch more. */
export function checkout(job: JobState, inputs: Record<string, string>): StepOutcome {
  const { workspace } = job.folders
  const repository = inputs.repository || job.order.repository
  const own = repository.toLowerCase() === job.order.repository.toLowerCase()
  const ref = inputs.ref || (own ? job.order.sha : 'HEAD')
  const target = resolve(workspace, inputs.path ?? '')
  if (!inside(workspace, target)) return fail(job, `Repository path '${target}' is not under '${workspace}'`)
  const commit = job.host.commit(job.order, repository, ref)
  if (!commit)
    return fail(job, `A branch or tag with the name '${ref}' could not be found in ${repository}, nor such a commit.`)
  mkdirSync(target, { recursive: true })
  for (const name of readdirSync(target)) rmSync(join(target, name), { recursive: true, force: true })
  for (const [path, file] of commit.files) {
    const place = join(target, path)
    if (!inside(target, place) || /(^|\/)\.git(\/|$)/i.test(path))
      return fail(job, `The commit holds a path that leads out of the workspace: ${path}`)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, file.bytes)
    if (file.executable) chmodSync(place, 0o755)
  }
  writeGitFolder(target, repository, job.host.urls.server, commit)
  if (job.options.nodeModules) linkPackages(job.options.nodeModules, join(target, 'node_modules'))
  job.log.line(`${commit.files.size} files of ${repository} at ${commit.sha}`)
  return { result: 'success', outputs: { ref, commit: commit.sha } }
}

// A link for each package and not one for the folder: `npm ci` empties `node_modules` first, and through a link to
// the folder it would empty the packages of this machine.
function linkPackages(source: string, target: string): void {
  if (existsSync(target)) return
  mkdirSync(target)
  for (const name of readdirSync(source)) {
    if (name.startsWith('.') && name !== '.bin') continue
    const names =
      name.startsWith('@') || name === '.bin'
        ? readdirSync(join(source, name)).map((inner) => join(name, inner))
        : [name]
    if (names.length > 0 && names[0] !== name) mkdirSync(join(target, name))
    for (const one of names) symlinkSync(join(source, one), join(target, one))
  }
}

function fail(job: JobState, message: string): StepOutcome {
  job.log.error(message)
  return { result: 'failure', outputs: {} }
}
