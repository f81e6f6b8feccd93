// Runs one job: its own folders, its steps, its time limit, its outputs; and leaves nothing behind.
import type { ArtifactService } from './artifact-service.ts'
import type { ArtifactShelf } from './artifact-shelf.ts'
import { type Folders, githubContext, makeFolders, removeFolders, runnerContext } from './environment.ts'
import { type ContextName, numeric, resolve, text, texts } from './expressions.ts'
import type { Conclusion, RunnerHost, RunnerOptions, RunOrder } from './host.ts'
import { JobLog } from './job-log.ts'
import { type Frame, type JobState, scopeOf } from './job-state.ts'
import { Masks } from './masks.ts'
import { signalGroup } from './process.ts'
import { mappingAt } from './read-template.ts'
import { runSteps, type StepWatch, stepName } from './run-steps.ts'
import { readUses } from './uses.ts'
import type { JobDefinition, WorkflowFile } from './workflow-file.ts'

/** What every job of a run shares. */
export type RunFrame = {
  order: RunOrder
  host: RunnerHost
  options: RunnerOptions
  file: WorkflowFile
  service: ArtifactService
  shelf: ArtifactShelf
  stop: AbortSignal
}

export type JobOrder = RunFrame & {
  definition: JobDefinition
  /** The host's number of the job. */
  handle: number
  contexts: Partial<Record<ContextName, unknown>>
  cancel: AbortSignal
}

export type JobResult = { conclusion: Conclusion; outputs: Record<string, string> }

const MINUTES = 360
/** Minutes that the steps with `always()` of a cancelled job have, as on GitHub. */
const LAST_MINUTES = 5

export async function runJob(order: JobOrder): Promise<JobResult> {
  const log = new JobLog(new Masks())
  const folders = makeFolders(order.order)
  const limits = new Limits(order, log)
  const { token: runtimeToken, close } = order.service.admit(order.shelf)
  const groups = new Set<number>()
  let result: JobResult = { conclusion: 'failure', outputs: {} }
  const reports = reportSteps(order)
  try {
    const job = prepare(order, folders, log, limits, runtimeToken, groups)
    order.host.jobStarted(order.order, order.handle, reports.steps)
    const frame: Frame = { steps: {}, failed: false, env: {}, action: null, depth: 0 }
    const unknown = order.definition.steps.flatMap((step) => unknownUse(step.find('uses'), order.options))
    for (const message of unknown) log.error(message)
    const end = unknown.length > 0 ? 'failure' : await runSteps(job, frame, order.definition.steps, reports.watch)
    result = { conclusion: end, outputs: outputsOf(order, job, frame) }
  } catch (error) {
    // What the workflow says cannot be evaluated: its words fail the job.
    log.error((error as Error).message)
  } finally {
    limits.clear()
    close()
    for (const group of groups) signalGroup(group, 'SIGKILL')
    removeFolders(folders)
  }
  reports.finish(result.conclusion)
  const { text: lines, summary, annotations } = log
  order.host.jobEnded(order.order, order.handle, { conclusion: result.conclusion, log: lines, summary, annotations })
  return result
}

function prepare(
  order: JobOrder,
  folders: Folders,
  log: JobLog,
  limits: Limits,
  runtimeToken: string,
  groups: Set<number>,
): JobState {
  const { host, file, definition } = order
  const secrets = host.secrets(order.order.repository)
  const permissions = resolve(definition.token.find('permissions') ?? file.token.find('permissions'), { contexts: {} })
  const token = host.token(order.order, permissions ?? null)
  for (const secret of [...Object.values(secrets), token, runtimeToken]) log.masks.add(secret)
  const github = githubContext({ order: order.order, host, workflow: file.name, job: definition.id, folders, token })
  const contexts = { ...order.contexts, secrets: { ...secrets, GITHUB_TOKEN: token } }
  const base = { contexts: { ...contexts, github, runner: runnerContext(folders) } }
  const workflowEnv = texts(file.token.find('env'), base)
  const jobEnv = texts(definition.token.find('env'), { contexts: { ...base.contexts, env: workflowEnv } })
  limits.start(numeric(definition.token.find('timeout-minutes'), base, MINUTES))
  return {
    order: order.order,
    host,
    options: order.options,
    folders,
    log,
    shelf: order.shelf,
    runtime: { ACTIONS_RUNTIME_TOKEN: runtimeToken, ACTIONS_RESULTS_URL: order.service.url },
    github,
    runner: runnerContext(folders),
    contexts,
    defaults: {
      ...texts(mappingAt(mappingAt(file.token, 'defaults'), 'run'), base),
      ...texts(mappingAt(mappingAt(definition.token, 'defaults'), 'run'), base),
    },
    env: { ...workflowEnv, ...jobEnv },
    path: [],
    cancel: limits.cancel,
    stop: limits.stop,
    groups,
  }
}

