// Events as the ledger's tests append them.
import { ulid } from 'ulid'
import type { Actor } from '../../src/core/facts/actor.ts'
import type { Event } from '../../src/core/facts/event.ts'
import type { Ledger } from '../../src/ledger/port.ts'

export const AT = '2026-11-23T12:00:00.000Z'

const person = (login: string): Actor => ({ login, id: login.length, type: 'User' })

export const placed = (column: string, at = AT): Event => ({ kind: 'card-placed', at, column, since: at })

export const asked = (to: string, login: string, at = AT): Event => {
  return { kind: 'move-asked', at, to, by: person(login), via: 'command', label: null }
}

export const drafts = (...events: Event[]) => events.map((event) => ({ id: ulid(), event }))

/** Appends where the stream ends, and insists on it. */
export async function add(ledger: Ledger, stream: string, ...events: Event[]) {
  const version = (await ledger.read(stream)).length
  const appended = await ledger.append(stream, version, drafts(...events))
  if (!appended.ok) throw new Error('conflict')
  return appended.entries
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const value of values) found.push(value)
  return found
}
