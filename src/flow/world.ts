// What the flow stands on: GitHub and the record behind their ports, and the few impure things it is given.
import type { DeliveryLog, Installations } from '../github/port.ts'
import type { Ledger } from '../ledger/port.ts'

export type Log = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type Sealed = { digest: string; text: string }

export type World = {
  ledger: Ledger
  installations: Installations
  /** The app's own log of deliveries on GitHub. */
  deliveryLog: DeliveryLog
  clock: () => Date
  /** A new ULID, later than all before it in this process. */
  newId: () => string
  /** The canonical JSON of a value (RFC 8785), and `sha256:` with the hex digest of it. */
  seal: (value: unknown) => Sealed
  /** The policies that others may extend, by name and version. */
  presets: Record<string, string>
  /** A number in [0, 1), for jitter. */
  random: () => number
  /** Where people read the record, without a slash at its end: `http://127.0.0.1:3000`. */
  recordUrl: string
  sweepSeconds: number
  log: Log
}

/** What only looks into the record, and knows the time. */
export type RecordReader = {
  ledger: Pick<Ledger, 'read' | 'document' | 'happened' | 'entriesOfMoves' | 'cards'>
  clock: () => Date
}

/** Now, as the record writes it: ISO 8601 in UTC. */
export function now(world: Pick<World, 'clock'>): string {
  return world.clock().toISOString()
}

/** An instant `seconds` after another one. */
export function after(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString()
}
