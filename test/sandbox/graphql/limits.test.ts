import { expect, test } from 'vitest'
import { graphqlBudget } from '../../../src/sandbox/graphql/budget.ts'
import { executeGraphql } from '../../../src/sandbox/graphql/execute.ts'
import { acme } from '../world/acme.ts'
import { ask, read } from './ask.ts'

const repository = (inner: string) => `{ repository(owner: "acme", name: "bot") { ${inner} } }`

test('a connection needs first or last, between 1 and 100', async () => {
  const at = acme()
  const messageOf = async (inner: string) => {
    const body = await ask(at, repository(inner))
    expect(body).not.toHaveProperty('data')
    return body.errors?.map(({ type, path, message }) => ({ type, path: path?.join('.'), message }))[0]
  }
  expect(await messageOf('issues { totalCount }')).toEqual({
    type: 'MISSING_PAGINATION_BOUNDARIES',
    path: 'query.repository.issues',
    message: 'You must provide a `first` or `last` value to properly paginate the `issues` connection.',
  })
  expect(await messageOf('all: issues(first: 101) { totalCount }')).toMatchObject({
    type: 'EXCESSIVE_PAGINATION',
    path: 'query.repository.all',
    message: 'Requesting 101 records on the `issues` connection exceeds the `first` limit of 100 records.',
  })
  expect(await messageOf('issues(first: 1, last: 1) { totalCount }')).toMatchObject({
    type: 'INVALID_PAGINATION_BOUNDARIES',
  })
  expect(await messageOf('issues(first: 0) { totalCount }')).toMatchObject({ type: 'INVALID_PAGINATION_BOUNDARIES' })
})

test('page sizes are found in variables and in fragments', async () => {
  const at = acme()
  const query = `query($n: Int = 101) { repository(owner: "acme", name: "bot") { ...R } }
    fragment R on Repository { issues(first: $n) { totalCount } }`
  expect((await ask(at, query)).errors?.[0]?.type).toBe('EXCESSIVE_PAGINATION')
  expect(await read(at, query, { n: 100 })).toEqual({ repository: { issues: { totalCount: 0 } } })
})

test('more than 500,000 possible nodes are refused before anything is read', async () => {
  const nested =
    'issues(first: 100) { nodes { comments(first: 100) { nodes { id } } labels(first: 100) { totalCount } timelineItems(first: 100) { nodes { ... on IssueComment { issue { comments(first: 100) { totalCount } } } } } } }'
  const body = await ask(acme(), repository(nested))
  expect(body.errors?.[0]).toMatchObject({
    type: 'MAX_NODE_LIMIT_EXCEEDED',
    message: 'This query requests up to 1,030,100 possible nodes which exceeds the maximum limit of 500,000.',
  })
})

test("the cost is GitHub's: requests of connections by a hundred, at least one", async () => {
  const at = acme()
  // 1 request for the issues and 100 for their comments, 100 for their labels.
  const query = `{ rateLimit { cost nodeCount remaining used limit resetAt } ${repository('issues(first: 100) { nodes { comments(first: 10) { totalCount } labels(first: 10) { totalCount } } }').slice(1)}`
  expect(await read(at, query)).toMatchObject({
    rateLimit: { cost: 2, nodeCount: 2_100, used: 2, remaining: 4_998, limit: 5_000, resetAt: '2026-11-22T11:00:00Z' },
  })
  expect(await read(at, '{ rateLimit { cost used } }')).toEqual({ rateLimit: { cost: 1, used: 3 } })
  at.wait(3_600)
  expect(await read(at, '{ rateLimit { used } }')).toEqual({ rateLimit: { used: 1 } })
})

test('a spent budget answers 200 with an error, and headers say so', async () => {
  const { world, viewer, installation } = acme()
  graphqlBudget(world, viewer).used = 5_000
  const { status, headers, body } = await executeGraphql(world, { query: '{ viewer { login } }', viewer })
  expect(status).toBe(200)
  expect(headers).toMatchObject({ 'x-ratelimit-remaining': '0', 'x-ratelimit-resource': 'graphql' })
  expect(body).toEqual({
    errors: [{ type: 'RATE_LIMITED', message: `API rate limit exceeded for installation ID ${installation.id}.` }],
  })
})

test('what nobody has implemented is an error that names it, never null', async () => {
  const { world, viewer } = acme()
  const answer = (query: string) => executeGraphql(world, { query, viewer })
  const unknown = await answer(repository('stargazerCount id'))
  expect(unknown.status).toBe(501)
  expect(unknown.body).toEqual({
    errors: [{ type: 'SANDBOX_NOT_IMPLEMENTED', message: 'the sandbox does not implement Repository.stargazerCount' }],
  })
  // A field of an interface is only known to be missing once the thing behind it is.
  const hidden = await answer(`{ organization(login: "acme") { ... on ProfileOwner { websiteUrl } } }`)
  expect(hidden.status).toBe(501)
  const term = await answer('{ search(type: ISSUE, query: "review:required", first: 1) { issueCount } }')
  expect(term.body.errors?.[0]?.message).toBe('the sandbox does not implement the search term review:')
  const filter = await answer(
    '{ organization(login: "acme") { projectV2(number: 1) { items(first: 1, query: "iteration:@current") { totalCount } } } }',
  )
  expect(filter.body.errors?.[0]?.message).toBe('the sandbox does not implement the board filter iteration:@current')
})

test('what the schema does not know is told as GitHub tells it', async () => {
  const at = acme()
  expect((await ask(at, repository('colour'))).errors).toMatchObject([
    {
      message: "Field 'colour' doesn't exist on type 'Repository'",
      extensions: { code: 'undefinedField', fieldName: 'colour' },
    },
  ])
  expect((await ask(at, '{ viewer { login }')).errors).toHaveLength(1)
  expect((await ask(at, ' ')).errors?.[0]?.message).toContain('A query attribute must be specified')
})
