// Writes: many in one request, each with its own outcome, none ever repeated blindly.
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Write } from '../../src/github/port.ts'
import { type Api, openApi } from './support/api.ts'
import { value } from './support/card-fixture.ts'

let api: Api
beforeEach(async () => {
  api = await openApi()
})
afterEach(() => nock.cleanAll())

const place: Write = { write: 'place', project: 'PVT_1', item: 'PVTI_1', field: 'PVTSSF_1', option: 'o1' }
const comment: Write = { write: 'comment', id: null, subject: 'I_7', body: 'Hello' }
const check: Write = {
  write: 'check',
  id: null,
  repositoryId: 'R_1',
  repository: 'acme/bot',
  sha: 'a'.repeat(40),
  name: 'andon',
  externalId: '01J',
  detailsUrl: null,
  conclusion: 'action_required',
  title: 'Unsure',
  summary: 's',
  text: '',
}
/** The variables of the request. */
function sent<T>(): T {
  return (api.requests[0]?.body as { variables: T } | undefined)?.variables as T
}

const COMMENTED = { commentEdge: { node: { id: 'IC_1', url: 'u/1' } } }

describe('writes', () => {
  it('travel in one request, in order, and each has its outcome', async () => {
    const fieldValues = { nodes: [{}, value('Status', 'PVTSSF_1', 'o1', 'Backlog')] }
    const w0 = { projectV2Item: { id: 'PVTI_1', fieldValues } }
    api.graphql({ data: { w0, w1: { checkRun: { id: 'CR_1', permalink: 'u/2' } }, w2: COMMENTED } })
    const written = await api.github.write([place, check, comment])
    expect(written).toEqual([
      {
        ok: true,
        id: 'PVTI_1',
        url: null,
        place: { column: { id: 'o1', name: 'Backlog' }, since: '2026-11-03T00:00:00Z' },
      },
      { ok: true, id: 'CR_1', url: 'u/2', place: null },
      { ok: true, id: 'IC_1', url: 'u/1', place: null },
    ])
    expect(api.requests).toHaveLength(1)
    expect(api.requests[0]?.body).toMatchObject({
      variables: {
        i0: { value: { singleSelectOptionId: 'o1' } },
        i1: { status: 'COMPLETED', conclusion: 'ACTION_REQUIRED', headSha: 'a'.repeat(40) },
        i2: { subjectId: 'I_7', body: 'Hello' },
      },
    })
  })

  it('clear a field, and tell that the card stands nowhere', async () => {
    api.graphql({ data: { w0: { projectV2Item: { id: 'PVTI_1', fieldValues: { nodes: [] } } } } })
    const written = await api.github.write([{ ...place, option: null }])
    expect(written).toMatchObject([{ ok: true, place: { column: null, since: null } }])
  })

  it('keep a check without a conclusion in progress', async () => {
    api.graphql({ data: { w0: { checkRun: { id: 'CR_1', permalink: 'u' } } } })
    await api.github.write([{ ...check, id: 'CR_1', conclusion: null }])
    const variables = sent<{ i0: Record<string, unknown> }>()
    expect(variables.i0).toMatchObject({ checkRunId: 'CR_1', status: 'IN_PROGRESS' })
    expect(variables.i0).not.toHaveProperty('conclusion')
  })

  it('go on after one that was refused', async () => {
    const errors = [{ type: 'FORBIDDEN', path: ['w0'], message: 'Resource not accessible by integration' }]
    api.graphql({ data: { w0: null, w1: COMMENTED }, errors })
    expect(await api.github.write([place, comment])).toMatchObject([
      { ok: false, why: 'denied', message: 'Resource not accessible by integration' },
      { ok: true, id: 'IC_1' },
    ])
  })

  it.each([
    ['FORBIDDEN', 'Commenting is disabled on issues with more than 2500 comments', 'refused', 'denied'],
    ['UNPROCESSABLE', 'Unable to create comment because issue is locked.', 'refused', 'refused'],
    ['FORBIDDEN', 'Resource not accessible by integration', 'denied', 'denied'],
    ['NOT_FOUND', 'Could not resolve to a node', 'refused', 'denied'],
  ])('tell a lost permission from a refusal of their subject: %s, %s', async (type, message, ofComment, ofPlace) => {
    const errors = ['w0', 'w1'].map((path) => ({ type, path: [path], message }))
    api.graphql({ data: { w0: null, w1: null }, errors })
    expect(await api.github.write([comment, place])).toMatchObject([{ why: ofComment }, { why: ofPlace }])
  })

  it('are worth another try where GitHub itself failed', async () => {
    const errors = [{ path: ['w0'], message: 'Something went wrong while executing your query.' }]
    api.graphql({ data: { w0: null }, errors })
    expect(await api.github.write([comment])).toMatchObject([{ ok: false, why: 'outage' }])
    expect(api.requests).toHaveLength(1)
  })

  it('make a comment anew that somebody has deleted', async () => {
    const errors = [{ type: 'NOT_FOUND', path: ['w1'], message: 'Could not resolve to a node' }]
    api.graphql(
      { data: { w0: { checkRun: { id: 'CR_1', permalink: 'u' } }, w1: null }, errors },
      { data: { w0: COMMENTED } },
    )
    expect(await api.github.write([check, { ...comment, id: 'IC_0' }])).toMatchObject([
      { id: 'CR_1' },
      { ok: true, id: 'IC_1' },
    ])
    expect(api.requests[1]?.body).toMatchObject({ variables: { i0: { subjectId: 'I_7', body: 'Hello' } } })
  })

  it.each([502, 500, 408])('are sent once though GitHub answers %i: they may have been done', async (status) => {
    api.graphql({ status, body: 'Bad gateway' }, { data: { w0: COMMENTED } })
    await expect(api.github.write([comment])).rejects.toMatchObject({ transient: true, status })
    expect(api.requests).toHaveLength(1)
  })

  it('need no request where there are none', async () => {
    expect(await api.github.write([])).toEqual([])
    expect(api.requests).toHaveLength(0)
  })

  it('never pass GitHub’s limits', async () => {
    api.graphql({ data: { w0: COMMENTED, w1: { checkRun: { id: 'CR_1', permalink: 'u' } } } })
    const long = '🚀'.repeat(70_000)
    await api.github.write([
      { ...comment, body: `<!-- andon:card -->${long}` },
      { ...check, summary: long, text: long },
    ])
    const variables = sent<{ i0: { body: string }; i1: { output: { summary: string; text: string } } }>()
    expect(variables.i0.body.length).toBeLessThanOrEqual(65_536)
    expect(variables.i0.body).toContain('<!-- andon:card -->')
    expect(variables.i1.output.summary.length).toBeLessThanOrEqual(65_535)
    expect(variables.i1.output.text.length).toBeLessThanOrEqual(65_535)
  })
})
