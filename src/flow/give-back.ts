// Gives a task back that did not end well: it is tried again later, or set aside where it fails again and again.
import type { Task } from '../ledger/port.ts'
import { isTransient, reasonOf, waitAsked } from './failure.ts'
import { DENIED_SECONDS, isDenied, restDenied } from './installation.ts'
import { PRUNE } from './prune.ts'
import { REDELIVER } from './redeliver.ts'
import { SWEEP_ALL } from './sweep-all.ts'
import { after, now, type World } from './world.ts'

/** A task that fails by its own fault this often is set aside, with its reason in sight. */
const MOST_FAULTS = 8
/** So often may its turn not end at all: what kills a process takes all its turns with it, whichever is to blame. */
const MOST_DEATHS = 24
const LONGEST_WAIT_SECONDS = 300
/** Jitter is a quarter of the wait, and never more. */
const MOST_JITTER_SECONDS = 30

/** What finds all that was missed is never set aside: it is tried again, however often it failed. */
const ROUNDS = ['sweep', SWEEP_ALL, REDELIVER, PRUNE]

/** Throws where the task may be what kills the processes that work on it. */
export function refuseDeadly(task: Task): void {
  if (task.deaths >= MOST_DEATHS)
    throw new Error(`Its turn never ended: the process died or hung, ${task.deaths} times.`)
}

/** Who had only to wait for GitHub's limits comes back when they let it; who failed, later each time. */
export async function giveBack(world: World, task: Task, error: unknown): Promise<void> {
  const reason = reasonOf(error)
  if (isDenied(error)) {
    restDenied(world, task.owner, reason)
    const wait = DENIED_SECONDS + MOST_JITTER_SECONDS * world.random()
    await world.ledger.postpone(task, after(now(world), wait), reason, 'none')
    return
  }
  const asked = waitAsked(error)
  const fault = !isTransient(error) ? 'own' : asked === null ? 'outage' : 'none'
  if (task.deaths >= MOST_DEATHS || (fault === 'own' && task.faults + 1 >= MOST_FAULTS)) {
    await giveUp(world, task, reason)
    return
  }
  const wait = asked ?? Math.min(LONGEST_WAIT_SECONDS, 2 ** Math.min(task.tries, 10))
  const jitter = Math.min(MOST_JITTER_SECONDS, wait * 0.25) * world.random()
  world.log.warn({ tries: task.tries + 1, wait, reason }, 'A task did not succeed and is tried again')
  await world.ledger.postpone(task, after(now(world), wait + jitter), reason, fault)
}

async function giveUp(world: World, task: Task, reason: string): Promise<void> {
  const tries = task.tries + 1
  if (ROUNDS.some((round) => task.key.startsWith(`${round}:`))) {
    const wait = LONGEST_WAIT_SECONDS
    world.log.error({ tries, wait, reason }, 'A round over all boards fails again and again')
    await world.ledger.postpone(task, after(now(world), wait), reason, 'outage')
    return
  }
  world.log.error({ tries, reason }, 'A task is set aside: it fails again and again')
  await world.ledger.setAside(task, reason)
}
