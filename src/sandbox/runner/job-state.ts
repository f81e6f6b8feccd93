// What the steps of one job share, and what a step's expressions and programs see of it.
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ArtifactShelf } from './artifact-shelf.ts'
import { type Folders, machineEnvironment, runnerVariables } from './environment.ts'
import type { ContextName, Scope } from './expressions.ts'
import type { RunnerHost, RunnerOptions, RunOrder } from './host.ts'
import type { JobLog } from './job-log.ts'
import type { MappingToken } from './read-template.ts'

export type JobState = {
  order: RunOrder
  host: RunnerHost
  options: RunnerOptions
  folders: Folders
  log: JobLog
  shelf: ArtifactShelf
  /** What actions get besides: the way to the artifact service. */
  runtime: Record<string, string>
  github: Record<string, unknown>
  runner: Record<string, string>
  contexts: Partial<Record<ContextName, unknown>>
  /** `defaults.run` of the job on top of the workflow's. */
  defaults: { shell?: string; 'working-directory'?: string }
  /** The `env` of workflow and job, and what steps added since. */
  env: Record<string, string>
  path: string[]
  /** A cancelled or timed-out job: the step in hand ends, those with `always()` still run. */
  cancel: AbortSignal
  /** The runner stops: everything ends. */
  stop: AbortSignal
  groups: Set<number>
}

type StepResult = { outputs: Record<string, string>; outcome: string; conclusion: string }

/** A list of steps on its way: a job's, or those of a composite action. */
export type Frame = {
  steps: Record<string, StepResult>
  failed: boolean
  /** The `inputs` of a composite action; undefined in a job, which has the run's. */
  inputs?: Record<string, unknown>
  /** The `env` of the step that called the composite action. */
  env: Record<string, string>
  action: { path: string; repository: string; ref: string } | null
  depth: number
}

export type StepOutcome = { result: 'success' | 'failure' | 'cancelled'; outputs: Record<string, string> }

/** One step about to run: its place in the file, its name, its `env`, and what its expressions see. */
export type StepCall = {
  job: JobState
  frame: Frame
  token: MappingToken
  name: string
  env: Record<string, string>
  scope: Scope
  minutes: number
}

export function scopeOf(job: JobState, frame: Frame, env: Record<string, string>): Scope {
  const cancelled = job.cancel.aborted
  const { action } = frame
  const github = action
    ? { ...job.github, action_path: action.path, action_repository: action.repository, action_ref: action.ref }
    : job.github
  const status = cancelled ? 'cancelled' : frame.failed ? 'failure' : 'success'
  return {
    contexts: {
      ...job.contexts,
      github,
      runner: job.runner,
      env,
      steps: frame.steps,
      job: { status },
      ...(frame.inputs ? { inputs: frame.inputs } : {}),
    },
    standing: { failed: frame.failed && !cancelled, cancelled, succeeded: !frame.failed && !cancelled },
    hashFiles: (patterns) => hashFiles(job.folders.workspace, patterns),
  }
}

/** The environment of a step's program, built up from nothing: see `machineEnvironment`. */
export function programEnvironment(call: StepCall, besides: Record<string, string>): Record<string, string> {
  const { job, env } = call
  const machine = machineEnvironment(job.folders)
  const id = String(call.token.find('id') ?? '__run')
  return {
    ...machine,
    ...env,
    ...runnerVariables({ ...job.github, action: id }, job.runner),
    ...besides,
    PATH: [...job.path.toReversed(), env.PATH ?? machine.PATH].join(delimiter),
  }
}

function hashFiles(workspace: string, patterns: string[]): string {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'))
  const exclude = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1))
  const files = globSync(wanted, { cwd: workspace, exclude })
    .map((path) => join(workspace, path))
    .filter((path) => statSync(path).isFile())
    .sort()
  if (files.length === 0) return ''
  const hash = createHash('sha256')
  for (const file of new Set(files)) hash.update(createHash('sha256').update(readFileSync(file)).digest())
  return hash.digest('hex')
}
