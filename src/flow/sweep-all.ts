// Wakes the sweep of every organization that has installed the app: at each start, because nobody listened before, and
// again with every sweep, because the webhook that tells of an installation may never come.
import { after, now, type World } from './world.ts'

export const SWEEP_ALL = 'sweeps'
/** A row in the store, so that a GitHub that is out of order delays the sweep and not the start. */
export const SWEEP_ALL_TASK = { key: 'sweeps:all', owner: '-' }

/** What a start tells it. */
export const STARTED = JSON.stringify({ knock: 'started' })

/** Answers when to look again. `started`: everybody is swept at once; else who is not known to be swept yet, a sweep later. */
export async function sweepAll(world: World, started: boolean): Promise<string> {
  const next = after(now(world), world.sweepSeconds)
  // Whoever is due earlier stays so: nobody is swept more often for this.
  const due = started ? now(world) : next
  const installed = await world.installations.all()
  await Promise.all(installed.map(({ owner }) => world.ledger.wake(`sweep:${owner}`, owner, due)))
  return next
}
