// The loop: takes deliveries and due tasks from the store, one process a card at a time, until it is told to stop.
import type { Task } from '../ledger/port.ts'
import { advance } from './advance.ts'
import { isTransient, reasonOf, waitAsked } from './failure.ts'
import { DENIED_SECONDS, forgetInstallation, isDenied } from './installation.ts'
import { keepLease, LEASE_SECONDS } from './lease.ts'
import { logAbout } from './log-context.ts'
import { nextPrune, PRUNE, pruneStore } from './prune.ts'
import { REDELIVER, redeliver } from './redeliver.ts'
import type { Told } from './route.ts'
import { nextSweep, type Swept, sweep } from './sweep.ts'
import { SWEEP_ALL, sweepAll } from './sweep-all.ts'
import { type Read, tellDeliveries } from './tell.ts'
import { after, now, type World } from './world.ts'

/** `workers`: how many cards this process takes at once. */
export type LoopSettings = {
  read: Read
  /** Waited for before each step: the door goes first. */
  giveWay?: () => Promise<void>
  workers?: number
  idleMs?: number
  onSweep?: (swept: Swept) => void
}

export type Loop = {
  nudge(): void
  stop(): Promise<void>
  /** Settles when nothing is due and no one works. */
  idle(): Promise<void>
  /** Seconds since a worker last asked the store for work and was answered. */
  sinceClaim(): number
}

/** A task that fails by its own fault this often is set aside, with its reason in sight. */
const MOST_FAULTS = 8
const LONGEST_WAIT_SECONDS = 300
/** Jitter is a quarter of the wait, and never more. */
const MOST_JITTER_SECONDS = 30

export function startLoop(world: World, settings: LoopSettings): Loop {
  const idleMs = settings.idleMs ?? 250
  let stopping = false
  let busy = 0
  let claimedAt = performance.now()
  const rings: (() => void)[] = []
  const nudge = () => {
    for (const ring of rings.splice(0)) ring()
  }
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, idleMs)
      rings.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  const run = async (step: () => Promise<boolean>) => {
    while (!stopping) {
      await settings.giveWay?.()
      busy += 1
      const worked = await step()
        .catch((error: unknown) => {
          world.log.error({ reason: reasonOf(error) }, 'The store could not be used')
          return false
        })
        .finally(() => {
          busy -= 1
        })
      if (!worked && !stopping) await rest()
    }
  }
  const hands = [
    run(async () => {
      const told = await tellDeliveries(world, settings.read)
      if (told) nudge()
      return told
    }),
    ...Array.from({ length: settings.workers ?? 4 }, () =>
      run(() => workTask(world, settings, () => (claimedAt = performance.now()))),
    ),
  ]
  return {
    nudge,
    sinceClaim: () => (performance.now() - claimedAt) / 1000,
    async stop() {
      stopping = true
      nudge()
      await Promise.all(hands)
    },
    async idle() {
      for (let quiet = 0; quiet < 2; ) {
        const backlog = await world.ledger.backlog(now(world))
        quiet = busy === 0 && backlog.due === 0 && backlog.leased === 0 && backlog.deliveries === 0 ? quiet + 1 : 0
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

async function workTask(world: World, settings: LoopSettings, claimed: () => void): Promise<boolean> {
  const task = await world.ledger.claim(now(world), LEASE_SECONDS)
  claimed()
  if (task === null) return false
  const knocks: Told[] = task.knocks.map(({ text }) => JSON.parse(text))
  const [kind, name] = split(task.key)
  const deliveries = knocks.flatMap(({ delivery }) => delivery ?? []).slice(0, 5)
  const about = {
    task: task.key,
    ...(task.owner !== '-' && { owner: task.owner }),
    ...(kind === 'card' && { card: name }),
  }
  const release = keepLease(world, task)
  await logAbout({ ...about, ...(deliveries.length > 0 && { deliveries }) }, async () => {
    try {
      if (task.faults >= MOST_FAULTS)
        throw new Error(`Its turn never ended: the process died or hung, ${task.faults} times.`)
      await world.ledger.finish(task, await work(world, task, knocks, settings))
    } catch (error) {
      await giveBack(world, task, error)
    } finally {
      release()
    }
  })
  return true
}

async function work(world: World, task: Task, knocks: Told[], settings: LoopSettings): Promise<string | null> {
  const [kind, name] = split(task.key)
  switch (kind) {
    case 'card':
      return advance(world, { stream: task.key, item: name, owner: task.owner, knocks })
    case 'sweep': {
      const swept = await sweep(world, task.owner)
      settings.onSweep?.(swept)
      world.log.info(swept, 'Boards were read again')
      return nextSweep(world)
    }
    case SWEEP_ALL:
      await sweepAll(world)
      return null
    case REDELIVER:
      return redeliver(world)
    case PRUNE:
      await pruneStore(world)
      return nextPrune(world)
    default:
      throw new Error(`Nobody knows how to work on ${task.key}.`)
  }
}

/** Who had only to wait for GitHub's limits comes back when they let it; who failed, later each time. */
async function giveBack(world: World, task: Task, error: unknown): Promise<void> {
  const reason = reasonOf(error)
  if (isDenied(error)) {
    // Perhaps nobody told us that the installation was removed, suspended or given other permissions.
    forgetInstallation(world, task.owner)
    world.log.warn({ wait: DENIED_SECONDS, reason }, 'GitHub does not let the app work here; the task waits for that')
    const wait = DENIED_SECONDS + MOST_JITTER_SECONDS * world.random()
    await world.ledger.postpone(task, after(now(world), wait), reason, 'none')
    return
  }
  const asked = waitAsked(error)
  const fault = !isTransient(error) ? 'own' : asked === null ? 'outage' : 'none'
  if (fault === 'own' && task.faults + 1 >= MOST_FAULTS) {
    world.log.error({ tries: task.faults + 1, reason }, 'A task is set aside: it fails again and again')
    await world.ledger.setAside(task, reason)
    return
  }
  const wait = asked ?? Math.min(LONGEST_WAIT_SECONDS, 2 ** Math.min(task.tries, 10))
  const jitter = Math.min(MOST_JITTER_SECONDS, wait * 0.25) * world.random()
  world.log.warn({ tries: task.tries + 1, wait, reason }, 'A task did not succeed and is tried again')
  await world.ledger.postpone(task, after(now(world), wait + jitter), reason, fault)
}

function split(key: string): [string, string] {
  const colon = key.indexOf(':')
  return [key.slice(0, colon), key.slice(colon + 1)]
}
