// The sandbox's workflow runner: takes runs, carries them out on this machine, a few jobs at a time.
import { setImmediate } from 'node:timers/promises'
import { ArtifactService } from './artifact-service.ts'
import type { Conclusion, RunnerHost, RunnerOptions, RunOrder } from './host.ts'
import { runWorkflow } from './run-workflow.ts'
import { Groups, Places } from './turns.ts'

const JOBS = 2
const RUN_MINUTES = 35 * 24 * 60

export class Runner {
  readonly #host: RunnerHost
  readonly #options: RunnerOptions
  readonly #service: ArtifactService
  readonly #places: Places
  readonly #groups = new Groups()
  readonly #stop = new AbortController()
  readonly #running = new Map<string, { cancel: AbortController; ended: Promise<void> }>()

  private constructor(host: RunnerHost, options: RunnerOptions, service: ArtifactService) {
    this.#host = host
    this.#options = options
    this.#service = service
    this.#places = new Places(options.jobs ?? JOBS)
  }

  /** Opens the artifact service on two loopback ports of its own. `stop` closes them. */
  static async start(host: RunnerHost, options: RunnerOptions = {}): Promise<Runner> {
    return new Runner(host, options, await ArtifactService.start((id) => host.artifactLink(id)))
  }

  /** Takes a run; the host hears of its way. Never throws. A runner that was stopped leaves it queued. */
  take(order: RunOrder): void {
    if (this.#stop.signal.aborted) return
    const cancel = new AbortController()
    const ended = this.#carryOut(order, cancel).finally(() => this.#running.delete(keyOf(order)))
    this.#running.set(keyOf(order), { cancel, ended })
  }

  /** As the button on GitHub: the step in hand is interrupted, those with `always()` still run. */
  cancel(run: number, attempt: number): void {
    this.#running.get(keyOf({ id: run, attempt }))?.cancel.abort()
  }

  /** Resolves once no run is in hand. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all([...this.#running.values()].map((run) => run.ended))
  }

  /** Ends all runs at once and closes the artifact service. */
  async stop(): Promise<void> {
    this.#stop.abort()
    for (const { cancel } of this.#running.values()) cancel.abort()
    await this.idle()
    await this.#service.stop()
  }

  async #carryOut(order: RunOrder, cancel: AbortController): Promise<void> {
    const limit = Math.min((this.#options.runMinutes ?? RUN_MINUTES) * 60_000, 2 ** 31 - 1)
    const timer = setTimeout(() => cancel.abort(), limit)
    let conclusion: Conclusion = 'failure'
    // Whoever asked for the run gets the answer first.
    await setImmediate()
    try {
      conclusion = await runWorkflow({
        order,
        host: this.#host,
        options: this.#options,
        service: this.#service,
        places: this.#places,
        groups: this.#groups,
        cancel,
        stop: this.#stop.signal,
      })
    } catch (error) {
      // A bug of the runner or its host, not of the workflow: say it loudly, and let the run not hang.
      console.error(error)
    }
    clearTimeout(timer)
    this.#host.runEnded(order, conclusion)
  }
}

function keyOf(run: { id: number; attempt: number }): string {
  return `${run.id}/${run.attempt}`
}
