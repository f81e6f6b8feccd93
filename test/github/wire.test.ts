// The line to GitHub: what is repeated and what never is, and that no secret leaves it.
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Budget } from '../../src/github/budget.ts'
import { connect } from '../../src/github/client.ts'
import { createRedact } from '../../src/github/redact.ts'
import { openWire } from '../../src/github/wire.ts'
import { API, type Api, openApi, PRIVATE_KEY, TOKEN } from './support/api.ts'
import { answer } from './support/card-fixture.ts'

let api: Api
beforeEach(async () => {
  api = await openApi()
})
afterEach(() => nock.cleanAll())

const read = () => api.github.readCard({ address: { item: 'PVTI_1', owner: 'acme' }, wanted: [] })
const run = () => api.github.run('acme/bot', 1)

describe('a read', () => {
  it.each([500, 502, 503])('is repeated once after a %i', async (status) => {
    api.graphql({ status, body: '<html>' }, { data: answer() })
    expect((await read()).card?.title).toBe('Support bot 42')
    expect(api.slept).toHaveLength(1)
  })
  it('is repeated once after a lost connection', async () => {
    nock(API).post('/graphql').replyWithError('socket hang up')
    api.graphql({ data: answer() })
    expect((await read()).card).not.toBeNull()
  })
  it('gives up after the second failure', async () => {
    api.graphql({ status: 502, body: '' }, { status: 502, body: '' }, { data: answer() })
    await expect(read()).rejects.toMatchObject({
      name: 'GitHubProblem',
      kind: 'unavailable',
      status: 502,
      transient: true,
    })
    expect(api.requests).toHaveLength(2)
  })
  it('whose answer was cut off is no answer', async () => {
    const cut = { status: 200, body: '{"data": {"node": nu', headers: { 'content-type': 'application/json' } }
    api.graphql(cut, cut)
    await expect(read()).rejects.toMatchObject({ kind: 'unavailable', transient: true })
  })
  it('fetches a new token where the kept one is refused', async () => {
    nock(API).get('/repos/acme/bot/actions/runs/1').reply(401, { message: 'Bad credentials' })
    nock(API).get('/repos/acme/bot/actions/runs/1').reply(404, { message: 'Not Found' })
    api.graphql({ data: answer() })
    await read()
    const before = api.tokens()
    // While a token is younger than five seconds, Octokit itself waits and repeats.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10_000 })
    expect(await run()).toBeNull()
    vi.useRealTimers()
    expect(api.tokens()).toBe(before + 1)
    expect(api.requests).toHaveLength(3)
  })
})

