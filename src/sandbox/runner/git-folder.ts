// Writes the `.git` of a checkout: the one commit with its trees and files, as a shallow clone has them.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deflateSync } from 'node:zlib'
import type { Commit } from './host.ts'

/** HEAD stands on the commit itself, as after a checkout of a SHA. Does nothing where the host gives no objects. */
export function writeGitFolder(target: string, repository: string, server: string, commit: Commit): void {
  if (commit.objects.length === 0) return
  const git = join(target, '.git')
  const files: Record<string, string> = {
    HEAD: `${commit.sha}\n`,
    shallow: `${commit.sha}\n`,
    config: `[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = ${server}/${repository}\n`,
    'info/exclude': 'node_modules\n',
    'refs/heads/.keep': '',
  }
  for (const [name, text] of Object.entries(files)) write(join(git, name), text)
  for (const { sha, type, content } of commit.objects) {
    const head = Buffer.from(`${type} ${content.length}\0`)
    write(join(git, 'objects', sha.slice(0, 2), sha.slice(2)), deflateSync(Buffer.concat([head, content])))
  }
  try {
    // So that `git status` and `git diff` compare with the commit. A machine without git does without.
    execFileSync('git', ['read-tree', 'HEAD'], {
      cwd: target,
      stdio: 'ignore',
      env: { PATH: process.env.PATH ?? '', HOME: target },
    })
  } catch {
    // The folder says what was checked out all the same.
  }
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
