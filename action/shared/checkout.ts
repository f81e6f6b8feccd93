// Makes sure that the commit that was tested is the one that Andon asked about.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Problem } from '../../src/core/facts/problem.ts'

const REMEDY =
  'Check out the commit under test: give actions/checkout `fromJSON(inputs.andon).sha` as its `ref`. ' +
  'Where it is checked out into a folder of its own, name that as the input `checkout`.'

/**
 * Null where `folder` is a git checkout of `sha`, or holds no `.git` and `declared` says that `sha` was tested.
 * A checkout is believed before a declaration; where there is neither, nothing is known and so nothing is handed in.
 */
export async function checkTestedCommit(sha: string, folder: string, declared: string): Promise<Problem | null> {
  if (declared && declared !== sha) {
    return {
      message: `The input \`sha\` says that ${short(declared)} was tested, but Andon asked for ${short(sha)}.`,
      remedy: REMEDY,
    }
  }
  const git = join(folder, '.git')
  if (!existsSync(git)) {
    if (declared) return null
    const message =
      'Nothing tells which commit was tested: the checkout folder has no .git, and the input `sha` is empty.'
    return {
      message,
      remedy: `${REMEDY} Where the files came another way, say what was tested with the input \`sha\`.`,
    }
  }
  const head = await readHead(git)
  if (head === sha) return null
  const found = head === null ? 'its HEAD could not be read' : `${short(head)} is checked out`
  return { message: `Andon asked for ${short(sha)}, but ${found}.`, remedy: REMEDY }
}

async function readHead(git: string): Promise<string | null> {
  try {
    // `--git-dir`: of this folder and no parent, and whoever owns it. `rev-parse` runs no hooks.
    const { stdout } = await promisify(execFile)('git', ['--git-dir', git, 'rev-parse', '--verify', 'HEAD^{commit}'], {
      timeout: 30_000,
      env: { ...process.env, GIT_DIR: undefined, GIT_WORK_TREE: undefined },
    })
    return stdout.trim()
  } catch {
    return null
  }
}

function short(sha: string): string {
  return /^[0-9a-f]{40,64}$/.test(sha) ? sha.slice(0, 12) : 'something that is no full commit id'
}
