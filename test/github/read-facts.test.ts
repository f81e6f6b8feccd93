// The gates' questions answered: in the card's request where they can be foreseen, whole or not at all.
import nock from 'nock'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Facts, GitHubQuery } from '../../src/core/facts/query.ts'
import { API, type Api, openApi } from './support/api.ts'
import { andon, answer, bo, item, SHA } from './support/card-fixture.ts'

let api: Api
beforeEach(async () => {
  api = await openApi()
})
afterEach(() => nock.cleanAll())

const ADDRESS = { owner: 'acme', project: 'PVT_1', number: 12, item: 'PVTI_1' }
const LAST = { hasNextPage: false, endCursor: null }
const MORE = { hasNextPage: true, endCursor: 'next' }

async function ask(queries: GitHubQuery[], ...answers: object[]): Promise<Facts> {
  api.graphql(...answers.map((data) => ({ data })))
  return api.github.answer(ADDRESS, queries)
}

function cardIn(id: string, column: string | null, content: object | null, more: object = {}) {
  const fieldValueByName = column === null ? null : { name: column, updatedAt: '2026-11-03T00:00:00Z' }
  return { id, isArchived: false, fieldValueByName, content, ...more }
}

describe('blobs', () => {
  const blobs = (...paths: string[]): GitHubQuery => ({ fact: 'blobs', repository: 'acme/bot', sha: SHA, paths })

  it('are ids of files; a folder and a missing path are none', async () => {
    const facts = await ask([blobs('a', 'folder', 'gone')], {
      board: null,
      q0: { p0: { oid: 'x1' }, p1: {}, p2: null },
    })
    expect(facts.blobs[`acme/bot@${SHA}`]).toEqual({ a: 'x1', folder: null, gone: null })
  })
  it('stay data when a path is called as a part of every object', async () => {
    const facts = await ask([blobs('__proto__', 'constructor')], { q0: { p0: { oid: 'x1' }, p1: null } })
    const found = facts.blobs[`acme/bot@${SHA}`] ?? {}
    expect(Object.entries(found)).toEqual([
      ['__proto__', 'x1'],
      ['constructor', null],
    ])
    expect(({} as Record<string, unknown>).oid).toBeUndefined()
  })
  it('of a repository that GitHub does not show are none', async () => {
    expect((await ask([blobs('a')], { q0: null })).blobs[`acme/bot@${SHA}`]).toEqual({ a: null })
  })
  it('of more than a hundred paths take a second request', async () => {
    const paths = Array.from({ length: 101 }, (_, n) => `p${n}`)
    const facts = await ask([blobs(...paths)], { q0: { p99: { oid: 'x' } } }, { q0: { p0: { oid: 'y' } } })
    expect(facts.blobs[`acme/bot@${SHA}`]).toMatchObject({ p99: 'x', p100: 'y' })
    expect(api.requests).toHaveLength(2)
  })
})

describe('check runs', () => {
  const query: GitHubQuery = { fact: 'check-runs', repository: 'acme/bot', sha: SHA }
  const run = (databaseId: number, conclusion: string | null) => ({
    databaseId,
    name: 'build',
    status: conclusion ? 'COMPLETED' : 'IN_PROGRESS',
    conclusion,
    permalink: `u/${databaseId}`,
  })
  const suite = (slug: string, runs: object[], pageInfo: object = LAST) => ({
    app: { slug },
    checkRuns: { pageInfo, nodes: runs },
  })
  const suites = (nodes: object[], pageInfo: object = LAST) => ({
    q0: { object: { checkSuites: { pageInfo, nodes } } },
  })

  it('are the latest of each app and name: a namesake of another app hides none', async () => {
    const data = suites([
      suite('ci', [run(2, 'FAILURE')]),
      suite('ci', [run(3, 'SUCCESS')]),
      suite('evil', [run(9, 'SUCCESS')]),
    ])
    expect((await ask([query], data)).checkRuns[`acme/bot@${SHA}`]).toEqual([
      { name: 'build', app: 'ci', status: 'completed', conclusion: 'success', url: 'u/3' },
      { name: 'build', app: 'evil', status: 'completed', conclusion: 'success', url: 'u/9' },
    ])
  })
  it('of a commit that GitHub does not know are none', async () => {
    expect((await ask([query], { q0: { object: null } })).checkRuns[`acme/bot@${SHA}`]).toEqual([])
  })
  it('past the first page are read to the end', async () => {
    const rest = (id: number, name: string) => ({
      id,
      node_id: `CR_${id}`,
      name,
      status: 'completed',
      conclusion: 'failure',
      html_url: `u/${id}`,
      external_id: '',
      app: { slug: 'ci' },
    })
    const page = Array.from({ length: 100 }, (_, n) => rest(n, `c${n}`))
    const path = `/repos/acme/bot/commits/${SHA}/check-runs`
    nock(API)
      .get(path)
      .query({ filter: 'latest', per_page: 100, page: 1 })
      .reply(200, { total_count: 101, check_runs: page })
    nock(API)
      .get(path)
      .query({ filter: 'latest', per_page: 100, page: 2 })
      .reply(200, { total_count: 101, check_runs: [rest(100, 'last')] })
    const facts = await ask([query], suites([suite('ci', [run(1, 'SUCCESS')], MORE)]))
    expect(facts.checkRuns[`acme/bot@${SHA}`]).toHaveLength(101)
    expect(facts.checkRuns[`acme/bot@${SHA}`]?.at(-1)).toEqual({
      name: 'last',
      app: 'ci',
      status: 'completed',
      conclusion: 'failure',
      url: 'u/100',
    })
  })
})

