// Pull requests: one, many, their reviews, commits and files.

import { type Answer, type Call, ok, page } from '../server/exchange.ts'
import { authorsOf } from '../world/authors.ts'
import { changedFiles } from '../world/diff.ts'
import { type Commit, commitAt, commitsBetween } from '../world/git.ts'
import { nodeId } from '../world/node-id.ts'
import { simpleUser } from '../world/payloads/account.ts'
import { repositoryApi, repositoryPage } from '../world/payloads/address.ts'
import { pullPayload, reviewPayload, simplePull } from '../world/payloads/pull.ts'
import type { Repository } from '../world/repository.ts'
import type { Pull } from '../world/thread.ts'
import type { World } from '../world/world.ts'
import { pullOf, repositoryOf } from './target.ts'

/** GitHub shows no more of a pull request than this, whatever its size. */
const mostCommits = 250
const mostFiles = 3000

export function listPulls(call: Call): Answer {
  const repository = repositoryOf(call)
  const { state = 'open', head, base, sort = 'created', direction } = call.query
  const pulls = [...repository.threads.values()].filter(
    (thread): thread is Pull =>
      thread.kind === 'PullRequest' &&
      (state === 'all' || (state === 'open') === (thread.state === 'OPEN')) &&
      (base === undefined || thread.base.ref === base) &&
      // A `head` without its owner is not a filter: GitHub ignores it.
      (head === undefined || !String(head).includes(':') || `${thread.head.owner.login}:${thread.head.ref}` === head),
  )
  const key = (pull: Pull) => (sort === 'updated' ? pull.updatedAt : pull.createdAt)
  const order = (direction ?? (sort === 'created' ? 'desc' : 'asc')) === 'asc' ? 1 : -1
  pulls.sort((a, b) => order * (key(a).localeCompare(key(b)) || a.number - b.number))
  return page(call, pulls, (pull) => forVersion(call, { ...simplePull(call.world, pull) }))
}

export function getPull(call: Call): Answer {
  return ok(forVersion(call, { ...pullPayload(call.world, pullOf(call)) }))
}

/** API version 2026-03-10 has no `merge_commit_sha` and no single `assignee` any more. */
function forVersion(call: Call, pull: Record<string, unknown>): Record<string, unknown> {
  if (call.apiVersion === '2022-11-28') return pull
  const { merge_commit_sha: _, assignee: __, ...rest } = pull
  return rest
}

/** Oldest first, as GitHub gives them; a pending review is nobody's but its author's. */
export function listReviews(call: Call): Answer {
  const { viewer } = call
  const mine = (author: unknown) => viewer.as === 'user' && viewer.person === author
  const seen = pullOf(call).reviews.filter((review) => review.state !== 'PENDING' || mine(review.author))
  return page(call, seen, (review) => reviewPayload(call.world, review, 'rest'))
}

export function listPullCommits(call: Call): Answer {
  const repository = repositoryOf(call)
  const pull = pullOf(call, repository)
  const commits = commitsBetween(repository.git, pull.base.sha, pull.head.sha).slice(-mostCommits)
  return page(call, commits, (commit) => commitPayload(call.world, repository, commit))
}

export function listPullFiles(call: Call): Answer {
  const repository = repositoryOf(call)
  const pull = pullOf(call, repository)
  const changes = changedFiles(pull)
  const web = repositoryPage(call.world, repository)
  const api = repositoryApi(call.world, repository)
  return page(call, changes.slice(0, mostFiles), (change) => {
    const path = change.filename.split('/').map(encodeURIComponent).join('/')
    return {
      ...change,
      blob_url: `${web}/blob/${pull.head.sha}/${path}`,
      raw_url: `${web}/raw/${pull.head.sha}/${path}`,
      contents_url: `${api}/contents/${path}?ref=${pull.head.sha}`,
    }
  })
}

function commitPayload(world: World, repository: Repository, commit: Commit) {
  const api = repositoryApi(world, repository)
  const web = repositoryPage(world, repository)
  const author = authorsOf(world, commit)[0]?.person ?? null
  const committer = authorsOf(world, { ...commit, author: commit.committer, message: '' })[0]?.person ?? null
  const signed = (by: Commit['author']) => ({ name: by.name, email: by.email, date: by.at })
  const url = `${api}/commits/${commit.sha}`
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', repository.id, commit.sha),
    url,
    html_url: `${web}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${api}/git/commits/${commit.sha}`,
      author: signed(commit.author),
      committer: signed(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', payload: null, signature: null, verified_at: null },
    },
    // Null where no account has the commit's address: an author need not be anybody.
    author: author && simpleUser(world, author),
    committer: committer && simpleUser(world, committer),
    parents: commit.parents
      .filter((sha) => commitAt(repository.git, sha))
      .map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${web}/commit/${sha}` })),
  }
}
