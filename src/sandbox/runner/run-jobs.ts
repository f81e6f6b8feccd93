// The jobs of one run in the order that `needs` allows, each over its matrix, and the worst of their ends.

import { ArtifactShelf } from './artifact-shelf.ts'
import { holds, resolve, type Scope, type Standing, text } from './expressions.ts'
import type { Conclusion } from './host.ts'
import { type Combination, combinationLabel, combinations } from './matrix.ts'
import { enterGroup, type Run } from './run.ts'
import { type JobResult, type RunFrame, runJob } from './run-job.ts'
import { Places } from './turns.ts'
import type { JobDefinition, WorkflowFile } from './workflow-file.ts'

export class Jobs {
  readonly #run: Run
  readonly #file: WorkflowFile
  readonly #scope: Scope
  readonly #frame: RunFrame
  readonly #results = new Map<string, Promise<JobResult>>()
  readonly #ended = new Map<string, JobResult>()
  #started = false

  constructor(run: Run, file: WorkflowFile, scope: Scope) {
    this.#run = run
    this.#file = file
    this.#scope = scope
    const { order, host, options, service, stop } = run
    const keeper = { keep: host.keepArtifact.bind(host, order), remove: host.removeArtifact.bind(host, order) }
    this.#frame = { order, host, options, file, service, shelf: new ArtifactShelf(keeper), stop }
  }

  async all(): Promise<Conclusion> {
    const results = await Promise.all(this.#file.jobs.map((job) => this.#result(job)))
    const found = new Set(results.map((result) => result.conclusion))
    const forgiving = this.#file.jobs
      .filter((job) => String(job.token.find('continue-on-error')) === 'true')
      .map((job) => job.id)
    const failed = this.#file.jobs.some(
      (job) => this.#ended.get(job.id)?.conclusion === 'failure' && !forgiving.includes(job.id),
    )
    if (failed) return 'failure'
    if (found.has('cancelled')) return 'cancelled'
    return found.has('success') || found.has('failure') ? 'success' : 'skipped'
  }

  #result(job: JobDefinition): Promise<JobResult> {
    const known = this.#results.get(job.id)
    if (known) return known
    const needed = this.#file.jobs.filter((other) => job.needs.includes(other.id)).map((other) => this.#result(other))
    const result = Promise.all(needed).then(() => this.#runAll(job))
    this.#results.set(job.id, result)
    return result.then((ended) => {
      this.#ended.set(job.id, ended)
      return ended
    })
  }

