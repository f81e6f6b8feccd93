// Wakes the sweep of every organization that has installed the app: once at each start, because nobody listened before.
import { now, type World } from './world.ts'

export const SWEEP_ALL = 'sweeps'
/** A row in the store, so that a GitHub that is out of order delays the sweep and not the start. */
export const SWEEP_ALL_TASK = { key: 'sweeps:all', owner: '-' }

export async function sweepAll(world: World): Promise<void> {
  for (const { owner } of await world.installations.all()) await world.ledger.wake(`sweep:${owner}`, owner, now(world))
}
