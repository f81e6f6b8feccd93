// Opens, edits, closes and merges pull requests.
import type { Person } from './account.ts'
import { automate } from './board-automation.ts'
import { relink } from './closing.ts'
import { commitAt, filesAt, writeCommit, writeTree } from './git.ts'
import { closeIssue, editTexts } from './issues.ts'
import { addLabel } from './labels.ts'
import { nodeId } from './node-id.ts'
import { fetchHead } from './pull-heads.ts'
import { Refusal } from './refusal.ts'
import { moveRef } from './repositories.ts'
import type { Repository } from './repository.ts'
import { requireRole } from './roles.ts'
import type { Pull } from './thread.ts'
import { checkTexts, nextNumber, tellThread } from './thread-changes.ts'
import { log } from './timeline-log.ts'
import type { World } from './world.ts'

type PullWish = {
  title: string
  body?: string
  head: string
  /** The fork the head comes from; without it the repository itself. */
  from?: Repository
  base?: string
  draft?: boolean
  labels?: string[]
}

export function openPull(world: World, by: Person, repository: Repository, wish: PullWish): Pull {
  requireRole(by, repository, 'read')
  checkTexts(wish)
  const source = wish.from ?? repository
  const baseRef = wish.base ?? repository.defaultBranch
  const head = source.refs.get(`refs/heads/${wish.head}`)
  const base = repository.refs.get(`refs/heads/${baseRef}`)
  if (!head) throw new Refusal('invalid', 'Validation Failed', { field: 'head', detail: 'invalid' })
  if (!base) throw new Refusal('invalid', 'Validation Failed', { field: 'base', detail: 'invalid' })
  if (head === base) throw new Refusal('invalid', `No commits between ${baseRef} and ${wish.head}`)
  const id = world.nextId('thread')
  const pull: Pull = {
    kind: 'PullRequest',
    id,
    node: nodeId('PullRequest', repository.id, id),
    repository,
    number: nextNumber(repository),
    title: wish.title,
    body: wish.body ?? '',
    author: by,
    locked: false,
    labels: [],
    assignees: [],
    comments: [],
    reactions: [],
    timeline: [],
    items: [],
    editedAt: null,
    createdAt: world.now(),
    updatedAt: world.now(),
    closedAt: null,
    state: 'OPEN',
    draft: wish.draft ?? false,
    base: { ref: baseRef, sha: base },
    head: { ref: wish.head, sha: head, repository: source, owner: source.owner },
    reviews: [],
    links: new Set(),
    closes: new Set(),
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
  }
  repository.threads.set(pull.number, pull)
  world.register(pull)
  fetchHead(pull)
  relink(world, pull)
  tellThread(world, by, pull, 'opened')
  for (const label of wish.labels ?? []) addLabel(world, by, pull, label)
  return pull
}

export function editPull(world: World, by: Person, pull: Pull, texts: { title?: string; body?: string }): void {
  requireRole(by, pull.repository, pull.author === by ? 'read' : 'triage')
  editTexts(world, by, pull, texts)
  relink(world, pull)
}

export function markReady(world: World, by: Person, pull: Pull, ready: boolean): void {
  requireRole(by, pull.repository, pull.author === by ? 'read' : 'write')
  if (pull.draft !== ready) return
  pull.draft = !ready
  tellThread(world, by, pull, ready ? 'ready_for_review' : 'converted_to_draft')
}

export function closePull(world: World, by: Person, pull: Pull): void {
  requireRole(by, pull.repository, pull.author === by ? 'read' : 'triage')
  if (pull.state !== 'OPEN') return
  pull.state = 'CLOSED'
  pull.closedAt = world.now()
  log(world, pull, by, { kind: 'ClosedEvent' })
  tellThread(world, by, pull, 'closed')
  automate(world, pull, 'Item closed')
}

export function reopenPull(world: World, by: Person, pull: Pull): void {
  requireRole(by, pull.repository, pull.author === by ? 'read' : 'triage')
  if (pull.state !== 'CLOSED') throw new Refusal('invalid', 'state cannot be changed.', { field: 'state' })
  pull.state = 'OPEN'
  pull.closedAt = null
  log(world, pull, by, { kind: 'ReopenedEvent' })
  tellThread(world, by, pull, 'reopened')
  automate(world, pull, 'Item reopened')
}

/** Merges with a merge commit; issues it closes are closed with it. `sha`: merge only if the head is still that. */
export function mergePull(world: World, by: Person, pull: Pull, more: { sha?: string } = {}): string {
  const { repository } = pull
  requireRole(by, repository, 'write')
  if (pull.state !== 'OPEN' || pull.draft) throw new Refusal('conflict', 'Pull Request is not mergeable')
  if (more.sha && more.sha !== pull.head.sha) {
    throw new Refusal('conflict', 'Head branch was modified. Review and try the merge again.')
  }
  requireChecks(pull)
  const base = repository.refs.get(`refs/heads/${pull.base.ref}`) ?? pull.base.sha
  const signature = { name: by.name ?? by.login, email: by.email, at: world.now() }
  const commit = writeCommit(repository.git, {
    tree: mergedTree(pull, base),
    parents: [base, pull.head.sha],
    author: signature,
    committer: { name: 'GitHub', email: 'noreply@github.example', at: world.now() },
    message: `Merge pull request #${pull.number} from ${pull.head.owner.login}/${pull.head.ref}\n\n${pull.title}`,
  })
  pull.state = 'MERGED'
  pull.mergedAt = world.now()
  pull.closedAt = world.now()
  pull.mergedBy = by
  pull.mergeCommit = commit.sha
  log(world, pull, by, { kind: 'MergedEvent', commit: commit.sha })
  log(world, pull, by, { kind: 'ClosedEvent' })
  moveRef(world, by, repository, `refs/heads/${pull.base.ref}`, commit.sha)
  tellThread(world, by, pull, 'closed')
  automate(world, pull, 'Pull request merged')
  if (pull.base.ref === repository.defaultBranch) for (const issue of pull.closes) closeIssue(world, by, issue)
  return commit.sha
}

/** A path changed on both sides since the pull request began is a conflict. */
function mergedTree(pull: Pull, base: string): string {
  const { git } = pull.repository
  const origin = filesAt(git, pull.base.sha)
  const ours = filesAt(git, base)
  const theirs = filesAt(git, pull.head.sha)
  for (const path of new Set([...origin.keys(), ...theirs.keys()])) {
    const was = origin.get(path)
    const is = theirs.get(path)
    if (is === was || ours.get(path) === is) continue
    if (ours.get(path) !== was) throw new Refusal('conflict', 'Pull Request is not mergeable')
    if (is === undefined) ours.delete(path)
    else ours.set(path, is)
  }
  return writeTree(git, ours)
}

/** The branch's required checks: each must have succeeded on the head, by the app it is bound to. */
function requireChecks(pull: Pull): void {
  const { repository } = pull
  if (!commitAt(repository.git, pull.head.sha)) return
  const runs = (repository.suites.get(pull.head.sha) ?? []).flatMap((suite) => suite.runs)
  for (const required of repository.requiredChecks.get(pull.base.ref) ?? []) {
    const run = runs.findLast((candidate) => {
      return (
        candidate.name === required.context && (required.appId === null || candidate.suite.app.id === required.appId)
      )
    })
    if (!run || !['success', 'neutral', 'skipped'].includes(run.conclusion ?? '')) {
      const state = run && run.status === 'completed' ? 'is failing' : 'is expected'
      throw new Refusal('conflict', `Required status check "${required.context}" ${state}.`)
    }
  }
}
