// What has to be durable waits for the disk, once for many; and a disk that failed once is not believed again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { afterAll, describe, expect, it } from 'vitest'
import { createFlush } from '../../src/ledger/flush.ts'
import { createIntake } from '../../src/ledger/intake.ts'
import { migrate } from '../../src/ledger/migrations.ts'
import { openSqlite } from '../../src/ledger/sqlite.ts'
import { AT } from './events.ts'

const SYNCHRONOUS = CompiledQuery.raw('pragma synchronous')
const folder = mkdtempSync(join(tmpdir(), 'andon-flush-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('a flush', () => {
  it('that failed makes all later ones fail, since nobody knows what reached the disk', async () => {
    const log = join(folder, 'log')
    const { flush, close } = createFlush(log, 'here')
    const broken = { fault: 'broken', transient: true, final: true, message: expect.stringContaining('the store here') }
    await expect(flush()).rejects.toMatchObject(broken)
    writeFileSync(log, '')
    await expect(flush()).rejects.toMatchObject(broken)
    await close()
  })

  it('is what a delivery’s answer waits for', async () => {
    const store = openSqlite(join(folder, 'store'), () => new Date(AT), 10)
    await migrate(store)
    const steps: string[] = []
    const { accept } = createIntake({
      ...store,
      async flush() {
        const { length } = await store.db.selectFrom('deliveries').select('guid').execute()
        steps.push(`${length} stored`)
        await store.flush()
        steps.push('flushed')
      },
    })
    const delivery = (guid: string) => ({ guid, event: 'issues', body: '{}', receivedAt: AT })
    await Promise.all(['a', 'b', 'c'].map((guid) => accept(delivery(guid)).then(() => steps.push(`answered ${guid}`))))
    expect(steps).toEqual(['3 stored', 'flushed', 'answered a', 'answered b', 'answered c'])
    await store.db.destroy()
  })

  it('leaves the store waiting for the disk wherever nobody said otherwise', async () => {
    const store = openSqlite(join(folder, 'rest'), () => new Date(AT), 10)
    await migrate(store)
    const waits = async () => (await store.db.executeQuery<{ synchronous: number }>(SYNCHRONOUS)).rows[0]?.synchronous
    await store.soon((db) => db.selectFrom('head').selectAll().execute())
    await store.soon(() => Promise.reject(new Error('No.'))).catch(() => undefined)
    expect(await waits()).toBe(2)
    await store.db.destroy()
  })
})
