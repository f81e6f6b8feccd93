import { expect, test } from 'vitest'
import { fieldNamed } from '../../../src/sandbox/world/board.ts'
import { addField } from '../../../src/sandbox/world/boards.ts'
import { moveCard, setField } from '../../../src/sandbox/world/card-fields.ts'
import { addCard, addDraft, archiveCard } from '../../../src/sandbox/world/cards.ts'
import { assign, closeIssue, openIssue } from '../../../src/sandbox/world/issues.ts'
import { addLabel } from '../../../src/sandbox/world/labels.ts'
import { acme } from '../world/acme.ts'
import { read } from './ask.ts'

function pipeline() {
  const stage = acme()
  const { world, bo, repository, project } = stage
  const issues = ['One', 'Two', 'Three'].map((title) => openIssue(world, bo, repository, { title }))
  const cards = issues.map((issue) => addCard(world, bo, project, issue))
  const [one, two, three] = cards
  if (!one || !two || !three) throw new Error('no cards')
  return { ...stage, issues, one, two, three }
}

const board = (inner: string) => `{ organization(login: "acme") { projectV2(number: 1) { ${inner} } } }`

test('a card tells its place, when it got there, and who first set it', async () => {
  const at = pipeline()
  at.wait(60)
  moveCard(at.world, at.bo, at.one, 'Backlog')
  at.wait(60)
  moveCard(at.world, at.cy, at.one, 'Staging')
  const query = `query($id: ID!) { node(id: $id) { __typename ... on ProjectV2Item { id type isArchived
    project { number owner { ... on Organization { login } } }
    fieldValueByName(name: "status") { ... on ProjectV2ItemFieldSingleSelectValue { name optionId createdAt updatedAt creator { login } field { ... on ProjectV2SingleSelectField { id options { id name } } } } }
    content { ... on Issue { number timelineItems(last: 10, itemTypes: [PROJECT_V2_ITEM_STATUS_CHANGED_EVENT]) { nodes { __typename ... on ProjectV2ItemStatusChangedEvent { previousStatus status wasAutomated createdAt actor { login } project { number } } } } } } } } }`
  const status = fieldNamed(at.project, 'Status')
  expect(await read(at, query, { id: at.one.node })).toEqual({
    node: {
      __typename: 'ProjectV2Item',
      id: at.one.node,
      type: 'ISSUE',
      isArchived: false,
      project: { number: 1, owner: { login: 'acme' } },
      fieldValueByName: {
        name: 'Staging',
        optionId: status?.options[1]?.id,
        createdAt: '2026-11-22T10:01:00Z',
        updatedAt: '2026-11-22T10:02:00Z',
        creator: { login: 'bo' },
        field: { id: status?.node, options: status?.options.map(({ id, name }) => ({ id, name })) },
      },
      content: {
        number: 1,
        timelineItems: {
          nodes: [
            ['', 'Backlog', 'bo', '2026-11-22T10:01:00Z'],
            ['Backlog', 'Staging', 'cy', '2026-11-22T10:02:00Z'],
          ].map(([previousStatus, status, login, createdAt]) => ({
            __typename: 'ProjectV2ItemStatusChangedEvent',
            previousStatus,
            status,
            wasAutomated: false,
            createdAt,
            actor: { login },
            project: { number: 1 },
          })),
        },
      },
    },
  })
})

test('items are filtered as on the board', async () => {
  const at = pipeline()
  const { world, bo, cy, one, two, three, issues, project } = at
  moveCard(world, bo, one, 'Staging')
  moveCard(world, bo, two, 'Production')
  const draft = addDraft(world, bo, project, { title: 'Idea' })
  assign(world, bo, issues[1] as never, cy)
  addLabel(world, bo, issues[2] as never, 'risk: high')
  closeIssue(world, bo, issues[0] as never)
  const list = async (query: string) => {
    const text = `query($q: String!) ${board('items(first: 50, query: $q) { nodes { id } }')}`
    const data = (await read(at, text, { q: query })) as {
      organization: { projectV2: { items: { nodes: { id: string }[] } } }
    }
    const names = new Map([one, two, three, draft].map((card) => [card.node, card.content.title]))
    return data.organization.projectV2.items.nodes.map(({ id }) => names.get(id))
  }
  expect(await list('status:Production')).toEqual(['Two'])
  expect(await list('status:"production",Done')).toEqual(['One', 'Two'])
  expect(await list('-status:Done')).toEqual(['Two', 'Three', 'Idea'])
  expect(await list('no:status')).toEqual(['Three', 'Idea'])
  expect(await list('has:status is:open')).toEqual(['Two'])
  expect(await list('is:closed')).toEqual(['One'])
  expect(await list('is:draft')).toEqual(['Idea'])
  expect(await list('assignee:cy')).toEqual(['Two'])
  expect(await list('label:"risk: high"')).toEqual(['Three'])
  expect(await list('repo:acme/bot thr')).toEqual(['Three'])
  expect(await list('updated:>2026-11-22')).toEqual([])
  expect(await list('updated:>=2026-11-22 is:issue')).toEqual(['One', 'Two', 'Three'])
  expect(await list('updated:<@today-1d')).toEqual([])
})

