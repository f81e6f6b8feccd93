// Files of a repository: contents, refs, trees and blobs.

import { type Answer, type Call, notFound, ok } from '../server/exchange.ts'
import { type Blob, commitAt, objectAt, type Tree, type TreeEntry } from '../world/git.ts'
import { nodeId } from '../world/node-id.ts'
import { repositoryApi, repositoryPage } from '../world/payloads/address.ts'
import { repositoryPayload } from '../world/payloads/repository.ts'
import { Refusal } from '../world/refusal.ts'
import { resolveRevision } from '../world/repositories.ts'
import type { Repository } from '../world/repository.ts'
import { repositoryOf } from './target.ts'

/** Files over this size come without their content, over a hundred times it not at all. */
const megabyte = 1024 * 1024

export function getRepository(call: Call): Answer {
  const repository = repositoryOf(call)
  const body = repositoryPayload(call.world, repository)
  return ok({ ...body, network_count: 0, subscribers_count: 0 })
}

/** A file as base64, a folder as a list; `Accept: …raw` gives the bytes themselves. */
export function getContent(call: Call): Answer {
  const repository = repositoryOf(call)
  const path = String(call.path.path).replace(/\/+$/, '')
  const ref = call.query.ref === undefined ? repository.defaultBranch : String(call.query.ref)
  const sha = resolveRevision(repository, ref)
  if (!sha) throw call.query.ref === undefined ? new Refusal('not-found', 'This repository is empty.') : notFound()
  const found = objectAt(repository.git, sha, path)
  if (!found) throw notFound()
  if (found.type === 'tree') {
    const entries = found.entries.map((entry) => {
      const inner = path ? `${path}/${entry.name}` : entry.name
      return entryPayload(call, repository, ref, inner, entry)
    })
    return ok(entries)
  }
  if (/\braw\b/.test(call.accept)) {
    return {
      status: 200,
      raw: found.bytes,
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    }
  }
  return ok(filePayload(call, repository, ref, path, found))
}

function filePayload(call: Call, repository: Repository, ref: string, path: string, blob: Blob) {
  const size = blob.bytes.length
  if (size > 100 * megabyte) throw new Refusal('forbidden', 'This API returns blobs up to 100 MB in size.')
  const small = size <= megabyte
  return {
    ...addresses(call, repository, ref, path, blob),
    type: 'file',
    size,
    encoding: small ? 'base64' : 'none',
    content: small ? base64(blob.bytes) : '',
  }
}

function entryPayload(call: Call, repository: Repository, ref: string, path: string, entry: TreeEntry) {
  const object = repository.git.get(entry.sha)
  if (object?.type !== 'blob' && object?.type !== 'tree') throw notFound()
  return {
    ...addresses(call, repository, ref, path, object),
    type: object.type === 'tree' ? 'dir' : 'file',
    size: object.type === 'blob' ? object.bytes.length : 0,
  }
}

function addresses(call: Call, repository: Repository, ref: string, path: string, object: Blob | Tree) {
  const api = repositoryApi(call.world, repository)
  const web = repositoryPage(call.world, repository)
  const self = `${api}/contents/${path.split('/').map(encodeURIComponent).join('/')}?ref=${encodeURIComponent(ref)}`
  const git = `${api}/git/${object.type}s/${object.sha}`
  const html = `${web}/${object.type}/${ref}/${path}`
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha: object.sha,
    url: self,
    git_url: git,
    html_url: html,
    download_url: object.type === 'blob' ? `${web}/raw/${ref}/${path}` : null,
    _links: { self, git, html },
  }
}

export function getRef(call: Call): Answer {
  const repository = repositoryOf(call)
  const name = `refs/${call.path.ref}`
  const sha = repository.refs.get(name)
  if (!sha) throw notFound()
  const api = repositoryApi(call.world, repository)
  return ok({
    ref: name,
    node_id: nodeId('Ref', repository.id, name),
    url: `${api}/git/${name}`,
    object: { type: 'commit', sha, url: `${api}/git/commits/${sha}` },
  })
}

export function getTree(call: Call): Answer {
  const repository = repositoryOf(call)
  const asked = String(call.path.tree_sha)
  const direct = repository.git.get(asked)
  const commit = commitAt(repository.git, resolveRevision(repository, asked) ?? '')
  const tree = direct?.type === 'tree' ? direct : repository.git.get(commit?.tree ?? '')
  if (tree?.type !== 'tree') throw notFound()
  const api = repositoryApi(call.world, repository)
  const list = (from: Tree, prefix: string): unknown[] =>
    from.entries.flatMap((entry) => {
      const object = repository.git.get(entry.sha)
      const type = object?.type === 'tree' ? 'tree' : 'blob'
      const own = {
        path: prefix + entry.name,
        mode: entry.mode === '40000' ? '040000' : entry.mode,
        type,
        sha: entry.sha,
        ...(object?.type === 'blob' && { size: object.bytes.length }),
        url: `${api}/git/${type}s/${entry.sha}`,
      }
      const deeper = call.query.recursive !== undefined && object?.type === 'tree'
      return deeper ? [own, ...list(object, `${prefix}${entry.name}/`)] : [own]
    })
  const all = list(tree, '')
  const most = 100_000
  return ok({
    sha: tree.sha,
    url: `${api}/git/trees/${tree.sha}`,
    tree: all.slice(0, most),
    truncated: all.length > most,
  })
}

export function getBlob(call: Call): Answer {
  const repository = repositoryOf(call)
  const blob = repository.git.get(String(call.path.file_sha))
  if (blob?.type !== 'blob') throw notFound()
  return ok({
    sha: blob.sha,
    node_id: nodeId('Blob', repository.id, blob.sha),
    size: blob.bytes.length,
    url: `${repositoryApi(call.world, repository)}/git/blobs/${blob.sha}`,
    content: base64(blob.bytes),
    encoding: 'base64',
  })
}

/** In lines of 60 characters, as GitHub sends it. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/.{60}/g, '$&\n')
}
