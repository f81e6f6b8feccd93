import { expect, test } from 'vitest'
import { installationViewer } from '../../../src/sandbox/world/app.ts'
import { createProject } from '../../../src/sandbox/world/boards.ts'
import { moveCard } from '../../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../../src/sandbox/world/cards.ts'
import { createApp, installApp } from '../../../src/sandbox/world/install.ts'
import { openIssue } from '../../../src/sandbox/world/issues.ts'
import { addTeamMember, createTeam } from '../../../src/sandbox/world/organize.ts'
import { createRepository } from '../../../src/sandbox/world/repositories.ts'
import { acme, PERMISSIONS } from './../world/acme.ts'
import { ask, read } from './ask.ts'

test('an app is called with its suffix as viewer and without it as author', async () => {
  const at = acme()
  openIssue(at.world, at.app.bot, at.repository, { title: 'By the bot' })
  const query =
    '{ viewer { login databaseId } repository(owner: "acme", name: "bot") { issue(number: 1) { author { __typename login ... on Bot { databaseId } } } } }'
  expect(await read(at, query)).toEqual({
    viewer: { login: 'andon[bot]', databaseId: at.app.bot.id },
    repository: { issue: { author: { __typename: 'Bot', login: 'andon', databaseId: at.app.bot.id } } },
  })
})

test('unknown things are NOT_FOUND at their path, and their neighbours are answered', async () => {
  const at = acme()
  const body = await ask(
    at,
    '{ nothing: node(id: "PVTI_no") { id } here: viewer { login } gone: repository(owner: "acme", name: "nope") { id } }',
  )
  expect(body.data).toEqual({ nothing: null, here: { login: 'andon[bot]' }, gone: null })
  expect(body.errors).toEqual([
    {
      type: 'NOT_FOUND',
      path: ['nothing'],
      locations: [{ line: 1, column: 3 }],
      message: "Could not resolve to a node with the global id of 'PVTI_no'",
    },
    {
      type: 'NOT_FOUND',
      path: ['gone'],
      locations: expect.any(Array),
      message: "Could not resolve to a Repository with the name 'acme/nope'.",
    },
  ])
})

test('of many nodes only the unknown ones are null', async () => {
  const at = acme()
  const body = await ask(at, 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [at.project.node, 'X_no'] })
  expect(body.data).toEqual({ nodes: [{ id: at.project.node }, null] })
  expect(body.errors).toMatchObject([{ type: 'NOT_FOUND', path: ['nodes', 1] }])
  const many = await ask(at, 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: Array(101).fill(at.project.node),
  })
  expect(many.errors?.[0]?.message).toContain('You may not provide more than 100 node ids')
})

test('each read needs its permission', async () => {
  const reads: [string, string][] = [
    ['organization_projects', '{ organization(login: "acme") { projectV2(number: 1) { id } } }'],
    ['members', '{ organization(login: "acme") { team(slug: "ai-safety") { slug } } }'],
    ['issues', '{ repository(owner: "acme", name: "bot") { issue(number: 1) { id } } }'],
    ['contents', '{ repository(owner: "acme", name: "bot") { object(expression: "HEAD:README.md") { oid } } }'],
    [
      'checks',
      '{ repository(owner: "acme", name: "bot") { defaultBranchRef { target { ... on Commit { checkSuites(first: 1) { totalCount } } } } } }',
    ],
  ]
  for (const [permission, query] of reads) {
    const { [permission]: _, ...permissions } = PERMISSIONS
    const at = acme({ permissions })
    openIssue(at.world, at.bo, at.repository, { title: 'x' })
    const refused = await ask(at, query)
    expect(refused.errors, permission).toMatchObject([
      { type: 'FORBIDDEN', message: 'Resource not accessible by integration' },
    ])
    const full = acme()
    openIssue(full.world, full.bo, full.repository, { title: 'x' })
    expect((await ask(full, query)).errors, permission).toBeUndefined()
  }
})

test('a permission that the owner took back is gone from tokens that had it', async () => {
  const at = acme()
  delete at.installation.permissions.organization_projects
  const body = await ask(at, 'query($id: ID!) { node(id: $id) { id } }', { id: at.project.node })
  expect(body.errors?.[0]?.type).toBe('FORBIDDEN')
})

