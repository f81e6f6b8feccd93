// Evidence comes from strangers' workflows: it is fetched without a token, and opened within bounds.
import { type Zippable, zipSync } from 'fflate'
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zipEntries } from '../../src/github/unzip.ts'
import { API, type Api, openApi } from './support/api.ts'

let api: Api
beforeEach(async () => {
  api = await openApi()
})
afterEach(() => nock.cleanAll())

const STORAGE = 'https://storage.example.com'
const text = (value: string) => new TextEncoder().encode(value)
const EVIDENCE = '{"andon":1,"metrics":{}}'
const zip = (files: Zippable) => Buffer.from(zipSync(files))

function list(...artifacts: object[]) {
  const full = artifacts.map((artifact, n) => ({
    id: n + 1,
    name: 'andon-evidence',
    size_in_bytes: 100,
    expired: false,
    ...artifact,
  }))
  nock(API)
    .get('/repos/acme/bot/actions/runs/77/artifacts')
    .query({ per_page: 100 })
    .reply(200, { total_count: full.length, artifacts: full })
}

function store(body: Buffer | string, id = 1) {
  nock(API)
    .get(`/repos/acme/bot/actions/artifacts/${id}/zip`)
    .reply(302, '', { location: `${STORAGE}/blob?sig=secret` })
  nock(STORAGE).get('/blob').query(true).reply(200, body)
}

const fetchIt = () => api.github.evidence('acme/bot', 77)

async function given(body: Buffer | string) {
  list({})
  store(body)
  const artifact = await fetchIt()
  return artifact.ok ? Buffer.from(artifact.bytes).toString() : artifact.reason
}

describe('evidence', () => {
  it('is fetched from the storage without our token', async () => {
    expect(await given(zip({ 'evidence.json': text(EVIDENCE) }))).toBe(EVIDENCE)
    const [listed, asked, followed] = api.requests
    expect(api.requests).toHaveLength(3)
    expect(listed?.headers.authorization).toBeDefined()
    expect(asked?.headers.authorization).toBeDefined()
    expect(followed?.path).toContain('/blob')
    expect(followed?.headers).not.toHaveProperty('authorization')
  })
  it.each([
    ['bare', () => EVIDENCE],
    ['bare, though it looks like no zip at all', () => 'PKx'],
    ['in a folder', () => zip({ 'andon-evidence/evidence.json': text(EVIDENCE) })],
    [
      'among other files',
      () => zip({ 'results.json': text('{}'), 'evidence.json': text(EVIDENCE), 'sub/evidence.json': text('x') }),
    ],
    ['stored, not packed', () => zip({ 'evidence.json': [text(EVIDENCE), { level: 0 }] })],
  ])('may be %s', async (_, body) => {
    expect([EVIDENCE, 'PKx']).toContain(await given(body()))
  })
  it('may be uploaded bare under its own name', async () => {
    list({ name: 'other' }, { name: 'evidence.json' })
    store(EVIDENCE, 2)
    expect(await fetchIt()).toMatchObject({ ok: true, artifact: 2 })
  })
  it('is found by name where a run has more artifacts than a page', async () => {
    const path = '/repos/acme/bot/actions/runs/77/artifacts'
    nock(API).get(path).query({ per_page: 100 }).reply(200, { total_count: 101, artifacts: [] })
    nock(API)
      .get(path)
      .query({ per_page: 100, name: 'andon-evidence' })
      .reply(200, { total_count: 1, artifacts: [{ id: 5, name: 'andon-evidence', size_in_bytes: 9, expired: false }] })
    store(EVIDENCE, 5)
    expect(await fetchIt()).toMatchObject({ ok: true, artifact: 5 })
  })
})

