// What the runner needs of the GitHub around it: commits to check out, a place to report to, addresses, options.
import type { Annotation } from './log-commands.ts'

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped'

/** A run to carry out. `inputs` are the event's, all texts, defaults filled in; `payload` is the whole event. */
export type RunOrder = {
  id: number
  number: number
  attempt: number
  repository: string
  /** Full name, as in `refs/heads/main`. */
  ref: string
  sha: string
  path: string
  event: string
  actor: string
  triggeringActor: string
  inputs: Record<string, string>
  payload: Record<string, unknown>
}

/** One git object; `content` is without git's own head. */
export type GitBytes = { sha: string; type: 'blob' | 'tree' | 'commit'; content: Uint8Array }

/** The files of one commit by path, and the git objects behind it (none: the checkout gets no `.git`). */
export type Commit = {
  sha: string
  files: Map<string, { bytes: Uint8Array; executable: boolean }>
  objects: GitBytes[]
}

export type StepReport = {
  name: string
  number: number
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: Conclusion | null
}

export type KeptArtifact = {
  name: string
  bytes: Uint8Array
  /** `sha256:…` of the bytes. */
  digest: string
  /** False for a single file that was uploaded as it is. */
  zipped: boolean
  contentType: string
}

export type JobEnd = { conclusion: Conclusion; log: string; summary: string; annotations: Annotation[] }

/** Where the runs come from and where they report to. Job handles are the host's own numbers. */
export type RunnerHost = {
  urls: { server: string; api: string; graphql: string }
  /** What a full ref, branch, tag or SHA names, as far as the run may read that repository; null where it is nothing. */
  commit(order: RunOrder, repository: string, ref: string): Commit | null
  variables(repository: string): Record<string, string>
  secrets(repository: string): Record<string, string>
  /** The job's GITHUB_TOKEN. `permissions` as the workflow or job states them; null where it is silent. */
  token(order: RunOrder, permissions: unknown): string
  runStarted(order: RunOrder): void
  runEnded(order: RunOrder, conclusion: Conclusion): void
  jobQueued(order: RunOrder, job: { name: string; labels: string[] }): number
  jobStarted(order: RunOrder, job: number, steps: StepReport[]): void
  stepChanged(order: RunOrder, job: number, steps: StepReport[]): void
  jobEnded(order: RunOrder, job: number, end: JobEnd): void
  /** Answers with the artifact's id. */
  keepArtifact(order: RunOrder, artifact: KeptArtifact): number
  removeArtifact(order: RunOrder, id: number): void
  /** A signed link to an artifact's bytes. */
  artifactLink(id: number): string
}

export type RunnerOptions = {
  /** How many jobs at once. */
  jobs?: number
  /** Minutes that a whole run may take. */
  runMinutes?: number
  /** A folder of packages that every checkout sees as its `node_modules`. */
  nodeModules?: string
  /** `owner/name` of an action's repository to its folder on this machine, as `{ 'andon-dev/andon': '/…' }`. */
  actionRepositories?: Record<string, string>
  /** A bundle that is not built to the source that stands in for it, both from the action repository's root. */
  actionSources?: Record<string, string>
  /** Milliseconds between the signals to a cancelled step: interrupt, terminate, kill. */
  patience?: { interrupt: number; terminate: number }
}
