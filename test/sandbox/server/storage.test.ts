// The storage behind artifacts: a link is the whole permission, for one minute.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startFaults } from '../../../src/sandbox/server/faults.ts'
import { type Storage, startStorage } from '../../../src/sandbox/server/storage.ts'

let now = 0
let storage: Storage
const faults = startFaults(1)
beforeEach(async () => {
  now = Date.parse('2026-11-23T10:00:00Z')
  faults.clear()
  storage = await startStorage({ now: () => now, faults, log: () => {} })
})
afterEach(() => storage.stop())

const blob = { bytes: Buffer.from('evidence'), contentType: 'application/zip', name: 'andon-evidence.zip' }

it('gives the bytes for a minute and not a second longer', async () => {
  const link = storage.link(blob)
  now += 59_999
  expect(await (await fetch(link)).text()).toBe('evidence')
  now += 1
  const late = await fetch(link)
  expect([late.status, late.headers.get('x-ms-error-code')]).toEqual([403, 'AuthenticationFailed'])
})

it('knows no link that it did not give, and wants no token', async () => {
  expect((await fetch(`${storage.url}/artifacts/andon-evidence.zip?sig=guessed`)).status).toBe(404)
  const answer = await fetch(storage.link(blob), { headers: { authorization: 'token ghs_x' } })
  expect(answer.status).toBe(401)
})

it('has bad days of its own', async () => {
  faults.add({ fault: 'error', status: 503, on: { kind: 'storage' }, times: 1 })
  const link = storage.link(blob)
  expect((await fetch(link)).status).toBe(503)
  expect((await fetch(link)).status).toBe(200)
})
