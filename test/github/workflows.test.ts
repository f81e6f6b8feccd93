// Workflows are started with exactly one POST, and a run is ours only if we started it.
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { API, type Api, openApi } from './support/api.ts'

let api: Api
beforeEach(async () => {
  api = await openApi()
})
afterEach(() => nock.cleanAll())

const TARGET = { repository: 'acme/bot', ref: 'main', file: 'andon-evaluate.yml', input: '{"andon":1}' }
const PATH = '/repos/acme/bot/actions/workflows/andon-evaluate.yml/dispatches'
const RUN = 'https://github.example.com/acme/bot/actions/runs/77'
const dispatch = () => api.github.dispatch(TARGET)

describe('a dispatch', () => {
  it('names its run where GitHub says it', async () => {
    nock(API)
      .post(PATH, { ref: 'main', inputs: { andon: '{"andon":1}' }, return_run_details: true })
      .reply(200, { workflow_run_id: 77, run_url: 'u', html_url: RUN })
    expect(await dispatch()).toEqual({ ok: true, run: { id: 77, url: RUN } })
    expect(api.requests).toHaveLength(1)
  })
  it('has no run yet where GitHub answers 204', async () => {
    nock(API).post(PATH).reply(204)
    expect(await dispatch()).toEqual({ ok: true, run: null })
  })
  it.each([400, 422])('is sent again without the wish that an older GitHub refuses with %i', async (status) => {
    nock(API).post(PATH).reply(status, { message: 'Invalid request. "return_run_details" is not a permitted key.' })
    nock(API)
      .post(PATH, { ref: 'main', inputs: { andon: '{"andon":1}' } })
      .reply(204)
    expect(await dispatch()).toEqual({ ok: true, run: null })
    expect(api.requests).toHaveLength(2)
  })
  it.each([
    [404, 'Not Found', 'workflow-missing'],
    [422, 'Unexpected inputs provided: ["andon"]', 'workflow-without-input'],
    [422, "Workflow does not have 'workflow_dispatch' trigger", 'workflow-without-input'],
    [422, 'No ref found for: main', 'dispatch-refused'],
    [403, "Event 'workflow_dispatch' is not allowed to trigger Actions workflows", 'dispatch-refused'],
  ])('refused with %i %s is %s', async (status, message, reason) => {
    nock(API).post(PATH).reply(status, { message }, { 'x-ratelimit-remaining': '10' })
    expect(await dispatch()).toMatchObject({ ok: false, reason, message: expect.stringContaining(message) })
    expect(api.requests).toHaveLength(1)
  })
  it.each([500, 502, 504])('that ended in %i is never sent twice: the workflow may run', async (status) => {
    nock(API).post(PATH).twice().reply(status, 'oops')
    await expect(dispatch()).rejects.toMatchObject({ kind: 'unavailable', transient: true })
    expect(api.requests).toHaveLength(1)
  })
  it('is never sent twice after a lost connection', async () => {
    nock(API).post(PATH).twice().replyWithError('socket hang up')
    await expect(dispatch()).rejects.toMatchObject({ kind: 'unavailable', status: null })
    expect(api.requests).toHaveLength(1)
  })
  it('that is too long is refused here', async () => {
    expect(await api.github.dispatch({ ...TARGET, input: 'x'.repeat(65_536) })).toMatchObject({
      ok: false,
      reason: 'dispatch-refused',
    })
    expect(api.requests).toHaveLength(0)
  })
  it.each(['acme/bot/../../user', 'acme/..', 'acme', '../bot'])(
    'goes to no other place than a repository: %s',
    async (repository) => {
      await expect(api.github.dispatch({ ...TARGET, repository })).rejects.toMatchObject({ kind: 'other' })
      expect(api.requests).toHaveLength(0)
    },
  )
})

function run(id: number, more: object = {}) {
  return {
    id,
    name: 'Evaluate',
    display_title: 'andon 01JREQ',
    path: '.github/workflows/andon-evaluate.yml@refs/heads/main',
    event: 'workflow_dispatch',
    head_branch: 'main',
    head_sha: 'd'.repeat(40),
    run_attempt: 1,
    status: 'in_progress',
    conclusion: null,
    html_url: RUN,
    actor: { login: 'andon-acme[bot]', id: 99, type: 'Bot' },
    ...more,
  }
}

describe('a run', () => {
  const find = async (...runs: object[]) => {
    api.graphql({ data: { viewer: { login: 'andon-acme[bot]', databaseId: 99 } } })
    nock(API)
      .get('/repos/acme/bot/actions/workflows/andon-evaluate.yml/runs')
      .query({ event: 'workflow_dispatch', created: '>=2026-11-22T09:55:00Z', per_page: 100, page: 1 })
      .reply(200, { total_count: runs.length, workflow_runs: runs })
    return api.github.findRun({
      repository: 'acme/bot',
      file: 'andon-evaluate.yml',
      request: '01JREQ',
      since: '2026-11-22T10:00:00.123Z',
    })
  }
  it('is found by the request in its name: the first, where a doubled dispatch made two', async () => {
    expect(await find(run(9), run(8), run(7, { display_title: 'andon 01JOTHER' }))).toMatchObject({
      id: 8,
      path: '.github/workflows/andon-evaluate.yml',
      attempt: 1,
    })
  })
  it('is found on a later page, as a busy workflow fills the first', async () => {
    const others = Array.from({ length: 100 }, (_, n) => run(1000 - n, { display_title: `andon 01JOTHER${n}` }))
    api.graphql({ data: { viewer: { login: 'andon-acme[bot]', databaseId: 99 } } })
    const pages = [others, [run(7)]]
    for (const [n, runs] of pages.entries())
      nock(API)
        .get(/runs/)
        .query(({ page }) => page === String(n + 1))
        .reply(200, { total_count: 101, workflow_runs: runs })
    const target = { repository: 'acme/bot', file: 'andon-evaluate.yml', request: '01JREQ' }
    expect(await api.github.findRun({ ...target, since: '2026-11-22T10:00:00Z' })).toMatchObject({ id: 7 })
  })
  it('is not ours when somebody else started it under that name', async () => {
    expect(
      await find(
        run(9, { actor: { login: 'mallory', id: 13, type: 'User' } }),
        run(8, { actor: null }),
        run(7, { event: 'push' }),
      ),
    ).toBeNull()
  })
  it('is null where the workflow is gone', async () => {
    api.graphql({ data: { viewer: { login: 'andon-acme[bot]', databaseId: 99 } } })
    nock(API).get(/runs/).reply(404, { message: 'Not Found' })
    expect(
      await api.github.findRun({ repository: 'acme/bot', file: 'x.yml', request: 'r', since: '2026-11-22T10:00:00Z' }),
    ).toBeNull()
  })
  it('is read as it stands', async () => {
    nock(API)
      .get('/repos/acme/bot/actions/runs/9')
      .reply(200, run(9, { status: 'completed', conclusion: 'cancelled', run_attempt: 2 }))
    expect(await api.github.run('acme/bot', 9)).toEqual({
      id: 9,
      name: 'andon 01JREQ',
      path: '.github/workflows/andon-evaluate.yml',
      event: 'workflow_dispatch',
      branch: 'main',
      sha: 'd'.repeat(40),
      attempt: 2,
      status: 'completed',
      conclusion: 'cancelled',
      url: RUN,
    })
  })
  it('that GitHub no longer keeps is null', async () => {
    nock(API).get('/repos/acme/bot/actions/runs/9').reply(404, { message: 'Not Found' })
    expect(await api.github.run('acme/bot', 9)).toBeNull()
  })
})
