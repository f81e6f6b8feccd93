// Makes repositories and forks, writes commits into them and moves their refs.
import type { Owner, Person, RepositoryRole } from './account.ts'
import { announce } from './announce.ts'
import { commitAt, filesAt, type Signature, writeBlob, writeCommit, writeTree } from './git.ts'
import { nodeId } from './node-id.ts'
import { repositoryPage } from './payloads/address.ts'
import { headCommit } from './payloads/check.ts'
import { followBranch } from './pull-heads.ts'
import { Refusal } from './refusal.ts'
import { defaultHead, type Repository } from './repository.ts'
import { createAutomaticSuites } from './suites.ts'
import type { World } from './world.ts'

/** Path to new content; null deletes the file. */
type FileChanges = Record<string, string | Uint8Array | null>

/** A new repository, with a first commit on its default branch unless `files` is left out. */
export function createRepository(
  world: World,
  by: Person,
  owner: Owner,
  name: string,
  more: { private?: boolean; files?: FileChanges; defaultBranch?: string; description?: string } = {},
): Repository {
  const key = `${owner.login}/${name}`.toLowerCase()
  if (world.repositories.has(key))
    throw new Refusal('invalid', 'name already exists on this account', { field: 'name' })
  const repository = emptyRepository(world, owner, name, more)
  world.repositories.set(key, repository)
  if (more.files)
    pushCommit(world, by, repository, repository.defaultBranch, { files: more.files, message: 'Initial commit' })
  return repository
}

/** A copy of the repository under another owner. */
export function forkRepository(world: World, owner: Owner, parent: Repository, name = parent.name): Repository {
  const fork = emptyRepository(world, owner, name, { private: parent.private, defaultBranch: parent.defaultBranch })
  fork.forkOf = parent
  for (const [sha, object] of parent.git) fork.git.set(sha, object)
  for (const [ref, sha] of parent.refs) if (ref.startsWith('refs/heads/')) fork.refs.set(ref, sha)
  world.repositories.set(`${owner.login}/${name}`.toLowerCase(), fork)
  return fork
}

export function addCollaborator(repository: Repository, person: Person, role: RepositoryRole): void {
  repository.collaborators.set(person.id, role)
}

export function archiveRepository(world: World, repository: Repository, archived: boolean): void {
  repository.archived = archived
  repository.updatedAt = world.now()
}

type CommitWish = {
  files: FileChanges
  message?: string
  /** Accounts that wrote it, first the author, then co-authors; without it whoever pushes. */
  authors?: (Person | { name: string; email: string })[]
}

/**
 * Commits on top of a branch and pushes it; a branch that does not exist begins at the default branch.
 * Open pull requests from that branch follow. Answers with the commit's id.
 */
export function pushCommit(world: World, by: Person, repository: Repository, branch: string, wish: CommitWish): string {
  const before = repository.refs.get(`refs/heads/${branch}`) ?? null
  const sha = commitOn(world, by, repository, before ?? defaultHead(repository), wish)
  moveRef(world, by, repository, `refs/heads/${branch}`, sha)
  return sha
}

/** Writes a commit on a parent and moves no ref. */
function commitOn(world: World, by: Person, repository: Repository, parent: string | null, wish: CommitWish): string {
  if (repository.archived) throw new Refusal('forbidden', 'Repository was archived so is read-only.')
  const files = parent ? filesAt(repository.git, parent) : new Map<string, string>()
  for (const [path, content] of Object.entries(wish.files)) {
    if (content === null) files.delete(path)
    else files.set(path, writeBlob(repository.git, content))
  }
  const [author, ...others] = (wish.authors ?? [by]).map((who) => signatureOf(world, who))
  const trailers = others.map((who) => `Co-authored-by: ${who.name} <${who.email}>`)
  const message = [wish.message ?? 'Change files', ...(trailers.length > 0 ? ['', ...trailers] : [])].join('\n')
  const commit = writeCommit(repository.git, {
    tree: writeTree(repository.git, files),
    parents: parent ? [parent] : [],
    author: author ?? signatureOf(world, by),
    committer: signatureOf(world, by),
    message,
  })
  return commit.sha
}

/** Sets a branch to any commit of the repository, whether or not it descends from the old one. */
export function forcePush(world: World, by: Person, repository: Repository, branch: string, sha: string): void {
  moveRef(world, by, repository, `refs/heads/${branch}`, sha)
}