describe('a team', () => {
  const query: GitHubQuery = { fact: 'team', slug: 'ai-safety' }
  it('is read to its last member', async () => {
    const members = (login: string, pageInfo: object) => ({ team: { members: { pageInfo, nodes: [{ login }] } } })
    const facts = await ask([query], { q0: members('ada', MORE) }, { organization: members('bo', LAST) })
    expect(facts.teams).toEqual({ 'ai-safety': ['ada', 'bo'] })
  })
  it('that GitHub does not know is null', async () => {
    expect((await ask([query], { q0: { team: null } })).teams).toEqual({ 'ai-safety': null })
  })
})

describe('a column', () => {
  const query: GitHubQuery = { fact: 'column', name: 'In Evaluation' }
  const people = (...logins: string[]) => ({ nodes: logins.map((login) => ({ login })) })

  it('holds what stands in it, each card counted for its assignees or else its author', async () => {
    const nodes = [
      cardIn('1', 'In Evaluation', { title: 'One', author: bo, assignees: people('ada') }),
      cardIn('2', 'In Evaluation', { title: 'Two', author: andon, assignees: people() }),
      cardIn('3', 'In Evaluation', null),
      cardIn('4', 'In Evaluation (old)', { title: 'Four' }),
      cardIn('5', 'In Evaluation', { title: 'Five' }, { isArchived: true }),
      cardIn('6', null, { title: 'Six' }),
    ]
    const facts = await ask([query], { board: { q0: { pageInfo: LAST, nodes } } })
    expect(facts.columns['In Evaluation']?.map(({ item: id, assignees }) => [id, assignees])).toEqual([
      ['1', ['ada']],
      ['2', ['andon-acme[bot]']],
      ['3', []],
    ])
    expect(api.requests[0]?.body).toMatchObject({ variables: { q0f: 'status:"In Evaluation"', field: 'Status' } })
  })
  it('is read to its end', async () => {
    const page = (id: string, pageInfo: object) => ({ pageInfo, nodes: [cardIn(id, 'In Evaluation', { title: id })] })
    const facts = await ask([query], { board: { q0: page('1', MORE) } }, { node: { items: page('2', LAST) } })
    expect(facts.columns['In Evaluation']).toHaveLength(2)
  })
  it('that GitHub did not answer is no empty column', async () => {
    await expect(ask([query], { board: null })).rejects.toMatchObject({ kind: 'other' })
  })
})

describe('issues', () => {
  it('are counted in the card’s repository, once the card was read', async () => {
    const found = { issueCount: 3, nodes: [{ number: 1, title: 'Down', url: 'u' }, {}] }
    api.graphql({ data: answer() }, { data: { q0: found } })
    const wanted: GitHubQuery[] = [{ fact: 'issues', query: 'label:incident' }]
    const first = await api.github.readCard({ address: ADDRESS, wanted })
    expect(first.facts.issues).toEqual({})
    const facts = await api.github.answer(ADDRESS, wanted)
    expect(facts.issues['label:incident']).toEqual({ total: 3, first: [{ number: 1, title: 'Down', url: 'u' }] })
    expect(api.requests[1]?.body).toMatchObject({ variables: { q0i: 'is:issue is:open repo:acme/bot label:incident' } })
  })
  it('travel with the card from then on', async () => {
    const found = { issueCount: 0, nodes: [] }
    api.graphql({ data: answer() }, { data: { ...answer(), q0: found } })
    const wanted: GitHubQuery[] = [{ fact: 'issues', query: 'label:incident' }]
    await api.github.readCard({ address: ADDRESS, wanted })
    const second = await api.github.readCard({ address: ADDRESS, wanted })
    expect(second.facts.issues).toEqual({ 'label:incident': { total: 0, first: [] } })
    expect(api.requests).toHaveLength(2)
  })
})

describe('facts wanted with a card', () => {
  it('come in its one request', async () => {
    const wanted: GitHubQuery[] = [
      { fact: 'blobs', repository: 'acme/bot', sha: SHA, paths: ['a'] },
      { fact: 'team', slug: 't' },
      { fact: 'column', name: 'Staging' },
    ]
    const node = item()
    const project = { ...node.project, q2: { pageInfo: LAST, nodes: [cardIn('1', 'Staging', { title: 'One' })] } }
    const team = { team: { members: { pageInfo: LAST, nodes: [{ login: 'ada' }] } } }
    api.graphql({ data: { ...answer({ ...node, project }), q0: { p0: { oid: 'x' } }, q1: team } })
    const { facts } = await api.github.readCard({ address: ADDRESS, wanted })
    expect(api.requests).toHaveLength(1)
    expect(facts).toMatchObject({
      blobs: { [`acme/bot@${SHA}`]: { a: 'x' } },
      teams: { t: ['ada'] },
      columns: { Staging: [{ item: '1' }] },
    })
  })
  it('are no answers where they were asked of another field than the board’s', async () => {
    const node = item()
    const project = { ...node.project, q0: { pageInfo: LAST, nodes: [] } }
    const atRoot = { oid: 'o', text: 'board: { field: Stage }', isTruncated: false, byteSize: 1 }
    const repository = { nameWithOwner: 'acme/.github', dotGithub: null, atRoot, bases: null }
    api.graphql({ data: answer({ ...node, project }, { organization: { repository } }) })
    const { facts } = await api.github.readCard({ address: ADDRESS, wanted: [{ fact: 'column', name: 'Staging' }] })
    expect(facts.columns).toEqual({})
  })
})
