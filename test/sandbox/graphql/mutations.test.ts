import { expect, test } from 'vitest'
import { executeGraphql } from '../../../src/sandbox/graphql/execute.ts'
import { columnOf, fieldNamed } from '../../../src/sandbox/world/board.ts'
import { moveCard } from '../../../src/sandbox/world/card-fields.ts'
import { addCard, addDraft } from '../../../src/sandbox/world/cards.ts'
import { openIssue } from '../../../src/sandbox/world/issues.ts'
import { createLabel } from '../../../src/sandbox/world/labels.ts'
import { defaultHead } from '../../../src/sandbox/world/repository.ts'
import { acme, PERMISSIONS } from '../world/acme.ts'
import { ask, read } from './ask.ts'

function staged(options: Parameters<typeof acme>[0] = {}) {
  const stage = acme(options)
  const { world, bo, repository, project } = stage
  const issue = openIssue(world, bo, repository, { title: 'Model 42' })
  const card = addCard(world, bo, project, issue)
  moveCard(world, bo, card, 'Staging')
  const status = fieldNamed(project, 'Status')
  if (!status) throw new Error('no Status')
  const option = (name: string) => status.options.find((candidate) => candidate.name === name)?.id ?? ''
  const ids = {
    project: project.node,
    item: card.node,
    field: status.node,
    repository: repository.node,
    issue: issue.node,
    sha: defaultHead(repository),
  }
  stage.sent.length = 0
  return { ...stage, issue, card, status, option, ids }
}

const SET = `mutation($project: ID!, $item: ID!, $field: ID!, $option: String!) {
  updateProjectV2ItemFieldValue(input: { projectId: $project, itemId: $item, fieldId: $field, value: { singleSelectOptionId: $option }, clientMutationId: "m" }) {
    clientMutationId projectV2Item { id fieldValueByName(name: "Status") { ... on ProjectV2ItemFieldSingleSelectValue { name updatedAt } } } } }`

test("the app's own move comes back as a webhook of its bot", async () => {
  const at = staged()
  at.wait(5)
  const data = await read(at, SET, { ...at.ids, option: at.option('Backlog') })
  expect(data).toEqual({
    updateProjectV2ItemFieldValue: {
      clientMutationId: 'm',
      projectV2Item: { id: at.card.node, fieldValueByName: { name: 'Backlog', updatedAt: '2026-11-22T10:00:05Z' } },
    },
  })
  expect(at.heard()).toEqual(['projects_v2_item.edited by andon[bot]'])
  const clear =
    'mutation($project: ID!, $item: ID!, $field: ID!) { clearProjectV2ItemFieldValue(input: { projectId: $project, itemId: $item, fieldId: $field }) { projectV2Item { id } } }'
  await read(at, clear, at.ids)
  expect(columnOf(at.card)).toBeNull()
})

test('a value that does not fit its field is refused', async () => {
  const at = staged()
  const body = await ask(at, SET, { ...at.ids, option: 'ffffffff' })
  expect(body).toEqual({
    data: { updateProjectV2ItemFieldValue: null },
    errors: [
      {
        type: 'UNPROCESSABLE',
        path: ['updateProjectV2ItemFieldValue'],
        locations: [{ line: 2, column: 3 }],
        message: 'The single select option Id does not belong to the field',
      },
    ],
  })
  const wrong = SET.replace('singleSelectOptionId', 'text')
  expect((await ask(at, wrong, { ...at.ids, option: 'x' })).errors?.[0]?.message).toContain(
    'Did not receive a single_select value',
  )
  const other = addDraft(at.world, at.bo, at.project, { title: 'x' })
  const elsewhere = await ask(at, SET, { ...at.ids, project: other.node, option: at.option('Backlog') })
  expect(elsewhere.errors?.[0]?.type).toBe('NOT_FOUND')
  expect(columnOf(at.card)).toBe('Staging')
})

