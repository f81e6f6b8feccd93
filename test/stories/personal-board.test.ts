// A person's board sends no webhooks, and GitHub shows it to no app: said plainly today, governed by polling should it ever be shown.
import { afterEach, describe, expect, it } from 'vitest'
import { createProject } from '../../src/sandbox/world/boards.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../src/sandbox/world/cards.ts'
import { installApp } from '../../src/sandbox/world/install.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { createRepository } from '../../src/sandbox/world/repositories.ts'
import { audit } from '../support/audit.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [ready]
gates:
  ready: { kind: manifest, requires: [prompts] }
`

let story: Story
afterEach(() => story.end())

/** Ada's own board, her repository with a policy for it, and the app installed on her account. */
async function personal(shownToApps: boolean) {
  story = await beginStory({ policy: POLICY })
  const { ada, sandbox } = story.parts
  const project = createProject(story.world, ada, ada, 'Mine', { columns: ['Backlog', 'Staging'] })
  project.shownToApps = shownToApps
  const toy = createRepository(story.world, ada, ada, 'toy', { files: { '.github/andon.yml': POLICY } })
  const issue = openIssue(story.world, ada, toy, { title: 'Mine', body: 'No manifest here.' })
  const card = addCard(story.world, ada, project, issue)
  moveCard(story.world, ada, card, 'Backlog')
  const app = sandbox.apps[0]?.app
  if (app) installApp(story.world, ada, app, ada)
  await story.restart()
  await story.settle()
  return { issue, card }
}

const SENTENCE = 'Board 1 of ada cannot be governed: it belongs to a person'

describe('a board that a person owns', () => {
  it('is shown to no app: a sentence says so at the start and in the audit, and nothing fails', async () => {
    await personal(false)
    expect(story.parts.logged.filter(({ message }) => message.startsWith(SENTENCE))).toHaveLength(1)
    expect((await story.app.ledger.backlog(story.parts.clock().toISOString())).aside).toEqual([])
    const all = await audit(story)
    expect(all.out).toContain(SENTENCE)
    expect(all.code).toBe(2)
    expect((await audit(story, ['--owner', 'acme'])).code).toBe(0)
  })

  it('is governed by polling wherever GitHub shows it', async () => {
    const { issue, card } = await personal(true)
    moveCard(story.world, story.parts.ada, card, 'Staging')
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    story.pass(301)
    await story.settle()
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(issue)[0]).toContain('manifest')
  })
})
