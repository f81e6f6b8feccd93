// Finds the deliveries that GitHub could not hand over, in the app's own log there, and asks for them once more.
import type { Attempt } from '../github/port.ts'
import { isTransient, reasonOf } from './failure.ts'
import { isDenied } from './installation.ts'
import { after, now, type World } from './world.ts'

export const REDELIVER = 'redeliver'
/** One row in the store, however many processes there are. No organization can have this name. */
export const REDELIVER_TASK = { key: 'redeliver:app', owner: '-' }

/** GitHub forgets what it logged after this. */
const LOGGED_SECONDS = 3 * 86_400
/** An attempt may come into the log later than younger ones: the end of each round is read once more by the next. */
const OVERLAP_SECONDS = 600
/** Requests of one run: a hundred attempts each; and what it may ask for again, so that it floods nobody. */
const MOST_PAGES = 10
const MOST_REDELIVERED = 100
/** When a run has more to do. */
const SOON_SECONDS = 15
/** What fails this often again will not be taken: its card is found by the sweep. */
const MOST_TIMES = 3

/** `at`: the attempt that was asked for again, by GitHub's clock. */
type Asked = Record<string, { at: string; times: number }>

/**
 * How far the log was read: up to `since`, all that could be done was done. `round`: a reading from the newest attempt
 * (`newest`) back to `since` that is still under way; `arrived`: what it met that was delivered at a later attempt.
 */
type Progress = {
  since: string
  round: { newest: string | null; cursor: string | null; arrived: string[] } | null
  asked: Asked
}

/** One run, and when the next is due. What fails and would fail again is logged: this task is never set aside. */
export async function redeliver(world: World): Promise<string> {
  const kept = await world.ledger.handle('app', 'deliveries')
  const before: Progress = kept
    ? JSON.parse(kept)
    : { since: after(now(world), -LOGGED_SECONDS), round: null, asked: {} }
  const run = new Run(world, before)
  try {
    return (await run.read()) ? after(now(world), world.sweepSeconds) : after(now(world), SOON_SECONDS)
  } catch (error) {
    // The place in the log may be what failed: the next run begins at its newest end.
    run.progress.round = null
    if (isTransient(error)) throw error
    world.log.error({ reason: reasonOf(error) }, 'The log of deliveries could not be read; the next run tries again')
    return after(now(world), world.sweepSeconds)
  } finally {
    await world.ledger.keepHandle('app', 'deliveries', JSON.stringify(run.progress))
    if (run.redelivered > 0)
      world.log.info({ redelivered: run.redelivered }, 'Deliveries that had failed were asked for again')
  }
}

class Run {
  progress: Progress
  redelivered = 0
  private readonly world: World

  constructor(world: World, progress: Progress) {
    this.world = world
    this.progress = progress
  }

  /** True where the round came to its end. */
  async read(): Promise<boolean> {
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const round = this.progress.round ?? { newest: null, cursor: null, arrived: [] }
      this.progress.round = round
      const { attempts, cursor } = await this.world.deliveryLog.page(round.cursor)
      round.newest ??= attempts[0]?.at ?? null
      for (const attempt of attempts) {
        if (attempt.at < this.progress.since) return this.end()
        // The same page is read again by the next run: what was asked for is known by then.
        if (this.redelivered >= MOST_REDELIVERED) return false
        await this.settle(attempt, round.arrived)
      }
      if (cursor === null) return this.end()
      round.cursor = cursor
    }
    return false
  }

  /** The newest attempts come first, so an attempt that is met later was made earlier. */
  private async settle(attempt: Attempt, arrived: string[]): Promise<void> {
    const { guid, at } = attempt
    const { asked } = this.progress
    if (!attempt.failed) {
      // A first attempt that arrived has none before it.
      if (attempt.redelivery) arrived.push(guid)
      delete asked[guid]
      return
    }
    const before = Object.hasOwn(asked, guid) ? asked[guid] : undefined
    if (!attempt.heard || arrived.includes(guid) || (before && at <= before.at)) return
    const times = (before?.times ?? 0) + 1
    if (times <= MOST_TIMES && (await this.askFor(attempt))) this.redelivered += 1
    if (times === MOST_TIMES + 1)
      this.world.log.warn({ delivery: guid }, 'A delivery failed again and again; it is left to the sweep')
    asked[guid] = { at, times }
  }

  /** One that GitHub will not deliver again keeps no older one from being asked for. */
  private async askFor({ id, guid }: Attempt): Promise<boolean> {
    try {
      return await this.world.deliveryLog.redeliver(id)
    } catch (error) {
      if (isTransient(error) || isDenied(error)) throw error
      this.world.log.warn({ delivery: guid, reason: reasonOf(error) }, 'GitHub does not deliver this one again')
      return false
    }
  }

  private end(): true {
    const { round, since, asked } = this.progress
    const forgotten = after(now(this.world), -LOGGED_SECONDS)
    this.progress = {
      since: round?.newest ? ([since, after(round.newest, -OVERLAP_SECONDS)].sort()[1] as string) : since,
      round: null,
      asked: Object.fromEntries(Object.entries(asked).filter(([, { at }]) => at > forgotten)),
    }
    return true
  }
}