/** The two ends of a job: cancelled (by people or by its own time limit), and stopped for good. */
class Limits {
  readonly #late = new AbortController()
  readonly #end = new AbortController()
  readonly #log: JobLog
  readonly #timers: NodeJS.Timeout[] = []
  readonly #last = () => void this.#timers.push(setTimeout(() => this.#end.abort(), LAST_MINUTES * 60_000))
  readonly cancel: AbortSignal
  readonly stop: AbortSignal

  constructor(order: JobOrder, log: JobLog) {
    this.#log = log
    this.cancel = AbortSignal.any([order.cancel, order.stop, this.#late.signal])
    this.stop = AbortSignal.any([order.stop, this.#end.signal])
    this.cancel.addEventListener('abort', this.#last, { once: true })
  }

  start(minutes: number): void {
    const late = () => {
      this.#log.error(
        `The job running on runner sandbox has exceeded the maximum execution time of ${minutes} minutes.`,
      )
      this.#late.abort()
    }
    this.#timers.push(setTimeout(late, minutes * 60_000))
  }

  clear(): void {
    // A runner that is stopped later on must not be kept waiting by a job that ended long ago.
    this.cancel.removeEventListener('abort', this.#last)
    for (const timer of this.#timers) clearTimeout(timer)
  }
}

function unknownUse(uses: unknown, options: RunnerOptions): string[] {
  const use = uses ? readUses(String(uses), options) : null
  return use?.use === 'unknown' ? [use.message] : []
}

function outputsOf(order: JobOrder, job: JobState, frame: Frame): Record<string, string> {
  const found = texts(order.definition.token.find('outputs'), scopeOf(job, frame, job.env))
  const safe = Object.entries(found).filter(([name, value]) => {
    const hidden = value !== '' && job.log.masks.touches(value)
    if (hidden) job.log.warning(`Skip output '${name}' since it may contain secret.`)
    return !hidden
  })
  return Object.fromEntries(safe)
}

function reportSteps(order: JobOrder) {
  const plain = (part: unknown) => text(part as never, { contexts: order.contexts })
  const names = order.definition.steps.map((step) => {
    try {
      return stepName(step, plain)
    } catch {
      return String(step.find('name') ?? 'Run')
    }
  })
  const steps = ['Set up job', ...names, 'Complete job'].map((name, index) => ({
    name,
    number: index + 1,
    status: 'queued' as 'queued' | 'in_progress' | 'completed',
    conclusion: null as Conclusion | null,
  }))
  const set = (at: number, status: 'in_progress' | 'completed', conclusion: Conclusion | null) =>
    Object.assign(steps[at] ?? {}, { status, conclusion })
  set(0, 'completed', 'success')
  const tell = () => order.host.stepChanged(order.order, order.handle, steps)
  const watch: StepWatch = {
    started: (index) => {
      set(index + 1, 'in_progress', null)
      tell()
    },
    ended: (index, conclusion) => {
      set(index + 1, 'completed', conclusion)
      tell()
    },
  }
  const finish = (conclusion: Conclusion) => {
    for (const [index, step] of steps.entries()) if (step.status !== 'completed') set(index, 'completed', 'skipped')
    set(steps.length - 1, 'completed', conclusion === 'cancelled' ? 'skipped' : 'success')
    tell()
  }
  return { steps, watch, finish }
}