test('many writes in one document run in order, and some may fail alone', async () => {
  const at = staged()
  const run = (alias: string, name: string, sha: string) =>
    `${alias}: createCheckRun(input: { repositoryId: "${at.repository.node}", headSha: "${sha}", name: "${name}", status: IN_PROGRESS, externalId: "move" }) { checkRun { name externalId databaseId } }`
  const sha = at.ids.sha ?? ''
  const body = await ask(
    at,
    `mutation { ${run('a', 'andon', sha)} ${run('b', 'lost', 'f'.repeat(40))} ${run('c', 'andon / eval', sha)} }`,
  )
  expect(body.data).toEqual({
    a: { checkRun: { name: 'andon', externalId: 'move', databaseId: expect.any(Number) } },
    b: null,
    c: { checkRun: { name: 'andon / eval', externalId: 'move', databaseId: expect.any(Number) } },
  })
  expect(body.errors).toMatchObject([
    { type: 'UNPROCESSABLE', path: ['b'], message: `No commit found for SHA: ${'f'.repeat(40)}` },
  ])
  expect(at.heard()).toEqual(['check_run.created by andon[bot]', 'check_run.created by andon[bot]'])
})

test('a check run is updated by its id, within its limits, by an app only', async () => {
  const at = staged()
  const create =
    'mutation($repository: ID!, $sha: GitObjectID!) { createCheckRun(input: { repositoryId: $repository, headSha: $sha, name: "andon" }) { checkRun { id } } }'
  const made = (await read(at, create, at.ids)) as { createCheckRun: { checkRun: { id: string } } }
  const update =
    'mutation($repository: ID!, $id: ID!, $text: String!) { updateCheckRun(input: { repositoryId: $repository, checkRunId: $id, conclusion: FAILURE, output: { title: "No", summary: "why", text: $text } }) { checkRun { status conclusion completedAt title } } }'
  const id = made.createCheckRun.checkRun.id
  expect(await read(at, update, { ...at.ids, id, text: 'x'.repeat(65_535) })).toEqual({
    updateCheckRun: {
      checkRun: { status: 'COMPLETED', conclusion: 'FAILURE', completedAt: '2026-11-22T10:00:00Z', title: 'No' },
    },
  })
  const long = await ask(at, update, { ...at.ids, id, text: 'x'.repeat(65_536) })
  expect(long.errors?.[0]?.message).toContain('Only 65535 characters are allowed; 65536 were supplied.')
  const person = { world: at.world, viewer: { as: 'user', person: at.ada } as const }
  expect((await ask(person, create, at.ids)).errors).toMatchObject([
    { type: 'FORBIDDEN', message: 'You must authenticate via a GitHub App.' },
  ])
})

test('each write needs its permission, and without it nothing happens', async () => {
  const writes: [string, string][] = [
    [
      'organization_projects',
      'mutation($project: ID!, $item: ID!) { archiveProjectV2Item(input: { projectId: $project, itemId: $item }) { item { id } } }',
    ],
    [
      'issues',
      'mutation($issue: ID!) { addComment(input: { subjectId: $issue, body: "hello" }) { commentEdge { node { id } } } }',
    ],
    [
      'issues',
      'mutation($repository: ID!) { createIssue(input: { repositoryId: $repository, title: "x" }) { issue { number } } }',
    ],
    [
      'checks',
      'mutation($repository: ID!, $sha: GitObjectID!) { createCheckRun(input: { repositoryId: $repository, headSha: $sha, name: "x" }) { checkRun { id } } }',
    ],
  ]
  for (const [permission, query] of writes) {
    const weak = staged({ permissions: { ...PERMISSIONS, [permission]: 'read' } })
    const body = await ask(weak, query, weak.ids)
    expect(body.errors, query).toMatchObject([{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }])
    expect(weak.sent).toEqual([])
    const strong = staged()
    expect((await ask(strong, query, strong.ids)).errors, query).toBeUndefined()
    expect(strong.sent.length).toBeGreaterThan(0)
  }
})

