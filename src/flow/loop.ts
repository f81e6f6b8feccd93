// The loop: takes deliveries and due tasks from the store, one process a card at a time, until it is told to stop.
import type { Task } from '../ledger/port.ts'
import { advance } from './advance.ts'
import { reasonOf } from './failure.ts'
import { giveBack, refuseDeadly } from './give-back.ts'
import { keepLease, LEASE_SECONDS } from './lease.ts'
import { logAbout } from './log-context.ts'
import { nextPrune, PRUNE, pruneStore } from './prune.ts'
import { REDELIVER, redeliver } from './redeliver.ts'
import { POLICY_REVIEW, reviewPolicy } from './review-policy.ts'
import type { Told } from './route.ts'
import { nextSweep, type Swept, sweep } from './sweep.ts'
import { SWEEP_ALL, sweepAll } from './sweep-all.ts'
import { type Read, tellDeliveries } from './tell.ts'
import { now, type World } from './world.ts'

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

/** A store that fails is asked less and less often, but every few seconds. */
const LONGEST_REST_MS = 5_000
const SAID_AGAIN_MS = 60_000

export function startLoop(world: World, settings: LoopSettings): Loop {
  const idleMs = settings.idleMs ?? 250
  let stopping = false
  let busy = 0
  let claimedAt = performance.now()
  const rings = new Set<() => void>()
  const nudge = () => {
    for (const ring of rings) ring()
  }
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const ring = () => {
        clearTimeout(timer)
        rings.delete(ring)
        resolve()
      }
      const timer = setTimeout(ring, ms)
      rings.add(ring)
    })
  const complain = sayRarely((reason) => world.log.error({ reason }, 'The store could not be used'))
  const run = async (step: () => Promise<boolean>) => {
    let failures = 0
    while (!stopping) {
      await settings.giveWay?.()
      busy += 1
      let worked = false
      try {
        worked = await step()
        failures = 0
      } catch (error) {
        failures += 1
        complain(reasonOf(error))
      } finally {
        busy -= 1
      }
      if (!worked && !stopping) await rest(Math.min(LONGEST_REST_MS, idleMs * 2 ** Math.min(failures, 10)))
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

/** The hands all meet the same trouble, and each of them again and again: it is told once a minute. */
function sayRarely(say: (reason: string) => void): (reason: string) => void {
  let last = { reason: '', at: 0 }
  return (reason) => {
    const at = performance.now()
    if (reason === last.reason && at - last.at < SAID_AGAIN_MS) return
    last = { reason, at }
    say(reason)
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
      refuseDeadly(task)
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
    case 'sweep':
      await sweep(world, task.owner, (swept) => settings.onSweep?.(swept))
      return nextSweep(world)
    case POLICY_REVIEW:
      await reviewPolicy(world, task.owner, name, knocks.length > 0)
      return null
    case SWEEP_ALL:
      return sweepAll(world, knocks.length > 0)
    case REDELIVER:
      return redeliver(world)
    case PRUNE:
      await pruneStore(world)
      return nextPrune(world)
    default:
      throw new Error(`Nobody knows how to work on ${task.key}.`)
  }
}

function split(key: string): [string, string] {
  const colon = key.indexOf(':')
  return [key.slice(0, colon), key.slice(colon + 1)]
}
