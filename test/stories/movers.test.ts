// Who may move cards, told on the whole app: people, apps, board automations, and agents with their mark.
import { afterEach, describe, expect, it } from 'vitest'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { createApp, installApp } from '../../src/sandbox/world/install.ts'
import { closeIssue } from '../../src/sandbox/world/issues.ts'
import { addLabel } from '../../src/sandbox/world/labels.ts'
import { beginStory, type Story } from '../support/story.ts'

const policy = (movers: string, more = '') => `version: 1
board: { project: 1 }
agents:
  coder: { login: "acme-coder[bot]", may-enter: [Backlog, Staging] }
columns:
  - name: Backlog
  - name: Staging
    enter: [definition-of-ready]
  - name: Production
    movers: ${movers}
  - name: Done
gates:
  definition-of-ready: { kind: manifest }
${more}labels: { move: { "promote: production": Production } }
`

let story: Story
afterEach(() => story.end())

function agent() {
  const { world, parts } = story
  const app = createApp(world, 'acme-coder', {
    owner: parts.acme,
    permissions: { organization_projects: 'write' },
    events: [],
  })
  installApp(world, parts.olga, app, parts.acme)
  return app.bot
}

async function page(path: string): Promise<string> {
  return (await fetch(`${story.app.url}${path}`)).text()
}

describe('a column with movers', () => {
  it('sends back the card that somebody else moved there, and says who may', async () => {
    story = await beginStory({ policy: policy('{ teams: [ai-safety], users: [olga] }') })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.move(card, 'Production', story.parts.mallory)
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain(
      '`mallory` may not move cards into `Production`; these may: `team ai-safety`, `olga`.',
    )
    await story.move(card, 'Production', story.parts.cy)
    expect(story.column(card)).toBe('Production')
    await story.move(card, 'Staging', story.parts.mallory)
    expect(story.column(card)).toBe('Staging')
  })

  it('asks who added the label that asks for the move', async () => {
    story = await beginStory({ policy: policy('{ users: [ada] }') })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    const ask = async (by = story.parts.ada) => {
      story.pass(2)
      addLabel(story.world, by, pull, 'promote: production')
      await story.settle()
      return story.column(card)
    }
    expect(await ask(story.parts.mallory)).toBe('Staging')
    expect(await ask()).toBe('Production')
  })

  it('keeps out GitHub’s own automation where it is not named', async () => {
    story = await beginStory({
      policy: policy('{ users: [ada] }')
        .replace('name: Production', 'name: Done')
        .replace('  - name: Done\ngates', '  - name: Production\ngates'),
      columns: ['Backlog', 'Staging', 'Done', 'Production'],
    })
    const issue = story.issue('One')
    const card = await story.card(issue)
    await story.move(card, 'Staging')
    story.pass(2)
    closeIssue(story.world, story.parts.ada, issue)
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(issue)[0]).toContain('`github-project-automation[bot]` may not move cards into `Done`')
  })
})

describe('an agent', () => {
  it('goes as far as it may, with its mark on the card, in the record and on the pages', async () => {
    story = await beginStory({ policy: policy('{ users: [ada] }') })
    const coder = agent()
    const pull = story.pull('One')
    const card = await story.card(pull)
    story.pass(2)
    moveCard(story.world, coder, card, 'Staging')
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('🤖 the agent `coder` (`acme-coder[bot]`) moved this card')
    const opened = (await story.entries(card)).findLast(({ event }) => event.kind === 'move-opened')?.event
    expect(opened).toMatchObject({ agent: 'coder', by: { login: 'acme-coder[bot]', type: 'Bot' } })
    expect(await page('/')).toMatch(/agent <bdi>coder/)
    expect(await page(`/moves/${opened?.kind === 'move-opened' ? opened.move : ''}`)).toMatch(/agent <bdi>coder/)

    story.pass(2)
    moveCard(story.world, coder, card, 'Production')
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('The agent `coder` may not move cards into `Production`')
  })

  it('that wrote the change brings the gate that people must pass', async () => {
    const human = '  human-review: { kind: approval, teams: [ai-safety], when: { agents: true } }\n'
    story = await beginStory({
      policy: policy('{ users: [ada] }', human).replace('movers:', 'enter: [human-review]\n    movers:'),
    })
    const pull = story.pull('One', undefined, { author: agent() })
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.move(card, 'Production')
    expect(story.checks(pull)['andon / human-review']).toBeNull()
    const other = story.pull('Two')
    const free = await story.card(other)
    await story.move(free, 'Staging')
    await story.move(free, 'Production')
    expect(story.checks(other)).not.toHaveProperty('andon / human-review')
  })
})
