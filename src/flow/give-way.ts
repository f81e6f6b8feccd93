// Lets a flood of deliveries go before the work behind the door, and bounds how long that work waits.
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** So many deliveries within so many milliseconds are a flood, where the process is idle for less than half of its time. */
const FLOOD = 50
const WITHIN_MS = 250
const IDLE = 0.5
/** However long a flood lasts, one step of the work is done each so many milliseconds. */
const LONGEST_MS = 200
const LOOK_MS = 50

/** The process's own time: milliseconds since some moment, and the idle share of the next `milliseconds`. */
export type Time = { now(): number; idle(milliseconds: number): Promise<number> }

const TIME: Time = {
  now: () => performance.now(),
  async idle(milliseconds) {
    const before = performance.eventLoopUtilization()
    await sleep(milliseconds)
    return 1 - performance.eventLoopUtilization(before).utilization
  },
}

export function createWay(time: Time = TIME) {
  const arrivals: number[] = Array(FLOOD).fill(Number.NEGATIVE_INFINITY)
  let next = 0
  let lastStep = Number.NEGATIVE_INFINITY
  let line: Promise<void> = Promise.resolve()
  const flooded = () => time.now() - (arrivals[next] ?? 0) < WITHIN_MS
  const wait = async () => {
    while (flooded() && time.now() - lastStep < LONGEST_MS) if ((await time.idle(LOOK_MS)) >= IDLE) break
    lastStep = time.now()
  }
  return {
    /** A delivery is at the door. */
    arrived(): void {
      arrivals[next] = time.now()
      next = (next + 1) % FLOOD
    },
    /** Settles at once, or, in a flood, when there is time or it is this step's turn. */
    giveWay(): Promise<void> {
      if (!flooded()) return Promise.resolve()
      line = line.then(wait)
      return line
    },
  }
}
