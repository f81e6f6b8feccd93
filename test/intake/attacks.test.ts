// Attacks on the door for webhooks: what is too large, too slow, unsigned or forged is neither stored nor logged.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { PATIENCE } from '../../src/intake.ts'
import { beginRequest, type Door, openDoor, PREVIOUS, SECRET, send, sign } from './door.ts'

const BODY = JSON.stringify({ action: 'opened', marker: 'what-nobody-may-log' })
const MEGABYTE = 1024 * 1024

let door: Door
afterEach(() => door.close())

describe('a body of 200 MB', () => {
  it('is refused by its announced length, unread', async () => {
    door = await openDoor()
    const { socket, answer } = beginRequest(door.port, `content-length: ${200 * MEGABYTE}`)
    socket.write('{')
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(door.stored).toEqual([])
  })

  it('without a length is answered 413 and cut off while it is read', async () => {
    door = await openDoor()
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const { socket, answer } = beginRequest(door.port, 'transfer-encoding: chunked')
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MEGABYTE, 'a'), Buffer.from('\r\n')])
    let sent = 0
    while (sent < 200 && !socket.destroyed && socket.writable) {
      await new Promise((resolve) => socket.write(chunk, resolve))
      sent += 1
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(sent).toBeLessThan(100)
    expect(most).toBeLessThan(100 * MEGABYTE)
    expect(door.stored).toEqual([])
  })
})

describe('many bodies at once, each of a size that GitHub sends', () => {
  it('find room together for so much only, and the next is told to come later', async () => {
    door = await openDoor({}, 8 * MEGABYTE)
    const hoarders = [1, 2, 3].map(() => beginRequest(door.port, 'transfer-encoding: chunked'))
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MEGABYTE, 'a'), Buffer.from('\r\n')])
    for (const { socket } of hoarders) for (let sent = 0; sent < 2; sent += 1) socket.write(chunk)
    await vi.waitFor(() => expect(door.room.left).toBe(2 * MEGABYTE), { timeout: 30_000 })

    const { socket, answer } = beginRequest(door.port, `content-length: ${3 * MEGABYTE}`)
    socket.write(Buffer.alloc(2 * MEGABYTE + 1, 'a'))
    expect(await answer).toMatch(
      /^HTTP\/1\.1 503 [\s\S]*Too much is being received at once; deliver it again later\.\n$/,
    )
    expect(door.stored).toEqual([])
    expect((await send(door.url, BODY)).status).toBe(202)

    for (const { socket } of hoarders) socket.destroy()
    await vi.waitFor(() => expect(door.room.left).toBe(8 * MEGABYTE), { timeout: 30_000 })
    expect((await send(door.url, 'a'.repeat(3 * MEGABYTE))).status).toBe(202)
    expect(door.room.left).toBe(8 * MEGABYTE)
  })
})

describe('a body that hardly moves', () => {
  it('is cut off by the server’s patience', async () => {
    door = await openDoor({ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 50 })
    const { socket, answer } = beginRequest(door.port, 'transfer-encoding: chunked')
    const drip = setInterval(() => socket.write('1\r\n{\r\n'), 50)
    expect(await answer).not.toMatch(/^HTTP\/1\.1 2/)
    clearInterval(drip)
    expect(door.stored).toEqual([])
  })

  it('has no more than half a minute', () => {
    expect(PATIENCE.requestTimeout).toBeLessThanOrEqual(30_000)
    expect(PATIENCE.headersTimeout).toBeLessThanOrEqual(PATIENCE.requestTimeout)
  })
})

describe('a request that is no delivery of GitHub’s', () => {
  it.each([
    ['has another content type', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['has no signature', { 'x-hub-signature-256': '' }, 401],
    ['has only the old, weak signature', { 'x-hub-signature-256': '', 'x-hub-signature': 'sha1=abc' }, 401],
    ['has a short signature', { 'x-hub-signature-256': 'sha256=abc' }, 401],
    ['has a signature of the right length', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 401],
    ['is signed with a foreign secret', { 'x-hub-signature-256': sign(BODY, 'a-foreign-secret') }, 401],
    ['is signed with nothing', { 'x-hub-signature-256': sign(BODY, '') }, 401],
    ['has the signature of another body', { 'x-hub-signature-256': sign(`${BODY} `) }, 401],
    ['names no event', { 'x-github-event': '' }, 400],
    ['names an event that is none', { 'x-github-event': '../issues' }, 400],
    ['has no GUID', { 'x-github-delivery': '' }, 400],
    ['has a GUID that is none', { 'x-github-delivery': 'a b' }, 400],
  ])('because it %s is refused, and leaves nothing behind', async (_why, headers, status) => {
    door = await openDoor()
    const response = await send(door.url, BODY, headers)
    expect(response.status).toBe(status)
    expect(door.stored).toEqual([])
    expect(door.waited()).toBe(0)
    expect(door.logged()).not.toContain('what-nobody-may-log')
    expect(door.logged()).not.toContain('sha256=')
  })

  it('is not taken by GET either', async () => {
    door = await openDoor()
    expect((await fetch(door.url)).status).toBe(405)
  })
})

describe('a delivery', () => {
  it.each([
    ['the secret in force', SECRET],
    ['the secret before it, while a rotation lasts', PREVIOUS],
  ])('signed with %s is taken', async (_what, secret) => {
    door = await openDoor()
    expect((await send(door.url, BODY, { 'x-hub-signature-256': sign(BODY, secret) })).status).toBe(202)
    expect(door.stored).toMatchObject([{ event: 'issues', body: BODY }])
    expect(door.waited()).toBe(1)
  })

  it('that comes again is answered and dropped', async () => {
    door = await openDoor()
    const guid = { 'x-github-delivery': 'the-same-guid' }
    expect((await send(door.url, BODY, guid)).status).toBe(202)
    expect((await send(door.url, BODY, guid)).status).toBe(200)
    expect(door.stored).toHaveLength(1)
  })

  it('that cannot be stored is not acknowledged', async () => {
    door = await openDoor()
    door.breakStore()
    expect((await send(door.url, BODY)).status).toBe(503)
    expect(door.logged()).toContain('disk of the store is full')
    expect(door.logged()).not.toContain('what-nobody-may-log')
  })
})