test('archive and restore, add twice, place at the top', async () => {
  const at = staged()
  const last = addDraft(at.world, at.bo, at.project, { title: 'Last' })
  const query = `mutation($project: ID!, $item: ID!, $issue: ID!, $last: ID!) {
    archiveProjectV2Item(input: { projectId: $project, itemId: $item }) { item { isArchived } }
    unarchiveProjectV2Item(input: { projectId: $project, itemId: $item }) { item { isArchived } }
    addProjectV2ItemById(input: { projectId: $project, contentId: $issue }) { item { id } }
    updateProjectV2ItemPosition(input: { projectId: $project, itemId: $last }) { items(first: 1) { nodes { id } } }
    addProjectV2DraftIssue(input: { projectId: $project, title: "New" }) { projectItem { type } } }`
  expect(await read(at, query, { ...at.ids, last: last.node })).toEqual({
    archiveProjectV2Item: { item: { isArchived: true } },
    unarchiveProjectV2Item: { item: { isArchived: false } },
    addProjectV2ItemById: { item: { id: at.card.node } },
    updateProjectV2ItemPosition: { items: { nodes: [{ id: last.node }] } },
    addProjectV2DraftIssue: { projectItem: { type: 'DRAFT_ISSUE' } },
  })
})

test('comments, labels and reactions', async () => {
  const at = staged()
  const label = createLabel(at.world, at.bo, at.repository, 'andon: hold')
  const add =
    'mutation($issue: ID!, $body: String!) { addComment(input: { subjectId: $issue, body: $body }) { commentEdge { node { id url author { login } } } subject { id } } }'
  const made = (await read(at, add, { ...at.ids, body: 'first' })) as {
    addComment: { commentEdge: { node: { id: string } } }
  }
  const id = made.addComment.commentEdge.node.id
  const query = `mutation($issue: ID!, $id: ID!, $label: ID!) {
    updateIssueComment(input: { id: $id, body: "second" }) { issueComment { body lastEditedAt viewerDidAuthor } }
    addReaction(input: { subjectId: $id, content: EYES }) { reaction { content } }
    addLabelsToLabelable(input: { labelableId: $issue, labelIds: [$label] }) { labelable { ... on Issue { labels(first: 5) { nodes { name } } } } }
    removeLabelsFromLabelable(input: { labelableId: $issue, labelIds: [$label] }) { labelable { ... on Issue { labels(first: 5) { totalCount } } } } }`
  expect(await read(at, query, { ...at.ids, id, label: label.node })).toEqual({
    updateIssueComment: {
      issueComment: { body: 'second', lastEditedAt: '2026-11-22T10:00:00Z', viewerDidAuthor: true },
    },
    addReaction: { reaction: { content: 'EYES' } },
    addLabelsToLabelable: { labelable: { labels: { nodes: [{ name: 'andon: hold' }] } } },
    removeLabelsFromLabelable: { labelable: { labels: { totalCount: 0 } } },
  })
  const long = await ask(at, add, { ...at.ids, body: 'x'.repeat(65_537) })
  expect(long.errors).toMatchObject([
    { type: 'UNPROCESSABLE', message: 'Body is too long (maximum is 65536 characters)' },
  ])
  expect(at.issue.comments).toHaveLength(1)
})

test('nothing is written where another mutation of the document breaks a limit of the request', async () => {
  const at = staged()
  const query = `mutation($issue: ID!) { addComment(input: { subjectId: $issue, body: "x" }) { subject { id } }
    two: addComment(input: { subjectId: $issue, body: "y" }) { subject { ... on Issue { comments(first: 500) { totalCount } } } } }`
  expect((await ask(at, query, at.ids)).errors?.[0]?.type).toBe('EXCESSIVE_PAGINATION')
  expect(at.issue.comments).toEqual([])
})

test('an anonymous request reads nothing private', async () => {
  const { world, repository } = staged()
  const { body } = await executeGraphql(world, {
    query: '{ repository(owner: "acme", name: "bot") { id } }',
    viewer: { as: 'nobody' },
  })
  expect(body.data).toEqual({ repository: null })
  expect(repository.private).toBe(true)
})
