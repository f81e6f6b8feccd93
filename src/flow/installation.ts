// The installation that a card's work goes through, and what is to be waited for where there is none or it may not do its part.
import type { Installation } from '../github/port.ts'
import { learnAbout } from './log-context.ts'
import type { World } from './world.ts'

/** How long work rests that only the owner of the organization can set going again, seconds. */
export const DENIED_SECONDS = 300

/** The work is not at fault, and nothing of it is lost: it goes on once the organization lets the app in again. */
export class Denied extends Error {
  readonly transient = true
  readonly retryAfter = DENIED_SECONDS
}

/** Owners that were found without an installation, and until when that is believed (milliseconds), by process. */
const absent = new WeakMap<World, Map<string, number>>()

/** Throws a `Denied` where the app is not installed, or its installation is suspended. */
export async function installationOf(world: World, owner: string): Promise<Installation> {
  const known = absent.get(world) ?? new Map<string, number>()
  absent.set(world, known)
  const time = world.clock().getTime()
  if ((known.get(owner) ?? 0) <= time) {
    const installation = await world.installations.of(owner)
    if (installation) {
      learnAbout({ installation: installation.id })
      return installation
    }
    known.set(owner, time + (DENIED_SECONDS / 2) * 1000)
  }
  throw new Denied(`The app is not installed for ${owner}, or its installation is suspended: its cards wait.`)
}

/** What was known of an owner's installation holds no longer. */
export function forgetInstallation(world: World, owner: string): void {
  world.installations.forget(owner)
  absent.get(world)?.delete(owner)
}

/** Says that work waits for the owner of the organization. Perhaps nobody told us that something was taken, or given back. */
export function restDenied(world: World, owner: string, reason: string): void {
  forgetInstallation(world, owner)
  world.log.warn({ wait: DENIED_SECONDS, reason }, 'GitHub does not let the app work here; the task waits for that')
}

/** GitHub refused the app itself, not this one call: it was removed, suspended, or lost a permission. */
export function isDenied(error: unknown): boolean {
  const { kind, errors } = error instanceof Error ? (error as { kind?: string; errors?: unknown[] }) : {}
  return error instanceof Denied || kind === 'forbidden' || kind === 'not-found' || (errors?.some(isDenied) ?? false)
}
