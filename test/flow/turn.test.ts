// A card's turn is taken by who understands all that is recorded of it.
import { expect, it } from 'vitest'
import type { Event } from '../../src/core/facts/event.ts'
import { Turn } from '../../src/flow/turn.ts'
import { openLedger } from '../../src/ledger/ledger.ts'

it('leaves a card with entries of a newer version to that version, which may come later', async () => {
  const ledger = await openLedger({ folder: ':memory:', clock: () => new Date() })
  const at = '2026-11-23T10:00:00.000Z'
  const known: Event = { kind: 'card-adopted', at, column: 'Staging', since: null }
  const newer = { kind: 'card-sold', at } as unknown as Event
  await ledger.append('card:A', 0, [{ id: 'A1', event: known }])
  await ledger.append('card:B', 0, [
    { id: 'B1', event: known },
    { id: 'B2', event: newer },
  ])
  const begin = (stream: string) => Turn.begin(ledger, () => 'x', stream)
  expect((await begin('card:A')).move.home).toBe('Staging')
  await expect(begin('card:B')).rejects.toMatchObject({
    message: expect.stringContaining('card:B has an entry of the kind "card-sold", which a newer version'),
    transient: true,
    retryAfter: 60,
  })
  await ledger.close()
})