describe('no evidence', () => {
  it('where the run handed none in', async () => {
    list({ name: 'coverage' })
    expect(await fetchIt()).toMatchObject({ ok: false, reason: 'evidence-missing' })
  })
  it('where it has expired', async () => {
    list({ expired: true })
    expect(await fetchIt()).toMatchObject({ reason: 'evidence-missing', message: expect.stringContaining('expired') })
  })
  it('where it expired between two requests', async () => {
    list({})
    nock(API).get('/repos/acme/bot/actions/artifacts/1/zip').reply(410, { message: 'Artifact has expired' })
    expect(await fetchIt()).toMatchObject({ reason: 'evidence-missing' })
  })
  it('where the zip holds no such file', async () => {
    expect(await given(zip({ 'results.json': text('{}') }))).toBe('evidence-missing')
  })
  it('where two files could be meant', async () => {
    expect(await given(zip({ 'a/evidence.json': text('1'), 'b/evidence.json': text('2') }))).toBe('evidence-malformed')
  })
  it('in a zip that is cut off or lies about its places', async () => {
    const whole = zip({ 'evidence.json': text(EVIDENCE) })
    expect(await given(whole.subarray(0, whole.length - 10))).toBe('evidence-malformed')
    const lying = Buffer.from(whole)
    lying.writeUInt32LE(0xfffffff0, whole.length - 6)
    expect(await given(lying)).toBe('evidence-malformed')
  })
  it('in a zip of a method or with a password that nobody asked for', async () => {
    const whole = zip({ 'evidence.json': text(EVIDENCE.repeat(10)) })
    const directory = whole.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    const strange = Buffer.from(whole)
    strange.writeUInt16LE(99, directory + 10)
    expect(await given(strange)).toBe('evidence-malformed')
    const locked = Buffer.from(whole)
    locked.writeUInt16LE(1, directory + 8)
    expect(await given(locked)).toBe('evidence-malformed')
  })
  it('where it is said to be too large: nothing is downloaded', async () => {
    list({ size_in_bytes: 11 * 1024 * 1024 })
    expect(await fetchIt()).toMatchObject({ reason: 'evidence-too-large' })
    expect(api.requests).toHaveLength(1)
  })
  it('where it turns out to be too large, whatever was said', async () => {
    expect(await given(Buffer.alloc(11 * 1024 * 1024, 0x20))).toBe('evidence-too-large')
  })
  it('in a zip bomb, even one that claims to be small', async () => {
    const bomb = zip({ 'evidence.json': [new Uint8Array(200 * 1024 * 1024), { level: 9 }] })
    expect(bomb.length).toBeLessThan(1024 * 1024)
    const directory = bomb.indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
    bomb.writeUInt32LE(10, directory + 24)
    expect(await given(bomb)).toBe('evidence-too-large')
  })
  it('but another try where the storage fails, without a word of its link', async () => {
    for (const reply of [
      () => nock(STORAGE).get('/blob').query(true).reply(503, 'x'),
      () => nock(STORAGE).get('/blob').query(true).replyWithError(`no ${STORAGE}/blob?sig=secret`),
    ]) {
      list({})
      nock(API)
        .get('/repos/acme/bot/actions/artifacts/1/zip')
        .reply(302, '', { location: `${STORAGE}/blob?sig=secret` })
      reply()
      const error = await fetchIt().catch((thrown: unknown) => thrown as Error)
      expect(error).toMatchObject({ kind: 'unavailable', transient: true })
      expect(String(error)).not.toContain('secret')
    }
  })
})

describe('a zip', () => {
  it('made as a stream, with sizes only behind its files, is read by its directory', () => {
    const whole = zip({ 'evidence.json': text(EVIDENCE) })
    // As upload-artifact writes it: bit 3 set, sizes in front zero.
    whole.writeUInt16LE(whole.readUInt16LE(6) | 8, 6)
    whole.fill(0, 14, 26)
    expect(zipEntries(whole)).toMatchObject([{ name: 'evidence.json' }])
  })
  it.each([0, 1, 21, 22, 100])('of %i random bytes is none', (length) => {
    expect(zipEntries(new Uint8Array(length).fill(0x50))).toBeNull()
  })
})