  // Every combination of the job's matrix; the job's result is the worst of theirs.
  async #runAll(job: JobDefinition): Promise<JobResult> {
    const needs = Object.fromEntries(
      job.needs.map((id) => [id, { result: this.#ended.get(id)?.conclusion, outputs: this.#ended.get(id)?.outputs }]),
    )
    const contexts = { ...this.#scope.contexts, needs }
    try {
      if (!holds(job.token.find('if'), { contexts, standing: this.#standing(job) })) {
        return this.#unrun(job, this.#run.cancel.signal.aborted ? 'cancelled' : 'skipped')
      }
      const foreign = ['uses', 'container', 'services'].find((key) => job.token.find(key))
      if (foreign)
        return this.#unrun(job, 'failure', `The sandbox cannot run job '${job.id}': it knows no '${foreign}'.`)
      const strategy = resolve(job.token.find('strategy'), { contexts }) as
        | { matrix?: unknown; 'fail-fast'?: boolean; 'max-parallel'?: number }
        | undefined
      const found = combinations(strategy?.matrix)
      const failFast = new AbortController()
      const parallel = new Places(strategy?.['max-parallel'] ?? found?.length ?? 1)
      const results = await Promise.all(
        (found ?? [null]).map(async (matrix, index) => {
          const leave = await parallel.take(this.#run.cancel.signal)
          const strategyContext = {
            'fail-fast': strategy?.['fail-fast'] ?? true,
            'job-index': index,
            'job-total': found?.length ?? 1,
            'max-parallel': strategy?.['max-parallel'] ?? found?.length ?? 1,
          }
          const result = await this.#runOne(
            job,
            matrix,
            { ...contexts, matrix: matrix ?? {}, strategy: strategyContext },
            failFast.signal,
          )
          if (result.conclusion === 'failure' && strategyContext['fail-fast']) failFast.abort()
          leave()
          return result
        }),
      )
      const worst =
        (['failure', 'cancelled', 'success'] as const).find((one) =>
          results.some((result) => result.conclusion === one),
        ) ?? 'skipped'
      return { conclusion: worst, outputs: Object.assign({}, ...results.map((result) => result.outputs)) }
    } catch (error) {
      return this.#unrun(job, 'failure', (error as Error).message)
    }
  }

  async #runOne(
    job: JobDefinition,
    matrix: Combination | null,
    contexts: Scope['contexts'],
    failFast: AbortSignal,
  ): Promise<JobResult> {
    const { host, order, places } = this.#run
    const name = this.#name(job, matrix, contexts)
    const handle = host.jobQueued(order, { name, labels: labels(resolve(job.token.find('runs-on'), { contexts })) })
    const own = new AbortController()
    const cancel = AbortSignal.any([this.#run.cancel.signal, failFast, own.signal])
    const leaveGroup = await enterGroup(this.#run, job.token.find('concurrency'), { contexts }, own)
    const leavePlace = await places.take(cancel)
    try {
      // Steps with `always()` of a job that had begun still run; one that is cancelled while it waits does not begin.
      const lateButWanted =
        !own.signal.aborted && holds(job.token.find('if'), { contexts, standing: this.#standing(job) })
      if (cancel.aborted && (failFast.aborted || !lateButWanted)) {
        host.jobEnded(order, handle, { conclusion: 'cancelled', log: '', summary: '', annotations: [] })
        return { conclusion: 'cancelled', outputs: {} }
      }
      if (!this.#started) host.runStarted(order)
      this.#started = true
      return await runJob({ ...this.#frame, definition: job, handle, contexts, cancel: lateAllowed(this.#run, cancel) })
    } finally {
      leavePlace()
      leaveGroup()
    }
  }

  #name(job: JobDefinition, matrix: Combination | null, contexts: Scope['contexts']): string {
    const token = job.token.find('name')
    const name = text(token, { contexts }) || job.id
    return matrix && !token?.isExpression ? `${name} ${combinationLabel(matrix)}` : name
  }

  #unrun(job: JobDefinition, conclusion: Conclusion, message = ''): JobResult {
    const { host, order } = this.#run
    const handle = host.jobQueued(order, { name: job.id, labels: [] })
    const annotations = message ? [{ level: 'failure' as const, message, title: null, file: null, line: null }] : []
    host.jobEnded(order, handle, { conclusion, log: message && `##[error]${message}\n`, summary: '', annotations })
    return { conclusion, outputs: {} }
  }

  #standing(job: JobDefinition): Standing {
    const cancelled = this.#run.cancel.signal.aborted
    const direct = job.needs.map((id) => this.#ended.get(id)?.conclusion)
    const failed = this.#ancestors(job).some((id) => this.#ended.get(id)?.conclusion === 'failure')
    return {
      failed: failed && !cancelled,
      cancelled,
      succeeded: !cancelled && direct.every((one) => one === 'success'),
    }
  }

  #ancestors(job: JobDefinition): string[] {
    return job.needs.flatMap((id) => {
      const above = this.#file.jobs.find((other) => other.id === id)
      return above ? [id, ...this.#ancestors(above)] : [id]
    })
  }
}

// A job that a cancelled run still wants begins as if nothing were cancelled; only the runner's stop ends it.
function lateAllowed(run: Run, cancel: AbortSignal): AbortSignal {
  return cancel.aborted ? run.stop : cancel
}

function labels(runsOn: unknown): string[] {
  if (typeof runsOn === 'object' && runsOn !== null && !Array.isArray(runsOn))
    return labels((runsOn as { labels?: unknown }).labels)
  return [runsOn].flat().filter((label) => typeof label === 'string')
}