test('archived items are only listed where they are asked for', async () => {
  const at = pipeline()
  archiveCard(at.world, at.bo, at.two)
  const counts = board(
    'live: items(first: 9) { totalCount } gone: items(first: 9, archivedStates: [ARCHIVED]) { totalCount } all: items(first: 9, archivedStates: [ARCHIVED, NOT_ARCHIVED]) { totalCount }',
  )
  expect(await read(at, counts)).toEqual({
    organization: { projectV2: { live: { totalCount: 2 }, gone: { totalCount: 1 }, all: { totalCount: 3 } } },
  })
  const from =
    '{ repository(owner: "acme", name: "bot") { issue(number: 2) { with: projectItems(first: 9) { totalCount } without: projectItems(first: 9, includeArchived: false) { totalCount } } } }'
  expect(await read(at, from)).toEqual({
    repository: { issue: { with: { totalCount: 1 }, without: { totalCount: 0 } } },
  })
})

test('every kind of field has its value', async () => {
  const at = pipeline()
  const { world, bo, project, one } = at
  const iterations = [{ id: 'abcd1234', title: 'Sprint 1', startDate: '2026-11-16', duration: 14 }]
  setField(world, bo, one, addField(world, project, 'Owner', 'TEXT'), 'bo')
  setField(world, bo, one, addField(world, project, 'Size', 'NUMBER'), 3)
  setField(world, bo, one, addField(world, project, 'Due', 'DATE'), '2026-12-01')
  setField(world, bo, one, addField(world, project, 'Sprint', 'ITERATION', { iterations }), 'abcd1234')
  const query = `query($id: ID!) { node(id: $id) { ... on ProjectV2Item { fieldValues(first: 20) { nodes { __typename
    ... on ProjectV2ItemFieldTextValue { text } ... on ProjectV2ItemFieldNumberValue { number } ... on ProjectV2ItemFieldDateValue { date }
    ... on ProjectV2ItemFieldIterationValue { title iterationId } ... on ProjectV2ItemFieldRepositoryValue { repository { name } }
    ... on ProjectV2ItemFieldValueCommon { field { ... on ProjectV2FieldCommon { name } } } } } } } }`
  expect(await read(at, query, { id: one.node })).toEqual({
    node: {
      fieldValues: {
        nodes: [
          { __typename: 'ProjectV2ItemFieldTextValue', text: 'One', field: { name: 'Title' } },
          { __typename: 'ProjectV2ItemFieldRepositoryValue', repository: { name: 'bot' } },
          { __typename: 'ProjectV2ItemFieldTextValue', text: 'bo', field: { name: 'Owner' } },
          { __typename: 'ProjectV2ItemFieldNumberValue', number: 3, field: { name: 'Size' } },
          { __typename: 'ProjectV2ItemFieldDateValue', date: '2026-12-01', field: { name: 'Due' } },
          {
            __typename: 'ProjectV2ItemFieldIterationValue',
            title: 'Sprint 1',
            iterationId: 'abcd1234',
            field: { name: 'Sprint' },
          },
        ],
      },
    },
  })
})

test("the built-in workflows are listed, with GitHub's own defaults", async () => {
  const data = await read(acme(), board('workflows(first: 20) { nodes { name enabled } }'))
  expect(data).toEqual({
    organization: {
      projectV2: {
        workflows: {
          nodes: [
            { name: 'Item added to project', enabled: false },
            { name: 'Item closed', enabled: true },
            { name: 'Item reopened', enabled: false },
            { name: 'Pull request merged', enabled: true },
          ],
        },
      },
    },
  })
})

test('a board of 10,000 cards is paged to its end, each card once', async () => {
  const at = acme()
  for (let i = 0; i < 10_000; i++) addDraft(at.world, at.bo, at.project, { title: `Card ${i}` })
  const query = `query($id: ID!, $after: String) { node(id: $id) { ... on ProjectV2 { items(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id content { ... on DraftIssue { title } } } } } } }`
  const seen = new Set<string>()
  let after: string | null = null
  let pages = 0
  do {
    const data = (await read(at, query, { id: at.project.node, after })) as {
      node: { items: { pageInfo: { hasNextPage: boolean; endCursor: string }; nodes: { id: string }[] } }
    }
    for (const { id } of data.node.items.nodes) seen.add(id)
    after = data.node.items.pageInfo.hasNextPage ? data.node.items.pageInfo.endCursor : null
    pages += 1
  } while (after !== null)
  expect([pages, seen.size]).toEqual([100, 10_000])
})

test('a cursor keeps its place when a card before it goes', async () => {
  const at = pipeline()
  const query = `query($after: String) ${board('items(first: 1, after: $after) { pageInfo { endCursor } nodes { id } }')}`
  type Page = { organization: { projectV2: { items: { pageInfo: { endCursor: string }; nodes: { id: string }[] } } } }
  const first = (await read(at, query)) as Page
  const second = (await read(at, query, { after: first.organization.projectV2.items.pageInfo.endCursor })) as Page
  archiveCard(at.world, at.bo, at.one)
  const third = (await read(at, query, { after: second.organization.projectV2.items.pageInfo.endCursor })) as Page
  expect(third.organization.projectV2.items.nodes).toEqual([{ id: at.three.node }])
})
