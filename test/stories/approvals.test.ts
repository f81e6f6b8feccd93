// People who make a change try to have an older approval, or a friend's objection, mean something else.
import { afterEach, describe, expect, it } from 'vitest'
import { moveCard, tellItem } from '../../src/sandbox/world/card-fields.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { addTeamMember } from '../../src/sandbox/world/organize.ts'
import { editPull } from '../../src/sandbox/world/pulls.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { review } from '../../src/sandbox/world/reviews.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'
import { simulate } from '../support/simulate.ts'
import { beginStory, MANIFEST, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
  - name: Production
    enter: [release-approval]
gates:
  release-approval:
    { kind: approval, count: 1, teams: [ai-safety], independent: true, waive: { teams: [ai-safety] } }
`

let story: Story
afterEach(() => story.end())

function push(pull: Pull, text: string): void {
  const { bo, repository } = story.parts
  pushCommit(story.world, bo, repository, pull.head.ref, { files: { 'prompts/answer.md': text } })
}

const edit = (pull: Pull, body: string) => editPull(story.world, story.parts.bo, pull, { body })

describe('an approval by comment is one of what stood when it was written', () => {
  it('so one from before the card was seen counts for nothing, and the same words again do', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    story.pass(2)
    comment(story.world, story.parts.cy, pull, '/andon approve')
    await story.settle()
    story.pass(3600)
    push(pull, 'Be rude.')
    await story.settle()
    story.pass(60)
    const card = await story.card(pull, 'Staging')
    await story.move(card, 'Production')
    expect(await story.decisions(card)).not.toContain('approval-given')
    expect(story.column(card)).toBe('Production')
    expect(story.checks(pull)).toMatchObject({ andon: null })
    expect(story.comments(pull)[0]).toContain('came to this board, after this was written')
    comment(story.world, story.parts.cy, pull, '/andon approve')
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
  })

  it('so a push or an edit while nobody listens does not get it', async () => {
    story = await beginStory({ policy: POLICY })
    const [pushed, edited] = [story.pull('Answer refunds better'), story.pull('Answer greetings better')]
    const cards = [await story.card(pushed, 'Staging'), await story.card(edited, 'Staging')]
    for (const card of cards) await story.move(card, 'Production')
    await story.stopFor(async () => {
      for (const pull of [pushed, edited]) {
        story.pass(5)
        comment(story.world, story.parts.cy, pull, '/andon approve')
      }
      story.pass(5)
      push(pushed, 'Be rude.')
      edit(edited, MANIFEST.replace('"41"', '"40"'))
      story.pass(5)
    })
    await story.sweep()
    expect(story.comments(pushed)[0]).toContain('The change was edited')
    expect(story.comments(edited)[0]).toContain('The description was edited after this was written')
    for (const card of cards) expect(await story.decisions(card)).not.toContain('approval-given')
  })

  it('and counts, however late it is heard, where nothing was changed', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull, 'Staging')
    await story.move(card, 'Production')
    await story.stopFor(async () => {
      story.pass(5)
      comment(story.world, story.parts.cy, pull, '/andon approve')
      story.pass(600)
    })
    await story.sweep()
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
    expect(await story.decisions(card)).toContain('approval-given')
  })
})

describe('a waiver is one of what stood when it was written', () => {
  it('so a push while nobody listens does not get it', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull, 'Staging')
    await story.move(card, 'Production')
    const day = story.parts.clock().toISOString().slice(0, 10)
    const words = `/andon waive release-approval until ${day} because all are away`
    await story.stopFor(async () => {
      story.pass(5)
      comment(story.world, story.parts.cy, pull, words)
      story.pass(5)
      push(pull, 'Be rude.')
    })
    await story.sweep()
    expect(await story.decisions(card)).not.toContain('gate-waived')
    expect(story.comments(pull)[0]).toContain('The change was edited')
    story.pass(5)
    comment(story.world, story.parts.cy, pull, words)
    await story.settle()
    expect(await story.decisions(card)).toContain('gate-waived')
  })
})

describe('whoever moved the card', () => {
  it('does not approve it alone because GitHub tells late, and of somebody else', async () => {
    story = await beginStory({ policy: POLICY })
    const { ada, cy } = story.parts
    story.world.quirks.timelineLag = 30
    story.world.quirks.drag = 'reordered'
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull, 'Staging')
    story.pass(60)
    await story.sweep()
    story.pass(60)
    review(story.world, cy, pull, 'APPROVED')
    moveCard(story.world, cy, card, 'Production')
    const within = { previous_projects_v2_item_node_id: { from: null, to: null } }
    tellItem(story.world, ada, card, 'reordered', within)
    await story.settle()
    expect(story.comments(pull)[0]).toContain('It is not known yet who moved this card')
    story.pass(61)
    await story.settle()
    expect(story.comments(pull)[0]).toContain('cy moved the card')
    expect(story.checks(pull)).toMatchObject({ andon: null })
    story.pass(5)
    const other = story.parts.mallory
    addTeamMember(story.world, story.parts.olga, story.parts.safety, other)
    review(story.world, other, pull, 'APPROVED')
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
  })
})

describe('a request for changes', () => {
  it('is not pushed out of sight, neither by comments nor by other people’s opinions', async () => {
    story = await beginStory({ policy: POLICY })
    const { ada, bo, cy, mallory } = story.parts
    const pull = story.pull('Answer refunds better', MANIFEST, { author: ada })
    const card = await story.card(pull, 'Staging')
    review(story.world, cy, pull, 'CHANGES_REQUESTED')
    for (let count = 0; count < 100; count++) {
      review(story.world, ada, pull, 'COMMENTED')
      review(story.world, mallory, pull, 'APPROVED')
    }
    story.pass(2)
    review(story.world, bo, pull, 'APPROVED')
    await story.settle()
    await story.move(card, 'Production', mallory)
    expect(story.column(card)).toBe('Staging')
    expect(story.comments(pull)[0]).toContain('cy asked for changes')
    const told = await simulate(story, ['--board', 'acme/1', '--to', 'Production', '--json'])
    expect(told.out).toContain('cy asked for changes')
  })
})

describe('an approving review', () => {
  it('from before the description was edited counts for nothing where the card came later', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    story.pass(2)
    review(story.world, story.parts.cy, pull, 'APPROVED')
    await story.settle()
    story.pass(60)
    edit(pull, MANIFEST.replace('"41"', '"40"'))
    await story.settle()
    story.pass(60)
    const card = await story.card(pull, 'Staging')
    await story.move(card, 'Production')
    expect(story.checks(pull)).toMatchObject({ andon: null })
    expect(story.comments(pull)[0]).toContain('cy approved the change before its description was edited')
    review(story.world, story.parts.cy, pull, 'APPROVED')
    await story.settle()
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
  })

  it('stays good where only the words around the manifest are edited after Andon saw it', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull, 'Staging')
    review(story.world, story.parts.cy, pull, 'APPROVED')
    await story.settle()
    story.pass(60)
    edit(pull, `${MANIFEST}\n- [x] told the support team`)
    await story.settle()
    await story.move(card, 'Production')
    expect(story.checks(pull)).toMatchObject({ andon: 'success' })
  })
})
