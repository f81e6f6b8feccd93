// A repository of the sandbox: its git objects and refs, and all that hangs on it.
import type { Owner, RepositoryRole } from './account.ts'
import type { CheckSuite, CommitStatus } from './check.ts'
import type { GitStore } from './git.ts'
import type { Workflow, WorkflowRun } from './run.ts'
import type { Label, Thread } from './thread.ts'

/** `refs` maps full names (`refs/heads/main`) to commits. `threads` holds issues and pull requests by number. */
export type Repository = {
  kind: 'Repository'
  id: number
  node: string
  owner: Owner
  name: string
  description: string | null
  private: boolean
  archived: boolean
  forkOf: Repository | null
  defaultBranch: string
  git: GitStore
  refs: Map<string, string>
  labels: Map<string, Label>
  threads: Map<number, Thread>
  /** How many of them are open. */
  openThreads: number
  collaborators: Map<number, RepositoryRole>
  teams: Map<number, RepositoryRole>
  suites: Map<string, CheckSuite[]>
  statuses: Map<string, CommitStatus[]>
  /** By branch: checks without whose success nothing is merged; `appId` binds one to the app that must have set it. */
  requiredChecks: Map<string, { context: string; appId: number | null }[]>
  /** Apps for which a push creates no check suite by itself. */
  withoutAutomaticSuites: Set<number>
  workflows: Map<string, Workflow>
  runs: WorkflowRun[]
  createdAt: string
  updatedAt: string
  pushedAt: string
}

/** `owner/name`, as GitHub spells it. */
export function fullName(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`
}

/** The commit at the tip of the default branch; null in an empty repository. */
export function defaultHead(repository: Repository): string | null {
  return repository.refs.get(`refs/heads/${repository.defaultBranch}`) ?? null
}
