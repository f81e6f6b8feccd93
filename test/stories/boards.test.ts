// One policy over several boards and repositories: each board by itself, and only the cards that it means.
import { afterEach, describe, expect, it } from 'vitest'
import type { Project } from '../../src/sandbox/world/board.ts'
import { createProject } from '../../src/sandbox/world/boards.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard, addDraft } from '../../src/sandbox/world/cards.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { createRepository, pushCommit } from '../../src/sandbox/world/repositories.ts'
import { beginStory, type Story } from '../support/story.ts'

const COLUMNS = ['Backlog', 'Staging', 'Production']
const policy = (board: string) => `version: 1
board: ${board}
columns:
  - name: Backlog
  - name: Staging
    limit: 1
    enter: [definition-of-ready]
  - name: Production
gates:
  definition-of-ready: { kind: manifest }
`

let story: Story
afterEach(() => story.end())

async function secondBoard(): Promise<Project> {
  const project = createProject(story.world, story.parts.olga, story.parts.acme, 'Second', { columns: COLUMNS })
  await story.sweep()
  return project
}

/** An issue of a repository on a board, first in the backlog and then dragged to staging. */
async function dragged(repository: string, body: string, project: Project = story.parts.project) {
  const { world, parts } = story
  const home =
    [...world.repositories.values()].find(({ name }) => name === repository) ??
    createRepository(world, parts.olga, parts.acme, repository, { files: { 'README.md': 'Hello.' } })
  const item = addCard(world, parts.ada, project, openIssue(world, parts.bo, home, { title: repository, body }))
  moveCard(world, parts.ada, item, 'Backlog')
  await story.settle()
  await story.move(item, 'Staging')
  return item
}

const RESOLVED = '```andon\nkind: x\nrollback: { to: "41" }\n```'

describe('one policy over two boards', () => {
  it('guards both, and counts each by itself', async () => {
    story = await beginStory({ columns: COLUMNS, organizationPolicy: policy('{ project: 1, also: [2] }') })
    const second = await secondBoard()
    expect(story.column(await dragged('bot', 'No manifest.', second))).toBe('Backlog')
    expect(story.column(await dragged('bot', RESOLVED))).toBe('Staging')
    expect(story.column(await dragged('bot', RESOLVED, second))).toBe('Staging')
    expect(story.column(await dragged('bot', RESOLVED, second))).toBe('Backlog')
  })

  it('closes both while it cannot be read', async () => {
    story = await beginStory({ columns: COLUMNS, organizationPolicy: policy('{ project: 1, also: [2] }') })
    const second = await secondBoard()
    const { world, parts } = story
    const home = [...world.repositories.values()].find(({ name }) => name === '.github')
    if (home === undefined) throw new Error('The organization has no .github repository.')
    const broken = `${policy('{ project: 1, also: [2] }')}\nnonsense: [`
    pushCommit(world, parts.olga, home, 'main', { files: { '.github/andon.yml': broken } })
    await story.settle()
    expect(story.column(await dragged('bot', RESOLVED))).not.toBe('Staging')
    expect(story.column(await dragged('bot', RESOLVED, second))).not.toBe('Staging')
  })
})

describe('a policy for some repositories', () => {
  const some = policy('{ project: 1, repositories: [bot, "eval-*"] }')

  it('governs their cards and lets all others be', async () => {
    story = await beginStory({ columns: COLUMNS, organizationPolicy: some })
    expect(story.column(await dragged('bot', 'No manifest.'))).toBe('Backlog')
    expect(story.column(await dragged('eval-sets', 'No manifest.'))).toBe('Backlog')
    const other = await dragged('website', 'No manifest.')
    expect(story.column(other)).toBe('Staging')
    await story.sweep()
    expect(story.column(other)).toBe('Staging')
    expect(await story.decisions(other)).toEqual([])
  })

  it('governs drafts too, for nobody knows whose they will be', async () => {
    story = await beginStory({ columns: COLUMNS, organizationPolicy: some })
    const draft = addDraft(story.world, story.parts.ada, story.parts.project, { title: 'An idea' })
    await story.move(draft, 'Staging')
    expect(story.column(draft)).not.toBe('Staging')
  })

  it('leaves a repository with a policy of its own to that one', async () => {
    story = await beginStory({
      columns: COLUMNS,
      organizationPolicy: policy('{ project: 1, repositories: ["eval-*"] }'),
      policy: policy('{ project: 1 }').replace('limit: 1', 'limit: 2'),
    })
    expect(story.column(await dragged('bot', 'No manifest.'))).toBe('Backlog')
    await dragged('bot', RESOLVED)
    expect(story.column(await dragged('bot', RESOLVED))).toBe('Staging')
  })

  it('lets the others be also while it cannot be read', async () => {
    story = await beginStory({ columns: COLUMNS, organizationPolicy: some.replace('kind: manifest', 'kind: nonsense') })
    expect(story.column(await dragged('website', RESOLVED))).toBe('Staging')
    expect(story.column(await dragged('bot', RESOLVED))).not.toBe('Staging')
  })
})
