// Keeps a task to the process that works it, for as long as its turn takes.
import type { Task } from '../ledger/port.ts'
import { now, type World } from './world.ts'

/**
 * How long the task of a dead process waits for another one: twice as long as a request to GitHub may take, so that what
 * the dead one had sent is done, or never will be, when the next one looks for it.
 */
export const LEASE_SECONDS = 30
/** A turn renews its lease this often while it lasts; one that hangs for this many leases is given to another. */
const RENEWALS_A_LEASE = 6
const MOST_LEASES = 40

/** Keeps others from a task whose turn takes long, as GitHub's answers may; the answer ends that. */
export function keepLease(world: World, task: Task): () => void {
  let left = MOST_LEASES * RENEWALS_A_LEASE
  const timer = setInterval(
    () => {
      left -= 1
      if (left < 0) return clearInterval(timer)
      // Who cannot reach the store cannot keep its lease either.
      world.ledger.renew(task, now(world), LEASE_SECONDS).catch(() => undefined)
    },
    (LEASE_SECONDS / RENEWALS_A_LEASE) * 1000,
  )
  timer.unref()
  return () => clearInterval(timer)
}
