// Keeps the log of webhook deliveries: three days, newest first, as the app may ask for it.
import type { Delivery } from './delivery.ts'
import type { World } from './world.ts'

const KEPT_MS = 3 * 86_400_000

/** Adds a delivery to the log; its id is given here. */
export function recordDelivery(world: World, delivery: Omit<Delivery, 'id'>): Delivery {
  const recorded = { ...delivery, id: world.nextId('delivery') }
  world.deliveries.push(recorded)
  return recorded
}

/** The app's deliveries that GitHub still remembers, newest first. */
export function deliveriesOf(world: World, appId: number): Delivery[] {
  const oldest = world.time() - KEPT_MS
  return world.deliveries
    .filter((delivery) => delivery.appId === appId && Date.parse(delivery.deliveredAt) >= oldest)
    .reverse()
}

/** A GUID for a delivery that is new in this world and the same in the next run of it. */
export function nextGuid(world: World): string {
  const hex = world.nextHex('guid', 32)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