/** Creates, moves or (with null) deletes a ref, and tells everybody. */
export function moveRef(world: World, by: Person, repository: Repository, ref: string, sha: string | null): void {
  if (repository.archived) throw new Refusal('forbidden', 'Repository was archived so is read-only.')
  if (sha !== null && !commitAt(repository.git, sha)) throw new Refusal('invalid', 'Object does not exist')
  const before = repository.refs.get(ref) ?? null
  if (sha === null) repository.refs.delete(ref)
  else repository.refs.set(ref, sha)
  repository.pushedAt = world.now()
  announcePush(world, by, repository, ref, before, sha)
  world.changed({ what: 'push', repository, ref, before, after: sha })
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null
  if (branch === null || sha === null) return
  createAutomaticSuites(world, by, repository, { sha, before, branch })
  followBranch(world, by, repository, branch, sha)
}

export function createTag(world: World, by: Person, repository: Repository, tag: string, sha: string): void {
  moveRef(world, by, repository, `refs/tags/${tag}`, sha)
}

/** The commit that a branch, tag, full ref, `HEAD` or (abbreviated) commit id names; null for none. */
export function resolveRevision(repository: Repository, name: string): string | null {
  if (name === 'HEAD' || name === '') return defaultHead(repository)
  for (const ref of [name, `refs/${name}`, `refs/heads/${name}`, `refs/tags/${name}`]) {
    const sha = repository.refs.get(ref)
    if (sha) return sha
  }
  if (!/^[0-9a-f]{7,40}$/i.test(name)) return null
  const exact = commitAt(repository.git, name.toLowerCase())
  if (exact || name.length === 40) return exact?.sha ?? null
  const found = [...repository.git.values()].filter((object) => object.type === 'commit' && object.sha.startsWith(name))
  return found.length === 1 ? (found[0]?.sha ?? null) : null
}

function announcePush(
  world: World,
  by: Person,
  repository: Repository,
  ref: string,
  before: string | null,
  after: string | null,
): void {
  const page = repositoryPage(world, repository)
  const none = '0'.repeat(40)
  const head = after
    ? {
        ...headCommit(repository, after),
        distinct: true,
        url: `${page}/commit/${after}`,
        ...touchedPaths(repository, before, after),
      }
    : null
  const body = {
    ref,
    before: before ?? none,
    after: after ?? none,
    base_ref: null,
    compare: `${page}/compare/${(before ?? none).slice(0, 12)}...${(after ?? none).slice(0, 12)}`,
    created: before === null,
    deleted: after === null,
    forced: before !== null && after !== null && commitAt(repository.git, after)?.parents.includes(before) !== true,
    commits: head ? [head] : [],
    head_commit: head,
    pusher: { name: by.login, email: by.email },
  }
  announce(world, { event: 'push', action: null, by, repository, body })
}

function touchedPaths(repository: Repository, before: string | null, after: string) {
  const old = before ? filesAt(repository.git, before) : new Map<string, string>()
  const now = filesAt(repository.git, after)
  return {
    added: [...now.keys()].filter((path) => !old.has(path)),
    removed: [...old.keys()].filter((path) => !now.has(path)),
    modified: [...now].filter(([path, blob]) => old.has(path) && old.get(path) !== blob).map(([path]) => path),
  }
}

function signatureOf(world: World, who: Person | { name: string; email: string }): Signature {
  return { name: 'login' in who ? (who.name ?? who.login) : who.name, email: who.email, at: world.now() }
}

function emptyRepository(
  world: World,
  owner: Owner,
  name: string,
  more: { private?: boolean; defaultBranch?: string; description?: string },
): Repository {
  const id = world.nextId('repository')
  return world.register({
    kind: 'Repository',
    id,
    node: nodeId('Repository', id),
    owner,
    name,
    description: more.description ?? null,
    private: more.private ?? false,
    archived: false,
    forkOf: null,
    defaultBranch: more.defaultBranch ?? 'main',
    git: new Map(),
    refs: new Map(),
    labels: new Map(),
    threads: new Map(),
    openThreads: 0,
    collaborators: new Map(),
    teams: new Map(),
    suites: new Map(),
    statuses: new Map(),
    requiredChecks: new Map(),
    withoutAutomaticSuites: new Set<number>(),
    workflows: new Map(),
    runs: [],
    createdAt: world.now(),
    updatedAt: world.now(),
    pushedAt: world.now(),
  })
}
