// Who may run now: a bounded number of jobs at once, and one holder of each `concurrency` group.

/** A bounded number of places, given out in the order asked. */
export class Places {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(count: number) {
    this.#free = count
  }

  /** Answers with how to leave, once there is a place; at once and without one where `cancelled` is aborted. */
  async take(cancelled: AbortSignal): Promise<() => void> {
    if (cancelled.aborted) return () => {}
    if (this.#free > 0) this.#free -= 1
    else if (!(await this.#wait(cancelled))) return () => {}
    let given = true
    return () => {
      if (given) this.#giveOn()
      given = false
    }
  }

  #wait(cancelled: AbortSignal): Promise<boolean> {
    return new Promise((done) => {
      const go = () => done(true)
      this.#waiting.add(go)
      cancelled.addEventListener('abort', () => done(!this.#waiting.delete(go)), { once: true })
    })
  }

  #giveOn(): void {
    const [next] = this.#waiting
    if (!next) this.#free += 1
    else {
      this.#waiting.delete(next)
      next()
    }
  }
}

type Holder = { cancel: () => void; leave: () => void; go: (() => void) | null }

/** GitHub's groups: one runs, the newest waits, those that waited before it are cancelled. */
export class Groups {
  readonly #running = new Map<string, Holder>()
  readonly #waiting = new Map<string, Holder>()

  /** Answers once it is one's turn, or once `cancel` was called on the way; the answer is how to leave. */
  async enter(group: string, cancelRunning: boolean, cancel: () => void, cancelled: AbortSignal): Promise<() => void> {
    const holder: Holder = { cancel, leave: () => this.#leave(group, holder), go: null }
    const running = this.#running.get(group)
    if (!running) {
      this.#running.set(group, holder)
      return holder.leave
    }
    const replaced = this.#waiting.get(group)
    this.#waiting.set(group, holder)
    replaced?.cancel()
    if (cancelRunning) running.cancel()
    await new Promise<void>((go) => {
      holder.go = go
      cancelled.addEventListener('abort', () => go(), { once: true })
      if (cancelled.aborted) go()
    })
    return holder.leave
  }

  #leave(group: string, holder: Holder): void {
    if (this.#waiting.get(group) === holder) this.#waiting.delete(group)
    if (this.#running.get(group) !== holder) return
    const next = this.#waiting.get(group)
    this.#waiting.delete(group)
    if (next) this.#running.set(group, next)
    else this.#running.delete(group)
    next?.go?.()
  }
}
