// A column that pulls, on the whole app: the longest ready card comes by itself when there is room.
import { afterEach, describe, expect, it } from 'vitest'
import { archiveCard } from '../../src/sandbox/world/cards.ts'
import { editTexts } from '../../src/sandbox/world/issues.ts'
import { addLabel, removeLabel } from '../../src/sandbox/world/labels.ts'
import { beginStory, MANIFEST, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    limit: 1
    pull: true
    enter: [definition-of-ready]
  - name: Production
gates:
  definition-of-ready: { kind: manifest }
`

let story: Story
afterEach(() => story.end())

const begin = async (policy = POLICY) => {
  story = await beginStory({ policy, columns: ['Backlog', 'Staging', 'Production'] })
}

describe('a column that pulls', () => {
  it('takes one ready card after the other, the longest ready first', async () => {
    await begin()
    const first = await story.card(story.pull('First'))
    expect(story.column(first)).toBe('Staging')
    const second = await story.card(story.pull('Second'))
    const third = await story.card(story.pull('Third'))
    expect([story.column(second), story.column(third)]).toEqual(['Backlog', 'Backlog'])
    await story.move(first, 'Production')
    expect([story.column(second), story.column(third)]).toEqual(['Staging', 'Backlog'])
    archiveCard(story.world, story.parts.ada, second)
    await story.settle()
    expect(story.column(third)).toBe('Staging')
    const opened = (await story.entries(third)).flatMap(({ event }) =>
      event.kind === 'move-opened' ? [event.via] : [],
    )
    expect(opened).toEqual(['board', 'andon'])
  })

  it('gives one place to one of two cards that become ready together', async () => {
    await begin()
    const pulls = [story.pull('One', 'No manifest.'), story.pull('Two', 'No manifest.')]
    const items = []
    for (const pull of pulls) items.push(await story.card(pull))
    for (const pull of pulls) editTexts(story.world, story.parts.bo, pull, { body: MANIFEST })
    await story.settle()
    await story.sweep()
    expect(items.map((item) => story.column(item)).sort()).toEqual(['Backlog', 'Staging'])
  })

  it('lets a card be that bears the hold label, and one that a person took back', async () => {
    await begin()
    const pull = story.pull('One', 'No manifest.')
    const card = await story.card(pull)
    addLabel(story.world, story.parts.ada, pull, 'andon: hold')
    editTexts(story.world, story.parts.bo, pull, { body: MANIFEST })
    await story.settle()
    expect(story.column(card)).toBe('Backlog')
    removeLabel(story.world, story.parts.ada, pull, 'andon: hold')
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    await story.move(card, 'Backlog')
    await story.sweep()
    expect(story.column(card)).toBe('Backlog')
  })
})
