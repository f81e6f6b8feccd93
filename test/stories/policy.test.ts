// A policy that cannot be used closes the gates, and says on the card where it is wrong and what to do.
import { afterEach, describe, expect, it } from 'vitest'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [definition-of-ready]
  - name: Production
    enter: [release-approval]
gates:
  definition-of-ready: { kind: manifest }
  release-approval: { kind: approval, teams: [ai-safety] }
`

let story: Story
afterEach(() => story.end())

function change(policy: string): Promise<void> {
  pushCommit(story.world, story.parts.olga, story.parts.repository, 'main', { files: { '.github/andon.yml': policy } })
  return story.settle()
}

describe('a policy', () => {
  it('that became unreadable refuses forward moves and says line and column', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await change(POLICY.replace('enter: [release-approval]', 'entr: [release-approval]'))
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('line 8')
    expect(story.comments(pull)[0]).toContain('enter')
  })

  it('that no longer says which board it is for still governs the cards that were never moved there', async () => {
    story = await beginStory({ policy: POLICY })
    const early = await story.card(story.pull('Early'))
    await change(POLICY.replace('board: {', 'bord: {'))
    const pull = story.pull('Late')
    const late = await story.card(pull, null)
    await story.move(late, 'Staging')
    expect([story.column(early), story.column(late)]).toEqual(['Backlog', null])
    expect(story.comments(pull)[0]).toContain('is not known here')
    await change('x: y\n'.repeat(600_000))
    await story.move(late, 'Production')
    expect(story.column(late)).toBeNull()
  })

  it('that is too large for GitHub to give whole counts for nothing, and says that it is too large', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('One')
    const card = await story.card(pull)
    // The part that GitHub gives would open the column.
    const open = POLICY.replace('enter: [definition-of-ready]', 'enter: []')
    await change(`${open}${'# filler\n'.repeat((10 * 1024 * 1024) / 9)}`)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain(
      'acme/bot/\\.github/andon\\.yml, line 1, column 1: This file is too large to be read: it has 10241 kB, and GitHub gives apps no more than 512 kB of a text\\. Make it shorter\\.\n',
    )
  })

  it('that never was readable refuses moves on the board it still names', async () => {
    story = await beginStory({ policy: POLICY.replace('kind: manifest', 'kind: nonsense') })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).not.toBe('Staging')
    expect(story.comments(pull)[0]).toContain('cannot be read')
  })

  it('that names a column the board lacks is told on the card', async () => {
    story = await beginStory({ policy: POLICY, columns: ['Backlog', 'Staging', 'Live'] })
    const pull = story.pull('One')
    const card = await story.card(pull)
    expect(story.column(card)).toBeNull()
    expect(story.comments(pull)[0]).toContain('`Production`, which the board does not have')
  })

  it('that names a team nobody knows ends in an error on the card', async () => {
    story = await beginStory({ policy: POLICY.replace('ai-safety', 'ghosts') })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.move(card, 'Production')
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('no such team')
    expect(story.comments(pull)[0]).toContain('ghosts')
  })

  it('on a pull request changes nothing: only the default branch counts', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Loosen it', 'No manifest.', {
      files: {
        '.github/andon.yml': 'version: 1\nboard: { project: 1 }\ncolumns: [{ name: Backlog }, { name: Staging }]\n',
      },
    })
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
  })

  it('of the organization governs boards whose repositories have none of their own', async () => {
    story = await beginStory({ organizationPolicy: POLICY })
    const pull = story.pull('One', 'No manifest.')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
  })
})

describe('a policy of layers', () => {
  const BASE = `version: 1
columns:
  - name: Backlog
  - name: Staging
    enter: [definition-of-ready]
    locked: true
gates:
  definition-of-ready: { kind: manifest, requires: [prompts] }
`
  const layers = {
    organizationPolicy: 'version: 1\nextends: policies/base.yml\nboard: { project: 1 }\n',
    organizationFiles: { 'policies/base.yml': BASE },
  }
  const tightened = `version: 1
gates:
  definition-of-ready: { kind: manifest, requires: [prompts, rollback] }
`

  it('asks what the organization’s base asks, and what the repository adds', async () => {
    story = await beginStory({ ...layers, policy: tightened })
    const pull = story.pull('One', '```andon\nkind: x\nprompts: [{ path: prompts/answer.md }]\n```\n')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('rollback is missing')
  })

  it('is closed where the repository loosens what is locked, and names both places', async () => {
    story = await beginStory({ ...layers, policy: tightened.replace('prompts, rollback', 'rollback') })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).not.toBe('Staging')
    const told = (story.comments(pull)[0] ?? '').replaceAll(/[\\\u200b]/g, '')
    expect(told).toContain(
      'acme/bot/.github/andon.yml, line 3, column 52: `gates.definition-of-ready.requires` must keep `prompts`: it is locked with the column `Staging` in acme/.github/policies/base.yml, line 4.',
    )
  })

  it('is another one as soon as its base is', async () => {
    story = await beginStory(layers)
    const pull = story.pull('One', '```andon\nkind: x\nprompts: [{ path: prompts/answer.md }]\n```\n')
    const card = await story.card(pull)
    const home = [...story.world.repositories.values()].find(({ name }) => name === '.github')
    if (!home) throw new Error('no .github repository')
    pushCommit(story.world, story.parts.olga, home, 'main', {
      files: { 'policies/base.yml': BASE.replace('[prompts]', '[prompts, model]') },
    })
    await story.settle()
    await story.move(card, 'Staging')
    expect(story.comments(pull)[0]).toContain('model is missing')
  })

  it('may build on a preset that Andon ships', async () => {
    story = await beginStory({
      policy:
        'version: 1\nextends: andon/starter@1\nboard: { project: 1 }\ncolumns: [{ name: Backlog }, { name: Staging, enter: [described] }]\n',
    })
    const pull = story.pull('One', 'No manifest.')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('No manifest was found')
  })
})

describe('a manifest', () => {
  it.each([
    ['does not parse', '```andon\nkind: [\n```', 'cannot be read'],
    [
      'names a file that is not there',
      '```andon\nkind: x\nprompts: [{ path: prompts/none.md }]\n```',
      'no file at the commit under test',
    ],
  ])('that %s is told with its place', async (what, body, words) => {
    story = await beginStory({ policy: POLICY.replace('kind: manifest', 'kind: manifest, requires: [prompts]') })
    const pull = story.pull('One', body)
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card), what).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain(words)
  })

  it('may stand in the file andon.change.yml at the commit under test', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('One', 'See the file.', {
      files: { 'andon.change.yml': 'kind: prompt-template\nprompts: [{ path: prompts/answer.md }]\n' },
    })
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
  })
})
