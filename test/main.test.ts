// The start: a bad or missing setting, or a store that cannot be used, stops it with one sentence and nothing else.
import { generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLedger } from '../src/ledger/ledger.ts'
import { headersFor, sign } from './intake/door.ts'
import { startProcess } from './support/app-process.ts'

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const SECRET = '3f9a1c5e7b2d4f60'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'andon-main-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const good = () => ({ APP_ID: '7', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: SECRET, ANDON_DATA: folder })

/** Settings with these changes (undefined takes one away) stop the start with one sentence, which is the answer. */
async function refused(changes: Record<string, string | undefined>, user?: number): Promise<string> {
  const settings = Object.entries({ ...good(), ...changes }).filter(
    (each): each is [string, string] => each[1] !== undefined,
  )
  const { code, out, err } = await startProcess(Object.fromEntries(settings), user).ended
  expect(code, out + err).toBe(1)
  expect(out).toBe('')
  expect(err.trimEnd().split('\n')).toHaveLength(1)
  expect(err).not.toMatch(/^\s+at |node:internal|Error:/m)
  expect(err).not.toContain(SECRET)
  expect(err).not.toContain(privateKey.split('\n')[3])
  return err
}

describe('the start is refused', () => {
  it.each([
    ['no app', { APP_ID: undefined }, 'APP_ID is missing'],
    ['an app that is no number', { APP_ID: 'andon' }, 'APP_ID must be'],
    ['no key', { PRIVATE_KEY: undefined }, 'PRIVATE_KEY is missing'],
    ['a key that is none', { PRIVATE_KEY: `-----BEGIN PRIVATE KEY-----\n${SECRET}` }, 'PRIVATE_KEY does not hold'],
    ['a file of the key that is not there', { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/none' }, 'PRIVATE_KEY_PATH'],
    ['no secret', { WEBHOOK_SECRET: undefined }, 'WEBHOOK_SECRET is missing'],
    ['an empty secret', { WEBHOOK_SECRET: ' ' }, 'WEBHOOK_SECRET is missing'],
    ['the secret that everybody knows', { WEBHOOK_SECRET: 'development' }, 'WEBHOOK_SECRET is "development"'],
    ['a short secret', { WEBHOOK_SECRET: 'sesame' }, 'WEBHOOK_SECRET has 6 characters'],
    ['a secret of one letter', { WEBHOOK_SECRET: 'a'.repeat(40) }, 'WEBHOOK_SECRET is too weak'],
    ['a weak secret before', { WEBHOOK_SECRET_PREVIOUS: 'development' }, 'WEBHOOK_SECRET_PREVIOUS'],
    ['a port that is none', { PORT: '70000' }, 'PORT must be'],
    ['a port in words', { PORT: 'http' }, 'PORT must be'],
    ['a host with a path', { GHE_HOST: 'github.example/api' }, 'GHE_HOST must be'],
    ['another protocol', { GHE_HOST: 'github.example', GHE_PROTOCOL: 'ftp' }, 'GHE_PROTOCOL must be'],
    ['another database', { DATABASE_URL: `mysql://andon:${SECRET}@db.example/andon` }, 'DATABASE_URL must begin'],
    ['a sweep without end', { ANDON_SWEEP_SECONDS: '0' }, 'ANDON_SWEEP_SECONDS must be'],
    ['a level that is none', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be'],
  ])('for %s', async (_what, changes, words) => {
    expect(await refused(changes)).toContain(words)
  })

  it('for a port that another one listens on', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    expect(await refused({ PORT: String(port) })).toContain('PORT')
    await new Promise((resolve) => other.close(resolve))
  })

  it('for a host that is not this machine', async () => {
    expect(await refused({ HOST: '203.0.113.7' })).toContain('HOST')
  })

  it('for a database that does not answer, without its password', async () => {
    const sentence = await refused({ DATABASE_URL: `postgres://andon:${SECRET}@127.0.0.1:1/andon` })
    expect(sentence).toContain('cannot be reached')
  })

  it('for a store of a newer version', async () => {
    await (await openLedger({ folder, clock: () => new Date() })).close()
    const file = new Sqlite(join(folder, 'andon.db'))
    file.exec('update store set version = 999, readable_from = 999')
    file.close()
    expect(await refused({})).toMatch(/version 999 .*start a newer Andon/)
  })

  it('for a folder that cannot be written', async () => {
    await chmod(folder, 0o555)
    // Nothing is read-only to root.
    const user = process.getuid?.() === 0 ? 65_534 : undefined
    expect(await refused({}, user)).toMatch(/cannot be written/)
  })

  it('for a folder that is a file', async () => {
    await writeFile(join(folder, 'data'), '')
    expect(await refused({ ANDON_DATA: join(folder, 'data') })).toContain(join(folder, 'data'))
  })
})

describe('the start', () => {
  it('does not need GitHub to answer: what comes in is stored meanwhile', async () => {
    const app = startProcess({ ...good(), GHE_HOST: '127.0.0.1:1', GHE_PROTOCOL: 'http' })
    const url = await app.url
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    app.child.kill('SIGTERM')
    expect(await app.ended).toMatchObject({ code: 0, err: '' })
  })

  it('that is told to stop in its middle ends with 0', async () => {
    const data = join(folder, 'data')
    const app = startProcess({ ...good(), ANDON_DATA: data, GHE_HOST: '127.0.0.1:1', GHE_PROTOCOL: 'http' })
    while (!existsSync(data)) await sleep(1)
    app.child.kill('SIGTERM')
    const { code, err, out } = await app.ended
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('Andon is stopping')
  })
})

describe('a disk that does not keep what is written', () => {
  it('ends the process, which answered for nothing and blamed no task, and the next one goes on', async () => {
    const failing = join(folder, 'failing')
    const settings = { ...good(), GHE_HOST: '127.0.0.1:1', GHE_PROTOCOL: 'http' }
    const app = startProcess({
      ...settings,
      NODE_OPTIONS: `--import ${new URL('support/failing-disk.ts', import.meta.url)}`,
      FAILING_DISK: failing,
    })
    const deliver = async (url: string | null) => {
      const headers = { ...headersFor('{}'), 'x-hub-signature-256': sign('{}', SECRET), 'x-github-delivery': 'one' }
      return (await fetch(`${url}/api/github/webhooks`, { method: 'POST', headers, body: '{}' })).status
    }
    const url = await app.url
    await writeFile(failing, '')
    expect(await deliver(url)).toBe(503)
    const { code, out, err } = await app.ended
    expect([code, err]).toEqual([1, ''])
    expect(out.match(/This process cannot work with its store any more/g)).toHaveLength(1)
    expect(out).toContain('The disk did not keep what was written to the store')
    expect(out).not.toContain('set aside')

    const next = startProcess(settings)
    // It is there all the same, and was not acknowledged: GitHub sends it again.
    expect(await deliver(await next.url)).toBe(200)
    next.child.kill('SIGTERM')
    expect((await next.ended).code).toBe(0)
  })
})
