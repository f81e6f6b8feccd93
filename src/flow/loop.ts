// The loop: takes deliveries and due tasks from the store, one process a card at a time, until it is told to stop.
import type { Delivery, Task } from '../ledger/port.ts'
import { advance } from './advance.ts'
import { nextSweep, sweep } from './sweep.ts'
import { after, now, type World } from './world.ts'

/** `deliver` reads one stored delivery and tells its cards. `workers`: how many cards this process takes at once. */
export type LoopSettings = { deliver: (delivery: Delivery) => Promise<void>; workers?: number; idleMs?: number }

export type Loop = {
  nudge(): void
  stop(): Promise<void> /** Settles when nothing is due and no one works. */
  idle(): Promise<void>
}

const LEASE_SECONDS = 120
/** A task that fails by our own fault this often is set aside, with its reason in sight. */
const MOST_TRIES = 8
const LONGEST_WAIT_SECONDS = 300

export function startLoop(world: World, settings: LoopSettings): Loop {
  const idleMs = settings.idleMs ?? 250
  let stopping = false
  let busy = 0
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
    run(() => routeDeliveries(world, settings.deliver, nudge)),
    ...Array.from({ length: settings.workers ?? 4 }, () => run(() => workTask(world))),
  ]
  return {
    nudge,
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

/** Deliveries are told in the order they came; one that cannot be read is dropped, since it would never become readable. */
async function routeDeliveries(world: World, deliver: LoopSettings['deliver'], nudge: () => void): Promise<boolean> {
  const deliveries = await world.ledger.deliveries(100)
  if (deliveries.length === 0) return false
  for (const delivery of deliveries) {
    try {
      await deliver(delivery)
    } catch (error) {
      if (isTransient(error)) throw error
      world.log.warn(
        { delivery: delivery.guid, event: delivery.event, reason: reasonOf(error) },
        'A delivery could not be read',
      )
    }
  }
  await world.ledger.routed(deliveries.map((delivery) => delivery.guid))
  nudge()
  return true
}

async function workTask(world: World): Promise<boolean> {
  const task = await world.ledger.claim(now(world), LEASE_SECONDS)
  if (task === null) return false
  try {
    await world.ledger.finish(task, await work(world, task))
  } catch (error) {
    await giveBack(world, task, error)
  }
  return true
}

async function work(world: World, task: Task): Promise<string | null> {
  const [kind, name = ''] = split(task.key)
  switch (kind) {
    case 'card':
      return advance(world, {
        stream: task.key,
        item: name,
        owner: task.owner,
        knocks: task.knocks.map(({ text }) => JSON.parse(text)),
      })
    case 'sweep': {
      const swept = await sweep(world, task.owner)
      world.log.info({ owner: task.owner, ...swept }, 'Boards were read again')
      return nextSweep(world)
    }
    default:
      throw new Error(`Nobody knows how to work on ${task.key}.`)
  }
}

async function giveBack(world: World, task: Task, error: unknown): Promise<void> {
  const reason = reasonOf(error)
  const transient = isTransient(error)
  if (!transient && task.tries + 1 >= MOST_TRIES) {
    world.log.error({ task: task.key, tries: task.tries + 1, reason }, 'A task is set aside: it fails again and again')
    await world.ledger.setAside(task, reason)
    return
  }
  const asked = (error as { retryAfter?: number | null }).retryAfter
  const wait = asked ?? Math.min(LONGEST_WAIT_SECONDS, 2 ** Math.min(task.tries, 10))
  const jitter = asked === 0 ? 0 : wait * 0.25 * world.random()
  world.log.warn({ task: task.key, tries: task.tries + 1, wait, reason }, 'A task did not succeed and is tried again')
  await world.ledger.postpone(task, after(now(world), wait + jitter), reason)
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && (error as { transient?: boolean }).transient === true
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function split(key: string): [string, string] {
  const colon = key.indexOf(':')
  return [key.slice(0, colon), key.slice(colon + 1)]
}
