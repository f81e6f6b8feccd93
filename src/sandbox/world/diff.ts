// What changed between two sets of files: names, counts of lines, and a patch.
import { commitsBetween, type Files, filesAt, type GitStore } from './git.ts'
import type { Pull } from './thread.ts'

export type FileChange = {
  sha: string
  filename: string
  status: 'added' | 'removed' | 'modified' | 'renamed'
  previous_filename?: string
  additions: number
  deletions: number
  changes: number
  patch?: string
}

/** What a pull request changes, compared with where its branch began, not with what its base has become since. */
export function changedFiles({ repository: { git }, base, head }: Pull): FileChange[] {
  const [first] = commitsBetween(git, base.sha, head.sha)
  return changesOf(git, filesAt(git, first?.parents[0] ?? base.sha), filesAt(git, head.sha))
}

/** A file that went away and came back whole under another name is renamed; GitHub finds alike ones too. */
function changesOf(git: GitStore, before: Files, after: Files): FileChange[] {
  const changes = singleChanges(git, before, after)
  const removed = changes.filter((change) => change.status === 'removed')
  const found = new Set<FileChange>()
  const renamed = changes.map((change): FileChange => {
    const old = change.status === 'added' && removed.find((one) => one.sha === change.sha && !found.has(one))
    if (!old) return change
    found.add(old)
    const { sha, filename } = change
    return { sha, filename, status: 'renamed', additions: 0, deletions: 0, changes: 0, previous_filename: old.filename }
  })
  return renamed.filter((change) => !found.has(change))
}

function singleChanges(git: GitStore, before: Files, after: Files): FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.flatMap((filename) => {
    const [old, now] = [before.get(filename), after.get(filename)]
    if (old === now) return []
    const [removed, added] = uncommon(linesOf(git, old), linesOf(git, now))
    const patch = [...removed.map((line) => `-${line}`), ...added.map((line) => `+${line}`)].join('\n')
    return [
      {
        sha: now ?? old ?? '',
        filename,
        status: old === undefined ? 'added' : now === undefined ? 'removed' : 'modified',
        additions: added.length,
        deletions: removed.length,
        changes: added.length + removed.length,
        ...(patch && { patch: `@@ -1,${removed.length} +1,${added.length} @@\n${patch}` }),
      } satisfies FileChange,
    ]
  })
}

function linesOf(git: GitStore, sha: string | undefined): string[] {
  const blob = sha === undefined ? undefined : git.get(sha)
  if (blob?.type !== 'blob') return []
  const text = Buffer.from(blob.bytes).toString('utf8')
  // Binary files have no lines to count.
  return text.includes('\0') || text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** Without the lines that both begin and end with: rougher than git's, and the same for a change in one place. */
function uncommon(before: string[], after: string[]): [string[], string[]] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  const most = Math.min(before.length, after.length) - start
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1
  return [before.slice(start, before.length - end), after.slice(start, after.length - end)]
}
