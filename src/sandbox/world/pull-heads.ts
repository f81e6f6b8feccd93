// Lets open pull requests follow the branch they come from, in the repository itself and out of a fork.
import type { Person } from './account.ts'
import { ancestors, commitAt } from './git.ts'
import type { Repository } from './repository.ts'
import type { Pull } from './thread.ts'
import { tellThread } from './thread-changes.ts'
import { log } from './timeline-log.ts'
import type { World } from './world.ts'

/** After a push to a branch: new head, `synchronize`, and a timeline entry where it was forced. */
export function followBranch(world: World, by: Person, repository: Repository, branch: string, sha: string): void {
  for (const target of [repository, ...(repository.forkOf ? [repository.forkOf] : [])]) {
    for (const thread of target.threads.values()) {
      if (thread.kind !== 'PullRequest' || thread.state !== 'OPEN') continue
      if (thread.head.repository === repository && thread.head.ref === branch) moveHead(world, by, thread, sha)
    }
  }
}

/** Makes the head's objects known to the target repository and points `refs/pull/n/head` at it. */
export function fetchHead(pull: Pull): void {
  const source = pull.head.repository
  if (source && source !== pull.repository) {
    for (const [sha, object] of source.git) if (!pull.repository.git.has(sha)) pull.repository.git.set(sha, object)
  }
  pull.repository.refs.set(`refs/pull/${pull.number}/head`, pull.head.sha)
}

function moveHead(world: World, by: Person, pull: Pull, sha: string): void {
  const before = pull.head.sha
  if (before === sha) return
  pull.head.sha = sha
  fetchHead(pull)
  const { git } = pull.repository
  if (commitAt(git, before) && !ancestors(git, sha).has(before)) {
    log(world, pull, by, { kind: 'HeadRefForcePushedEvent', before, after: sha })
  }
  tellThread(world, by, pull, 'synchronize', { before, after: sha })
}
