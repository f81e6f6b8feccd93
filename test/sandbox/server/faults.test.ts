// GitHub's bad days: slow, broken, limited, and the writes that took place though no answer came.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startFaults } from '../../../src/sandbox/server/faults.ts'
import { githubLimits, startLimits } from '../../../src/sandbox/server/limits.ts'
import { type Acme, refusal, startAcme } from '../rest/acme.ts'

let acme: Acme
let now = Date.parse('2026-11-23T10:00:00Z')
beforeEach(async () => {
  now = Date.now()
  acme = await startAcme({ clock: () => new Date(now) })
})
afterEach(() => acme.sandbox.stop())

const write = (body = 'hello') =>
  acme.octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...acme.at,
    issue_number: 1,
    body,
  })
const read = () => acme.octokit.request('GET /repos/{owner}/{repo}', acme.at)

describe('a request under faults', () => {
  it('fails before the work is done, as often as told', async () => {
    acme.sandbox.faults.add({
      fault: 'error',
      status: 502,
      when: 'before',
      on: { method: 'POST', path: '/comments' },
      times: 1,
    })
    expect((await refusal(write())).status).toBe(502)
    expect(acme.issue.comments).toHaveLength(0)
    await write()
    expect(acme.issue.comments).toHaveLength(1)
  })

  it('fails after the work was done', async () => {
    acme.sandbox.faults.add({ fault: 'error', when: 'after', on: { writes: true, path: '/comments' }, times: 1 })
    expect((await refusal(write())).status).toBe(502)
    expect(acme.issue.comments).toHaveLength(1)
  })

  it('is cut off after the work was done, and no answer comes', async () => {
    acme.sandbox.faults.add({ fault: 'cut', when: 'after', on: { writes: true, path: '/comments' }, times: 1 })
    await expect(write()).rejects.toThrow()
    expect(acme.issue.comments).toHaveLength(1)
    expect(acme.sandbox.requests.list({ status: 0 })).toHaveLength(1)
  })

  it('strikes by chance the same way for the same seed', () => {
    const struck = (seed: number) => {
      const faults = startFaults(seed)
      faults.add({ fault: 'error', share: 0.3 })
      const request = { kind: 'rest', method: 'GET', path: '/', writes: false }
      return Array.from({ length: 200 }, () => faults.forRequest(request).length).join('')
    }
    expect(struck(7)).toBe(struck(7))
    expect(struck(7)).not.toBe(struck(8))
    const hits = [...struck(7)].filter((one) => one === '1').length
    expect(hits).toBeGreaterThan(40)
    expect(hits).toBeLessThan(80)
  })
})

describe('GitHub’s limits', () => {
  it('stop the eighty-first write of a minute, and let go after it', async () => {
    for (let at = 0; at < 80; at += 1) await write(`${at}`)
    const refused = await refusal(write())
    expect(refused).toMatchObject({ status: 403, message: expect.stringContaining('secondary rate limit') })
    expect(refused.headers['retry-after']).toBe('60')
    await read()
    now += 61_000
    expect((await write()).status).toBe(201)
  })

  it('count the hour and say where it stands', async () => {
    // A person's token: the app's would expire with the hour.
    const olga = acme.person('olga')
    const read = () => olga.request('GET /repos/{owner}/{repo}', acme.at)
    await read()
    const { headers } = await read()
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4998',
      'x-ratelimit-resource': 'core',
    })
    const etag = headers.etag ?? ''
    const same = await refusal(
      olga.request('GET /repos/{owner}/{repo}', { ...acme.at, headers: { 'if-none-match': etag } }),
    )
    expect(same.status).toBe(304)
    expect((await read()).headers['x-ratelimit-remaining']).toBe('4997')
    acme.sandbox.faults.add({ fault: 'primary-limit', times: 1 })
    const spent = await refusal(read())
    expect([403, 429]).toContain(spent.status)
    expect(spent.headers['x-ratelimit-remaining']).toBe('0')
    expect((await refusal(read())).message).toContain('rate limit')
    now += 3_600_000
    expect((await read()).status).toBe(200)
  })

  it('hold for points, hours and simultaneous requests', () => {
    let at = 0
    const limits = startLimits(githubLimits, () => at)
    const get = { resource: 'core', points: 1, content: false } as const
    const post = { resource: 'core', points: 5, content: true } as const
    const once = (request: typeof get | typeof post, caller = 'a') => {
      const refused = limits.enter(caller, request)
      if (!refused) limits.leave(caller)
      return refused
    }
    for (let count = 0; count < 900; count += 1) expect(once(get)).toBeNull()
    expect(once(get)).toEqual({ limit: 'secondary', retryAfter: 60 })
    expect(once(get, 'b')).toBeNull()
    for (let count = 0; count < 100; count += 1) expect(limits.enter('c', get)).toBeNull()
    expect(limits.enter('c', get)).toMatchObject({ limit: 'secondary' })
    let written = 0
    for (let minute = 0; minute < 10; minute += 1) {
      at += 60_000
      for (let count = 0; count < 60; count += 1) if (once(post, 'd') === null) written += 1
    }
    expect(written).toBe(500)
  })
})

describe('a list', () => {
  it('comes in pages with links, a hundred at most', async () => {
    for (let at = 0; at < 3; at += 1) await write(`${at}`)
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments'
    const first = await acme.octokit.request(route, { ...acme.at, issue_number: 1, per_page: 2 })
    expect(first.headers.link).toContain('page=2>; rel="next"')
    const all = await acme.octokit.paginate(route, { ...acme.at, issue_number: 1, per_page: 2 })
    expect(all.map((one) => one.body)).toEqual(['0', '1', '2'])
  })
})

describe('the sandbox’s own routes', () => {
  const control = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${acme.sandbox.url}/_sandbox/${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  it('set faults from outside and count what was asked', async () => {
    const made = await control('POST', 'faults', { fault: 'error', status: 503, times: 1 })
    expect(made.status).toBe(201)
    expect((await refusal(acme.app.request('GET /app'))).status).toBe(503)
    expect(await (await control('GET', 'faults')).json()).toMatchObject([{ fault: 'error', hits: 1 }])
    expect((await control('DELETE', 'faults')).status).toBe(200)
    expect((await control('POST', 'faults', { fault: 'gravity' })).status).toBe(422)
    await read()
    expect(await (await control('GET', 'requests')).json()).toMatchObject({ count: 2 })
    expect(acme.sandbox.requests.list({ tokenFetch: true })).toHaveLength(1)
  })

  it('are closed to web pages of other origins', async () => {
    expect((await control('DELETE', 'faults', undefined, { origin: 'https://evil.example' })).status).toBe(403)
  })

  it('leave room for others to answer what is outside the API', async () => {
    acme.sandbox.handlers.push((request, response) => {
      if (request.url !== '/board') return false
      response.end('the board')
      return true
    })
    expect(await (await fetch(`${acme.sandbox.url}/board`)).text()).toBe('the board')
    expect((await fetch(`${acme.sandbox.url}/elsewhere`)).status).toBe(404)
  })
})
