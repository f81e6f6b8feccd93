// The objects behind one commit of the world in the bytes that git itself would store.
import { type Commit, type GitObject, type GitStore, objectId, type Signature, type Tree } from '../world/git.ts'
import type { GitBytes } from './host.ts'

/** The commit, its trees and its files; no history, as in a shallow clone. Throws if an id is not that of its bytes. */
export function objectsOf(store: GitStore, sha: string): GitBytes[] {
  const found = new Map<string, GitBytes>()
  const collect = (id: string) => {
    const object = store.get(id)
    if (!object || found.has(id)) return
    const content = bytesOf(object)
    if (objectId(object.type, content) !== id)
      throw new Error(`The world's ${object.type} ${id} is not what its id says`)
    found.set(id, { sha: id, type: object.type, content })
    if (object.type === 'commit') collect(object.tree)
    if (object.type === 'tree') for (const entry of object.entries) collect(entry.sha)
  }
  collect(sha)
  return [...found.values()]
}

function bytesOf(object: GitObject): Uint8Array {
  switch (object.type) {
    case 'blob':
      return object.bytes
    case 'tree':
      return treeBytes(object)
    case 'commit':
      return commitBytes(object)
    default:
      return object satisfies never
  }
}

function treeBytes(tree: Tree): Uint8Array {
  return Buffer.concat(
    tree.entries.flatMap(({ mode, name, sha }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')]),
  )
}

function commitBytes(commit: Commit): Uint8Array {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signed(commit.author)}`,
    `committer ${signed(commit.committer)}`,
    '',
    commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
  ]
  return Buffer.from(lines.join('\n'))
}

function signed({ name, email, at }: Signature): string {
  return `${name} <${email}> ${Math.floor(Date.parse(at) / 1000)} +0000`
}
