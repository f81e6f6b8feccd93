// Processes that are killed in the middle of their work lose nothing that was acknowledged.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { verifyEntries } from '../../src/ledger/verify.ts'
import { all } from './events.ts'
import { onBothStores } from './stores.ts'

const SCRIPT = fileURLToPath(new URL('crashing.ts', import.meta.url))
const ENOUGH = 40

/** Runs the script until it has had enough entries acknowledged, kills it with -9, and gives their hashes. */
async function runAndKill(place: string, name: string): Promise<string[]> {
  const child = spawn(process.execPath, [SCRIPT, place, name], { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  for await (const chunk of child.stdout) {
    printed += chunk
    if (printed.split('\n').length > ENOUGH) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return printed.split('\n').slice(0, -1)
}

describe('a ledger whose processes are killed', () => {
  onBothStores((store) => {
    it('keeps what was acknowledged, whole, each entry with its order', async () => {
      const runs = await Promise.all(['a', 'b', 'c'].map((name) => runAndKill(store.place, name)))
      const acknowledged = runs.flat()
      expect(acknowledged.length).toBeGreaterThanOrEqual(3 * ENOUGH)

      const ledger = await store.another()
      const entries = await all(ledger.entries())
      expect(await verifyEntries(entries, await ledger.head())).toMatchObject({ ok: true, entries: entries.length })
      const hashes = new Set(entries.map(({ hash }) => hash))
      expect(acknowledged.filter((hash) => !hashes.has(hash))).toEqual([])

      const streams = [...new Set(entries.map(({ stream }) => stream))]
      const orders = (await Promise.all(streams.map((stream) => ledger.pending(stream)))).flat()
      expect(orders).toHaveLength(entries.length)
      // A process may have died between its entry and its delivery, once each.
      const { deliveries } = await ledger.backlog(new Date().toISOString())
      expect(deliveries).toBeGreaterThanOrEqual(acknowledged.length)
      expect(entries.length - deliveries).toBeLessThanOrEqual(3)
    })
  })
})
