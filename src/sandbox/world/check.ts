// Check suites, check runs and commit statuses of the sandbox.

import type { Person } from './account.ts'
import type { App } from './app.ts'
import type { Repository } from './repository.ts'

export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending'
export type CheckConclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'stale'
  | 'timed_out'
  | 'startup_failure'

export type Annotation = {
  path: string
  start_line: number
  end_line: number
  start_column?: number
  end_column?: number
  annotation_level: 'notice' | 'warning' | 'failure'
  message: string
  title?: string
  raw_details?: string
}

export type CheckAction = { label: string; description: string; identifier: string }

export type CheckSuite = {
  kind: 'CheckSuite'
  id: number
  node: string
  repository: Repository
  app: App
  sha: string
  before: string | null
  branch: string | null
  status: CheckStatus
  conclusion: CheckConclusion | null
  runs: CheckRun[]
  /** The workflow run behind it, where the app is GitHub Actions. */
  workflowRun: number | null
  createdAt: string
  updatedAt: string
}

export type CheckRun = {
  kind: 'CheckRun'
  id: number
  node: string
  suite: CheckSuite
  name: string
  externalId: string | null
  detailsUrl: string | null
  status: CheckStatus
  conclusion: CheckConclusion | null
  title: string | null
  summary: string | null
  text: string | null
  annotations: Annotation[]
  actions: CheckAction[]
  startedAt: string
  completedAt: string | null
}

export type CommitStatus = {
  kind: 'StatusContext'
  id: number
  node: string
  repository: Repository
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  targetUrl: string | null
  creator: Person
  createdAt: string
}
