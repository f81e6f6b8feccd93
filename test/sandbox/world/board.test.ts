import { expect, test } from 'vitest'
import { columnOf, fieldNamed } from '../../../src/sandbox/world/board.ts'
import { createProject, replaceOptions, setBoardWorkflow } from '../../../src/sandbox/world/boards.ts'
import { moveCard } from '../../../src/sandbox/world/card-fields.ts'
import {
  addCard,
  addDraft,
  archiveCard,
  convertDraft,
  deleteCard,
  repositionCard,
  restoreCard,
} from '../../../src/sandbox/world/cards.ts'
import { closeIssue, openIssue } from '../../../src/sandbox/world/issues.ts'
import { mergePull, openPull } from '../../../src/sandbox/world/pulls.ts'
import { pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { visibleTimeline } from '../../../src/sandbox/world/timeline-log.ts'
import { acme } from './acme.ts'

function board() {
  const stage = acme()
  const issue = openIssue(stage.world, stage.bo, stage.repository, { title: 'Model 42' })
  const card = addCard(stage.world, stage.bo, stage.project, issue)
  stage.sent.length = 0
  return { ...stage, issue, card }
}

test('a moved card is told without a repository, title or issue number', () => {
  const { world, bo, card, sent, installation, project } = board()
  moveCard(world, bo, card, 'Staging')
  const [told] = sent
  expect(sent).toHaveLength(1)
  expect(told?.installationId).toBe(installation.id)
  expect(Object.keys(told?.payload ?? {}).sort()).toEqual([
    'action',
    'changes',
    'installation',
    'organization',
    'projects_v2_item',
    'sender',
  ])
  expect(told?.payload).toMatchObject({
    action: 'edited',
    projects_v2_item: { id: card.id, node_id: card.node, project_node_id: project.node, content_type: 'Issue' },
    changes: {
      field_value: {
        field_type: 'single_select',
        field_name: 'Status',
        project_number: 1,
        from: null,
        to: { name: 'Staging' },
      },
    },
    installation: { id: installation.id },
    sender: { login: 'bo', type: 'User' },
  })
})

test('the timeline names the columns, and a drag may come as reordered alone', () => {
  const { world, bo, card, issue, sent } = board()
  moveCard(world, bo, card, 'Staging', { as: 'reordered' })
  moveCard(world, bo, card, null, { as: 'both' })
  expect(sent.map(({ payload }) => [payload.action, payload.changes])).toMatchObject([
    ['reordered', { previous_projects_v2_item_node_id: { from: null, to: null } }],
    ['reordered', { previous_projects_v2_item_node_id: { from: null, to: null } }],
    ['edited', { field_value: { from: { name: 'Staging' }, to: null } }],
  ])
  const moves = issue.timeline.filter((entry) => entry.kind === 'ProjectV2ItemStatusChangedEvent')
  expect(moves.map(({ previousStatus, status, wasAutomated }) => [previousStatus, status, wasAutomated])).toEqual([
    ['', 'Staging', false],
    ['Staging', '', false],
  ])
})

test('the same column again is no move', () => {
  const { world, bo, card, issue, sent } = board()
  moveCard(world, bo, card, 'Staging')
  moveCard(world, bo, card, 'Staging')
  expect(sent).toHaveLength(1)
  expect(issue.timeline.filter((entry) => entry.kind === 'ProjectV2ItemStatusChangedEvent')).toHaveLength(1)
})

test('`from` can be stale, or missing, and the timeline can lag', () => {
  const { world, bo, card, issue, sent, wait } = board()
  moveCard(world, bo, card, 'Backlog')
  moveCard(world, bo, card, 'Staging')
  world.quirks.from = 'stale'
  moveCard(world, bo, card, 'Production')
  world.quirks.from = 'missing'
  moveCard(world, bo, card, 'Done')
  const changes = sent.map(({ payload }) => (payload.changes as { field_value: object }).field_value)
  expect(changes[2]).toMatchObject({ from: { name: 'Backlog' }, to: { name: 'Production' } })
  expect(changes[3]).not.toHaveProperty('from')
  world.quirks.timelineLag = 5
  const moves = () => visibleTimeline(world, issue).filter((entry) => entry.kind === 'ProjectV2ItemStatusChangedEvent')
  expect(moves()).toHaveLength(0)
  wait(6)
  expect(moves()).toHaveLength(4)
})

test('whoever may not write on the board moves nothing', () => {
  const { world, mallory, card, project, bo, sent } = board()
  expect(() => moveCard(world, mallory, card, 'Staging')).toThrow('mallory does not have the correct permissions')
  project.baseRole = 'read'
  expect(() => moveCard(world, bo, card, 'Staging')).toThrow('bo does not have')
  expect(columnOf(card)).toBeNull()
  expect(sent).toEqual([])
})

test("a person's board tells nobody", () => {
  const { world, bo, issue, sent } = board()
  const own = createProject(world, bo, bo, 'Mine', { columns: ['Todo', 'Done'] })
  const card = addCard(world, bo, own, issue)
  moveCard(world, bo, card, 'Done')
  expect(columnOf(card)).toBe('Done')
  expect(sent).toEqual([])
})

test("GitHub's own workflow moves closed and merged work to Done, as its bot", () => {
  const { world, bo, ada, repository, project, issue, card, heard } = board()
  closeIssue(world, bo, issue)
  expect(columnOf(card)).toBe('Done')
  expect(heard()).toEqual(['issues.closed by bo', 'projects_v2_item.edited by github-project-automation[bot]'])
  const move = issue.timeline.at(-1)
  expect(move).toMatchObject({ kind: 'ProjectV2ItemStatusChangedEvent', wasAutomated: true, status: 'Done' })

  setBoardWorkflow(world, project, 'Item closed', { enabled: false })
  const other = openIssue(world, bo, repository, { title: 'Other' })
  const otherCard = addCard(world, bo, project, other)
  pushCommit(world, bo, repository, 'fix', { files: { a: '1' } })
  const pull = openPull(world, bo, repository, { title: 'Fix', head: 'fix', body: `Fixes #${other.number}` })
  const pullCard = addCard(world, bo, project, pull)
  mergePull(world, ada, pull)
  expect(other.state).toBe('CLOSED')
  expect([columnOf(pullCard), columnOf(otherCard)]).toEqual(['Done', null])
})

test('drafts have no timeline, and become issues with the same card', () => {
  const { world, bo, project, repository, sent } = board()
  const card = addDraft(world, bo, project, { title: 'Idea' })
  moveCard(world, bo, card, 'Staging')
  convertDraft(world, bo, card, repository)
  expect(card.content.kind).toBe('Issue')
  expect(columnOf(card)).toBe('Staging')
  expect(sent.at(-1)?.payload).toMatchObject({
    action: 'converted',
    changes: { content_type: { from: 'DraftIssue', to: 'Issue' } },
    projects_v2_item: { node_id: card.node, content_type: 'Issue' },
  })
})

test('archived cards keep their column, cannot be moved, and come back where they were', () => {
  const { world, bo, card, project, issue, heard } = board()
  moveCard(world, bo, card, 'Staging')
  archiveCard(world, bo, card)
  expect(() => moveCard(world, bo, card, 'Production')).toThrow('archived')
  restoreCard(world, bo, card)
  expect(columnOf(card)).toBe('Staging')
  deleteCard(world, bo, card)
  expect(project.items).toEqual([])
  expect(issue.items).toEqual([])
  expect(heard()).toEqual(
    ['edited', 'archived', 'restored', 'deleted'].map((action) => `projects_v2_item.${action} by bo`),
  )
})

test('adding a card twice adds it once', () => {
  const { world, bo, card, project, issue, sent } = board()
  expect(addCard(world, bo, project, issue)).toBe(card)
  expect(sent).toEqual([])
})

test('a card is placed after another one', () => {
  const { world, bo, card, project, sent } = board()
  const last = addDraft(world, bo, project, { title: 'B' })
  repositionCard(world, bo, card, last)
  expect(project.items).toEqual([last, card])
  expect(sent.at(-1)?.payload).toMatchObject({
    action: 'reordered',
    changes: { previous_projects_v2_item_node_id: { from: null, to: last.node } },
  })
})

test('options that are sent without their id take the status from every card', () => {
  const { world, bo, card, project } = board()
  moveCard(world, bo, card, 'Staging')
  const status = fieldNamed(project, 'Status')
  if (!status) throw new Error('no Status')
  replaceOptions(
    world,
    bo,
    status,
    status.options.map(({ id, name }) => ({ id, name: `${name}!` })),
  )
  expect(columnOf(card)).toBe('Staging!')
  replaceOptions(
    world,
    bo,
    status,
    status.options.map(({ name }) => ({ name })),
  )
  expect(columnOf(card)).toBeNull()
})

test('the same seed makes the same world', () => {
  const [one, other] = [board(), board()]
  expect(one.card.node).toBe(other.card.node)
  expect(one.project.fields).toHaveLength(other.project.fields.length)
  expect(fieldNamed(one.project, 'Status')?.options).toEqual(fieldNamed(other.project, 'Status')?.options)
  expect(fieldNamed(one.project, 'Status')?.options[0]?.id).toMatch(/^[0-9a-f]{8}$/)
  expect(one.card.node).toMatch(/^PVTI_lADO/)
  expect(one.issue.node).toMatch(/^I_kwDO/)
})