test("a person's board is nothing to an app, and no error", async () => {
  const at = acme()
  const own = createProject(at.world, at.bo, at.bo, 'Mine')
  const issue = openIssue(at.world, at.bo, at.repository, { title: 'x' })
  addCard(at.world, at.bo, own, issue)
  const query =
    '{ user(login: "bo") { projectV2(number: 1) { id } projectsV2(first: 5) { totalCount } } repository(owner: "acme", name: "bot") { issue(number: 1) { projectItems(first: 5) { totalCount } } } }'
  expect(await read(at, query)).toEqual({
    user: { projectV2: null, projectsV2: { totalCount: 0 } },
    repository: { issue: { projectItems: { totalCount: 0 } } },
  })
  expect((await ask(at, 'query($id: ID!) { node(id: $id) { id } }', { id: own.node })).errors?.[0]?.type).toBe(
    'NOT_FOUND',
  )
  const bo = { world: at.world, viewer: { as: 'user', person: at.bo } as const }
  expect(await read(bo, '{ user(login: "bo") { projectV2(number: 1) { title } } }')).toEqual({
    user: { projectV2: { title: 'Mine' } },
  })
})

test('a card whose content the app cannot see is REDACTED, but stands in its column', async () => {
  const at = acme()
  const hidden = createRepository(at.world, at.ada, at.organization, 'hidden', { files: { a: '1' }, private: true })
  const card = addCard(at.world, at.ada, at.project, openIssue(at.world, at.ada, hidden, { title: 'Secret plan' }))
  moveCard(at.world, at.ada, card, 'Staging')
  at.installation.repositories = new Set([at.repository.id])
  const viewer = installationViewer(at.installation)
  const query = `query($id: ID!) { node(id: $id) { ... on ProjectV2Item { type content { __typename }
    status: fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name } }
    title: fieldValueByName(name: "Title") { ... on ProjectV2ItemFieldTextValue { text } }
    fieldValues(first: 20) { totalCount } } } }`
  const data = await read({ world: at.world, viewer }, query, { id: card.node })
  expect(data).toEqual({
    node: { type: 'REDACTED', content: null, status: { name: 'Staging' }, title: null, fieldValues: { totalCount: 1 } },
  })
  const found = await read(
    { world: at.world, viewer },
    '{ search(type: ISSUE, query: "Secret", first: 5) { issueCount } organization(login: "acme") { projectV2(number: 1) { items(first: 5, query: "Secret") { totalCount } } } }',
  )
  expect(found).toEqual({ search: { issueCount: 0 }, organization: { projectV2: { items: { totalCount: 0 } } } })
})

test('another organization has nothing to see here', async () => {
  const at = acme()
  const foreign = createApp(at.world, 'foreign', { owner: at.mallory, permissions: PERMISSIONS, events: [] })
  const viewer = installationViewer(installApp(at.world, at.mallory, foreign, at.mallory))
  const body = await ask(
    { world: at.world, viewer },
    '{ repository(owner: "acme", name: "bot") { id } organization(login: "acme") { projectV2(number: 1) { id } team(slug: "ai-safety") { id } } }',
  )
  expect(body.data).toEqual({ repository: null, organization: { projectV2: null, team: null } })
  expect(body.errors?.map(({ type }) => type).sort()).toEqual(['FORBIDDEN', 'NOT_FOUND', 'NOT_FOUND'])
})

test('a team lists its active members, those of child teams too, and an unknown team is null', async () => {
  const at = acme()
  const child = createTeam(at.world, at.organization, 'red', { parent: at.safety })
  addTeamMember(at.world, at.ada, child, at.cy)
  addTeamMember(at.world, at.ada, at.safety, at.mallory)
  const query = `{ organization(login: "acme") {
    team(slug: "ai-safety") { all: members(first: 10) { nodes { login } } own: members(first: 10, membership: IMMEDIATE) { nodes { login } }
      one: members(first: 10, query: "cy") { totalCount } }
    none: team(slug: "nobody") { id } teams(first: 10) { nodes { slug } } } }`
  expect(await read(at, query)).toEqual({
    organization: {
      team: {
        all: { nodes: [{ login: 'cy' }, { login: 'bo' }] },
        own: { nodes: [{ login: 'bo' }] },
        one: { totalCount: 1 },
      },
      none: null,
      teams: { nodes: [{ slug: 'ai-safety' }, { slug: 'red' }] },
    },
  })
})