describe('a refusal', () => {
  const headers = (more: object) => ({ 'content-type': 'application/json', ...more })
  const refuse = (status: number, message: string, more: object = {}) =>
    nock(API).get('/repos/acme/bot/actions/runs/1').reply(status, { message }, headers(more))

  it('for the hour’s limit says when it ends, and keeps the next call from being sent', async () => {
    const reset = Math.floor(Date.now() / 1000) + 1800
    refuse(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${reset}` })
    await expect(run()).rejects.toMatchObject({ kind: 'rate-limit', transient: true, status: 403 })
    await expect(run()).rejects.toMatchObject({ kind: 'rate-limit', retryAfter: expect.any(Number) })
    expect(api.requests).toHaveLength(1)
  })
  it('for the secondary limit holds GraphQL up too', async () => {
    refuse(403, 'You have exceeded a secondary rate limit.', { 'retry-after': '120' })
    await expect(run()).rejects.toMatchObject({ kind: 'secondary-limit', retryAfter: 120 })
    await expect(read()).rejects.toMatchObject({ kind: 'rate-limit' })
    expect(api.requests).toHaveLength(1)
  })
  it('for a missing permission is final', async () => {
    refuse(403, 'Resource not accessible by integration', { 'x-ratelimit-remaining': '4000' })
    await expect(run()).rejects.toMatchObject({ kind: 'forbidden', transient: false })
  })
  it('may come with HTTP 200 from GraphQL', async () => {
    api.graphql({ data: null, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] })
    await expect(read()).rejects.toMatchObject({ kind: 'rate-limit', transient: true })
  })
  it('of the document itself is final', async () => {
    const errors = [{ message: "Field 'x' doesn't exist", extensions: { code: 'undefinedField' }, path: ['query'] }]
    api.graphql({ errors })
    await expect(read()).rejects.toMatchObject({ kind: 'other', transient: false })
  })
})

describe('the governor learns', () => {
  /** The line alone, with a governor that only notes what it is told. */
  function open(installation: number | null) {
    const token = { token: TOKEN, expires_at: new Date(Date.now() + 3_600_000).toISOString(), permissions: {} }
    // What it draws on is another's account.
    nock(API)
      .post(`/app/installations/${installation}/access_tokens`)
      .reply(201, token, { 'x-ratelimit-remaining': '0' })
    const told: string[] = []
    const budget: Budget = {
      run: (_, call) => call(),
      observe: (headers) => void told.push(`left: ${headers['x-ratelimit-remaining'] ?? 'unknown'}`),
      refused: ({ kind }) => void told.push(kind),
      went: () => void told.push('went'),
    }
    const log = { warn: () => undefined, debug: () => undefined }
    const wiring = { appId: 5, privateKey: PRIVATE_KEY, apiUrl: API, graphqlUrl: `${API}/graphql`, log, fetch }
    const slept: number[] = []
    const sleep = async (milliseconds: number) => void slept.push(milliseconds)
    const clock = { now: Date.now, sleep }
    return { wire: openWire({ ...wiring, clock, redact: createRedact([]) }, installation, budget), told, slept }
  }
  const mutate = { document: 'mutation { a }', variables: {}, urgency: 'verdict' } as const

  it('of a limit in the body of a mutation, and never that it went', async () => {
    const { wire, told } = open(4_712)
    const errors = [{ message: 'You have exceeded a secondary rate limit.' }]
    for (let time = 0; time < 4; time += 1) {
      api.graphql({ data: { a: null }, errors })
      await wire.mutate(mutate)
    }
    api.graphql({ data: { a: 1 } })
    await wire.mutate(mutate)
    const limits = told.filter((each) => !each.startsWith('left'))
    expect(limits).toEqual([...Array(4).fill('secondary-limit'), 'went'])
  })

  it('what is left to the app itself, but not to an installation from the fetch of its token', async () => {
    const app = open(null)
    nock(API).get('/app/hook/deliveries').reply(200, [], { 'x-ratelimit-remaining': '7' })
    await app.wire.rest({ route: 'GET /app/hook/deliveries', urgency: 'read' })
    expect(app.told).toEqual(['left: 7', 'went'])

    const other = open(4_711)
    nock(API).get('/rate_limit').reply(200, {}, { 'x-ratelimit-remaining': '9' })
    await other.wire.rest({ route: 'GET /rate_limit', urgency: 'read' })
    expect(other.told).toEqual(['left: 9', 'went'])
  })

  it('nothing from a repeat before the time that GitHub named: there is none', async () => {
    const { wire, slept } = open(null)
    nock(API).get('/app').reply(503, { message: 'Unavailable' }, { 'retry-after': '30' })
    const asked = wire.rest({ route: 'GET /app', urgency: 'read' })
    await expect(asked).rejects.toMatchObject({ kind: 'unavailable', retryAfter: 30, transient: true })
    expect(slept).toEqual([])
  })
})

describe('secrets', () => {
  const forms = [
    TOKEN,
    `authorization: token ${TOKEN}`,
    'Bearer eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjV9.c2lnbmF0dXJl',
    PRIVATE_KEY,
    PRIVATE_KEY.split('\n').slice(1, -2).join('\\n'),
    'https://storage.example.com/zip?se=1&sig=c2VjcmV0LXNlY3JldA%3D%3D',
  ]
  it.each(forms)('never stay in a text: %#', (secret) => {
    const safe = createRedact([PRIVATE_KEY])(`GitHub said: ${secret} and no more`, 5_000)
    expect(safe).toMatch(/^GitHub said: .*and no more$/s)
    for (const piece of secret.match(/[A-Za-z0-9_+/-]{24,}/g) ?? []) expect(safe).not.toContain(piece)
    expect(safe).not.toContain('c2VjcmV0')
  })
  it('that a broken server echoes reach neither the error nor the log', async () => {
    const body = `Oops: {"authorization":"token ${TOKEN}"} ${PRIVATE_KEY}`
    api.graphql({ status: 500, body }, { status: 500, body })
    const error = await read().catch((thrown: unknown) => thrown as Error)
    expect(error).toMatchObject({ name: 'GitHubProblem', status: 500 })
    const everything = `${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${String((error as Error).cause)} ${api.logged.join(' ')}`
    expect(api.requests[0]?.headers.authorization).toContain(TOKEN)
    expect(everything).toContain('Oops')
    expect(everything).not.toContain(TOKEN.slice(0, 30))
    expect(everything).not.toContain(PRIVATE_KEY.slice(60, 100))
  })
  it('take no long time to be found in a hostile text', () => {
    const hostile = 'eyJ'.repeat(100_000) + '-----BEGIN A PRIVATE KEY-----'.repeat(10_000)
    expect(createRedact([PRIVATE_KEY])(hostile).length).toBeLessThanOrEqual(500)
  })
})

describe('installations', () => {
  const log = { warn: () => undefined, debug: () => undefined }
  const app = () => connect({ appId: 5, privateKey: PRIVATE_KEY, log })

  it('are all that are not suspended, over all pages', async () => {
    const page = Array.from({ length: 100 }, (_, n) => ({
      id: 5000 + n,
      account: { login: `org-${n}` },
      suspended_at: n === 0 ? '2026-01-01' : null,
    }))
    nock(API).get('/app/installations').query({ per_page: 100, page: 1 }).reply(200, page)
    nock(API).get('/app/installations').query({ per_page: 100, page: 2 }).reply(200, [])
    expect(await app().all()).toHaveLength(99)
  })
  it('are none where the app is not installed', async () => {
    nock(API).get('/orgs/other/installation').reply(404, { message: 'Not Found' })
    nock(API).get('/users/other/installation').reply(404, { message: 'Not Found' })
    expect(await app().of('other')).toBeNull()
  })
  it('may be a person’s, who is no organization', async () => {
    nock(API).get('/orgs/ada/installation').reply(404, { message: 'Not Found' })
    nock(API)
      .get('/users/ada/installation')
      .reply(200, { id: 7, account: { login: 'ada', type: 'User' }, suspended_at: null })
    expect(await app().of('ada')).toMatchObject({ owner: 'ada', kind: 'User' })
  })
  it('are asked for once, until they are forgotten', async () => {
    nock(API)
      .get('/orgs/acme/installation')
      .twice()
      .reply(200, { id: 7000, account: { login: 'Acme' } })
    const connection = app()
    const first = await connection.of('acme')
    expect(await connection.of('ACME')).toBe(first)
    connection.forget('Acme')
    expect(await connection.of('acme')).not.toBe(first)
  })
  it('of an Enterprise host are asked there', async () => {
    const host = 'https://ghe.example.com'
    nock(host)
      .get('/api/v3/orgs/acme/installation')
      .reply(200, { id: 7100, account: { login: 'acme' } })
    nock(host)
      .post('/api/v3/app/installations/7100/access_tokens')
      .reply(201, { token: TOKEN, expires_at: '2099-01-01T00:00:00Z', permissions: {} })
    nock(host)
      .post('/api/graphql')
      .reply(200, { data: { viewer: { login: 'andon[bot]', databaseId: 99 } } })
    const installation = await connect({ appId: 5, privateKey: PRIVATE_KEY, log, apiUrl: `${host}/api/v3` }).of('acme')
    expect(await installation?.github.self()).toEqual({ login: 'andon[bot]', id: 99, type: 'Bot' })
  })
})
