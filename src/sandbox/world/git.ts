// A small git: blobs, trees and commits, content-addressed with the same ids that git itself computes.
import { createHash } from 'node:crypto'

export type Signature = { name: string; email: string; at: string }
export type Blob = { type: 'blob'; sha: string; bytes: Uint8Array }
export type TreeEntry = { mode: '100644' | '100755' | '120000' | '40000'; name: string; sha: string }
export type Tree = { type: 'tree'; sha: string; entries: TreeEntry[] }
export type Commit = {
  type: 'commit'
  sha: string
  tree: string
  parents: string[]
  author: Signature
  committer: Signature
  message: string
}
export type GitObject = Blob | Tree | Commit

/** All objects of one repository. */
export type GitStore = Map<string, GitObject>

/** Path to blob id, of a whole tree. */
export type Files = Map<string, string>

/** The id git gives to an object of that type and content. */
export function objectId(type: GitObject['type'], content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex')
}

/** Stores a blob; text is stored as UTF-8. */
export function writeBlob(store: GitStore, content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const sha = objectId('blob', bytes)
  store.set(sha, { type: 'blob', sha, bytes })
  return sha
}

/** Stores the trees of those files and answers with the root's id. */
export function writeTree(store: GitStore, files: Files): string {
  const entries: TreeEntry[] = []
  const folders = new Map<string, Files>()
  for (const [path, sha] of files) {
    const slash = path.indexOf('/')
    if (slash === -1) entries.push({ mode: '100644', name: path, sha })
    else {
      const name = path.slice(0, slash)
      const folder = folders.get(name) ?? new Map()
      folders.set(name, folder.set(path.slice(slash + 1), sha))
    }
  }
  for (const [name, folder] of folders) entries.push({ mode: '40000', name, sha: writeTree(store, folder) })
  entries.sort((a, b) => compareBytes(sortKey(a), sortKey(b)))
  const content = Buffer.concat(
    entries.flatMap((entry) => [Buffer.from(`${entry.mode} ${entry.name}\0`), Buffer.from(entry.sha, 'hex')]),
  )
  const sha = objectId('tree', content)
  store.set(sha, { type: 'tree', sha, entries })
  return sha
}

/** Stores a commit. Times are ISO 8601 and kept to the second, in UTC, as git does. */
export function writeCommit(store: GitStore, commit: Omit<Commit, 'sha' | 'type'>): Commit {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signature(commit.author)}`,
    `committer ${signature(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ]
  const sha = objectId('commit', new TextEncoder().encode(lines.join('\n')))
  const stored: Commit = { type: 'commit', sha, ...commit }
  store.set(sha, stored)
  return stored
}

/** The commit of that id; null where there is none. */
export function commitAt(store: GitStore, sha: string): Commit | null {
  const object = store.get(sha)
  return object?.type === 'commit' ? object : null
}

/** All files of a commit, by path. */
export function filesAt(store: GitStore, sha: string): Files {
  const files: Files = new Map()
  const commit = commitAt(store, sha)
  if (commit) collect(store, commit.tree, '', files)
  return files
}

/** The blob or tree at a path of a commit (`''` is the root); null where there is none. */
export function objectAt(store: GitStore, sha: string, path: string): Blob | Tree | null {
  const commit = commitAt(store, sha)
  let found = commit ? store.get(commit.tree) : undefined
  for (const name of path.split('/').filter((part) => part !== '')) {
    if (found?.type !== 'tree') return null
    const entry = found.entries.find((candidate) => candidate.name === name)
    found = entry ? store.get(entry.sha) : undefined
  }
  return found && found.type !== 'commit' ? found : null
}

/** Commits reachable from `head` and not from `base`, oldest first. */
export function commitsBetween(store: GitStore, base: string, head: string): Commit[] {
  const known = ancestors(store, base)
  return [...ancestors(store, head)]
    .filter((sha) => !known.has(sha))
    .flatMap((sha) => commitAt(store, sha) ?? [])
    .reverse()
}

/** The commit itself and everything it descends from, newest first. */
export function ancestors(store: GitStore, sha: string): Set<string> {
  const found = new Set<string>()
  let front = [sha]
  while (front.length > 0) {
    const next: string[] = []
    for (const id of front) {
      if (found.has(id)) continue
      found.add(id)
      next.push(...(commitAt(store, id)?.parents ?? []))
    }
    front = next
  }
  return found
}

function collect(store: GitStore, tree: string, prefix: string, into: Files): void {
  const object = store.get(tree)
  if (object?.type !== 'tree') return
  for (const entry of object.entries) {
    if (entry.mode === '40000') collect(store, entry.sha, `${prefix}${entry.name}/`, into)
    else into.set(`${prefix}${entry.name}`, entry.sha)
  }
}

function signature(by: Signature): string {
  return `${by.name} <${by.email}> ${Math.floor(Date.parse(by.at) / 1000)} +0000`
}

function sortKey(entry: TreeEntry): Buffer {
  return Buffer.from(entry.mode === '40000' ? `${entry.name}/` : entry.name)
}

function compareBytes(a: Buffer, b: Buffer): number {
  return Buffer.compare(a, b)
}
