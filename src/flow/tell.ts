// Tells stored deliveries to their cards, a batch at a time.
import type { Delivery, Wake } from '../ledger/port.ts'
import { isTransient, reasonOf } from './failure.ts'
import { isDenied } from './installation.ts'
import { logAbout } from './log-context.ts'
import type { World } from './world.ts'

/** Reads one delivery: whom it wakes. */
export type Read = (delivery: Delivery) => Promise<Wake[]>

type Heard = { delivery: Delivery; wakes: Wake[] }

const BATCH = 100

/**
 * Deliveries are told in the order they came. One that cannot be read is dropped, since it would never become readable;
 * one that an outage keeps from its cards, or a GitHub that refuses the app itself, comes up again when its lease ends,
 * and holds up no other. False: none waited.
 */
export async function tellDeliveries(world: World, read: Read): Promise<boolean> {
  const deliveries = await world.ledger.deliveries(BATCH)
  if (deliveries.length === 0) return false
  const heard: Heard[] = []
  for (const delivery of deliveries) {
    try {
      heard.push({ delivery, wakes: await logAbout({ delivery: delivery.guid }, () => read(delivery)) })
    } catch (error) {
      if (!isTransient(error) && !isDenied(error)) heard.push(drop(world, delivery, error))
      else world.log.warn(about(delivery, error), 'A delivery could not be told to its cards yet')
    }
  }
  await tell(world, heard).catch(async (error: unknown) => {
    if (isTransient(error)) throw error
    // One that the store does not take fails all that were told with it: alone, only that one fails.
    for (const one of heard) await tell(world, [one]).catch((fault) => tell(world, [drop(world, one.delivery, fault)]))
  })
  return true
}

function tell(world: World, heard: Heard[]): Promise<void> {
  return world.ledger.routed(
    heard.map(({ delivery }) => delivery.guid),
    heard.flatMap(({ wakes }) => wakes),
  )
}

function drop(world: World, delivery: Delivery, error: unknown): Heard {
  world.log.warn(about(delivery, error), 'A delivery could not be read')
  return { delivery, wakes: [] }
}

function about({ guid, event }: Delivery, error: unknown) {
  return { delivery: guid, event, reason: reasonOf(error) }
}
