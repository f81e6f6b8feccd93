// GraphQL over HTTP, asked by GitHub's own client with an installation's token.
import { graphql } from '@octokit/graphql'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { columnOf } from '../../../src/sandbox/world/board.ts'
import { type Acme, startAcme } from '../rest/acme.ts'

let acme: Acme
let ask: typeof graphql
let now = 0
beforeEach(async () => {
  now = Date.now()
  acme = await startAcme({ clock: () => new Date(now) })
  const { token } = acme.sandbox.tokens.forInstallation(acme.installation)
  ask = graphql.defaults({ baseUrl: acme.sandbox.apiUrl, headers: { authorization: `token ${token}` } })
})
afterEach(() => acme.sandbox.stop())

const board = 'query Board($id: ID!) { node(id: $id) { ... on ProjectV2 { title number } } }'

it('reads a board, is logged by the operation’s name, and is counted in points', async () => {
  expect(await ask(board, { id: acme.project.node })).toEqual({
    node: { title: 'Changes', number: acme.project.number },
  })
  const asked = acme.sandbox.requests.list({ kind: 'graphql' })
  expect(asked).toMatchObject([
    { operation: 'Board', method: 'POST', status: 200, caller: `installation:${acme.installation.id}` },
  ])
  expect(acme.sandbox.requests.count()).toBe(1)
  const { rateLimit } = await ask<{ rateLimit: { used: number } }>('{ rateLimit { used } }')
  expect(rateLimit.used).toBe(2)
})

it('answers a spent budget with 200 and an error, until the hour is over', async () => {
  acme.sandbox.faults.add({ fault: 'primary-limit', on: { kind: 'graphql' }, times: 1 })
  await expect(ask(board, { id: acme.project.node })).rejects.toMatchObject({
    errors: [{ type: expect.stringMatching(/^RATE_LIMIT(ED)?$/), message: expect.stringContaining('rate limit') }],
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-resource': 'graphql' },
  })
  await expect(ask(board, { id: acme.project.node })).rejects.toThrow('rate limit')
  expect(acme.sandbox.requests.list({ kind: 'graphql', status: 200 })).toHaveLength(2)
})

it('a mutation whose answer is lost has moved the card all the same', async () => {
  const field = acme.project.fields.find((one) => one.name === 'Status')
  const option = field?.options.find((one) => one.name === 'Staging')
  const input = {
    projectId: acme.project.node,
    itemId: acme.item.node,
    fieldId: field?.node,
    value: { singleSelectOptionId: option?.id },
  }
  const move = `mutation Move($input: UpdateProjectV2ItemFieldValueInput!) {
    updateProjectV2ItemFieldValue(input: $input) { projectV2Item { id } } }`
  acme.sandbox.faults.add({ fault: 'cut', when: 'after', on: { kind: 'graphql', writes: true }, times: 1 })
  await expect(ask(move, { input })).rejects.toThrow()
  expect(columnOf(acme.item)).toBe('Staging')
})

it('is closed without a token, to an app’s own, and to what is no query', async () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(acme.sandbox.graphqlUrl, { method: 'POST', body, headers: { 'user-agent': 'test', ...headers } })
  expect((await post('{"query":"{ viewer { login } }"}')).status).toBe(401)
  const authorization = `token ${acme.sandbox.tokens.forPerson(acme.ada)}`
  expect((await post('{', { authorization })).status).toBe(400)
  expect((await post('{}', { authorization })).status).toBe(400)
  const viewer = await post('{"query":"{ viewer { login } }"}', { authorization })
  expect(await viewer.json()).toEqual({ data: { viewer: { login: 'ada' } } })
})
