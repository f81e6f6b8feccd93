// A process of its own for the crash test: appends without end and prints each entry that was acknowledged.
import { ulid } from 'ulid'
import { openLedger } from '../../src/ledger/ledger.ts'
import { placed } from './events.ts'

const [place = '', name = ''] = process.argv.slice(2)
const where = place.startsWith('postgres:') ? { databaseUrl: place } : { folder: place }
const ledger = await openLedger({ ...where, clock: () => new Date() })

for (let turn = 0; ; turn += 1) {
  const now = new Date().toISOString()
  const stream = `card:${name}:${turn % 3}`
  const version = (await ledger.read(stream)).length
  const orders = [{ key: String(turn), effect: { effect: 'archive-card' } as const }]
  const appended = await ledger.append(stream, version, [{ id: ulid(), event: placed('Staging', now) }], { orders })
  const accepted = await ledger.accept({ guid: ulid(), event: 'ping', body: '{}', receivedAt: now })
  if (appended.ok && accepted) process.stdout.write(`${appended.entries[0]?.hash}\n`)
}
