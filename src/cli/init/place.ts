// Writes files into a folder: what is there is kept unless it may be overwritten, and nothing is written outside.
import { lstat, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { PresetFile } from '../../presets.ts'

/** `kept`: another file is there, and was left alone. */
export type Placed = { path: string; outcome: 'written' | 'overwritten' | 'same' | 'kept' }

/** One sentence that says why it could not be written. */
export class Unwritable extends Error {}

export async function place(
  cwd: string,
  folder: string,
  files: PresetFile[],
  how: { force: boolean; dryRun: boolean },
): Promise<Placed[]> {
  const root = resolve(cwd, folder)
  if (!(await isFolder(root))) throw new Unwritable(`There is no folder ${folder}.`)
  const placed: Placed[] = []
  // All is looked at before anything is written.
  for (const file of files) placed.push({ path: file.path, outcome: await outcomeFor(root, file, how.force) })
  if (how.dryRun) return placed
  for (const [at, { path, text }] of files.entries()) {
    const outcome = placed[at]?.outcome
    if (outcome === 'written' || outcome === 'overwritten') await write(root, path, text, outcome)
  }
  return placed
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

async function outcomeFor(root: string, { path, text }: PresetFile, force: boolean): Promise<Placed['outcome']> {
  try {
    if ((await readFile(join(root, path), 'utf8')) === text) return 'same'
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'written'
    throw new Unwritable(`${path} cannot be read (${codeOf(error)}).`)
  }
  return force ? 'overwritten' : 'kept'
}

async function write(root: string, path: string, text: string, outcome: 'written' | 'overwritten'): Promise<void> {
  const file = join(root, path)
  try {
    // A repository may hold links that lead elsewhere: none is followed out of it.
    if (relative(await realpath(root), await realpath(await nearestOf(file))).startsWith('..'))
      throw new Unwritable(`${path} is behind a link that leads out of the folder.`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: outcome === 'written' ? 'wx' : 'w' })
  } catch (error) {
    if (error instanceof Unwritable) throw error
    throw new Unwritable(`${path} cannot be written (${codeOf(error)}).`)
  }
}

/** The file, or the first folder above it that is there. */
async function nearestOf(path: string): Promise<string> {
  const there = await lstat(path).then(
    () => true,
    () => false,
  )
  return there ? path : nearestOf(dirname(path))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
