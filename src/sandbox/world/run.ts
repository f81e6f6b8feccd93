// Workflows of the sandbox, their runs, jobs and artifacts. What runs them is in src/sandbox/runner.
import type { Person } from './account.ts'
import type { CheckConclusion, CheckRun, CheckStatus, CheckSuite } from './check.ts'
import type { Repository } from './repository.ts'

export type Workflow = {
  kind: 'Workflow'
  id: number
  node: string
  repository: Repository
  path: string
  name: string
  state: 'active' | 'disabled_manually' | 'deleted'
  runs: number
  createdAt: string
  updatedAt: string
}

type JobStep = {
  name: string
  number: number
  status: CheckStatus
  conclusion: CheckConclusion | null
  startedAt: string | null
  completedAt: string | null
}

export type Job = {
  id: number
  node: string
  run: WorkflowRun
  attempt: number
  name: string
  check: CheckRun
  labels: string[]
  steps: JobStep[]
  log: string
}

/** `attempt` is the run's that left it; no API tells it. `zipped` is false for an artifact that was uploaded as one bare file. `digest` is `sha256:…` of the stored bytes. */
export type Artifact = {
  kind: 'Artifact'
  id: number
  node: string
  run: WorkflowRun
  attempt: number
  name: string
  bytes: Uint8Array
  zipped: boolean
  digest: string
  expired: boolean
  createdAt: string
  updatedAt: string
  expiresAt: string
}

/** `sha` and `branch` are the ref's as it stood at the dispatch. `inputs` have their defaults filled in. */
export type WorkflowRun = {
  kind: 'WorkflowRun'
  id: number
  node: string
  repository: Repository
  workflow: Workflow
  path: string
  event: string
  displayTitle: string
  runNumber: number
  attempt: number
  sha: string
  branch: string | null
  ref: string
  actor: Person
  triggeringActor: Person
  inputs: Record<string, string>
  status: CheckStatus
  conclusion: CheckConclusion | null
  suite: CheckSuite
  jobs: Job[]
  artifacts: Artifact[]
  createdAt: string
  startedAt: string
  updatedAt: string
}
