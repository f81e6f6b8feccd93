// Forgets what is long done with, once a day for all processes together. The ledger itself is never pruned.
import { after, now, type World } from './world.ts'

export const PRUNE = 'prune'
/** One row in the store, however many processes there are. No organization can have this name. */
export const PRUNE_TASK = { key: 'prune:store', owner: '-' }

const DAY = 86_400
/**
 * GitHub can deliver again for 3 days (7 on Enterprise Server): a GUID forgotten earlier would count as new. Twice that,
 * to be sure.
 */
const KEPT_DAYS = 14

export async function pruneStore(world: World): Promise<void> {
  const pruned = await world.ledger.prune(after(now(world), -KEPT_DAYS * DAY))
  world.log.info(pruned, 'What is long done with was forgotten')
}

export function nextPrune(world: World): string {
  return after(now(world), DAY)
}
