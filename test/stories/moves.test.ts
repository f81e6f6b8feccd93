// People move cards on the sandbox's board; Andon grants, or says why not and puts the card back.
import { afterEach, describe, expect, it } from 'vitest'
import { setBoardWorkflow } from '../../src/sandbox/world/boards.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard, addDraft, archiveCard, restoreCard } from '../../src/sandbox/world/cards.ts'
import { closeIssue } from '../../src/sandbox/world/issues.ts'
import { addLabel, createLabel, removeLabel } from '../../src/sandbox/world/labels.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    limit: 2
    enter: [definition-of-ready]
  - name: Production
    enter: [notes]
labels:
  hold: "andon: hold"
  move: { "promote: staging": Staging }
gates:
  definition-of-ready: { kind: manifest, requires: [prompts, rollback] }
  notes: { kind: files, paths: [NOTES.md] }
`

let story: Story
afterEach(() => story.end())

function label(name: string): string {
  return createLabel(story.world, story.parts.olga, story.parts.repository, name).name
}

describe('a card is dragged forward', () => {
  it('is granted when the change is well declared, and the check and one comment say so', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)).toEqual({ andon: 'success', 'andon / definition-of-ready': 'success' })
    expect(story.comments(pull)).toHaveLength(1)
    expect(story.comments(pull)[0]).toContain('Granted')
  })

  it('comes back when it is not, with the reason and the remedy', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better', 'No manifest here.')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.checks(pull)).toEqual({ andon: 'failure', 'andon / definition-of-ready': 'failure' })
    expect(story.comments(pull)[0]).toContain('No manifest was found')
    expect(story.comments(pull)[0]).toContain('andon.change.yml')
    expect(await story.decisions(card)).toContain('card-placed')
  })

  it.each(['edited', 'reordered', 'both'] as const)('is noticed when GitHub tells it as "%s"', async (drag) => {
    story = await beginStory({ policy: POLICY })
    story.world.quirks.drag = drag
    const card = await story.card(story.pull('Answer refunds better', 'No manifest here.'))
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect((await story.decisions(card)).filter((kind) => kind === 'move-refused')).toHaveLength(1)
  })

  it('keeps one comment through many moves', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better', 'No manifest here.')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.move(card, 'Staging')
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)).toHaveLength(1)
    expect((await story.decisions(card)).filter((kind) => kind === 'move-refused')).toHaveLength(3)
  })

  it('may not pass over a column', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull)
    await story.move(card, 'Production')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('one column at a time')
  })

  it('and back again is granted and recorded', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Answer refunds better')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.move(card, 'Backlog')
    expect(story.column(card)).toBe('Backlog')
    expect((await story.decisions(card)).filter((kind) => kind === 'move-granted')).toHaveLength(3)
    expect(story.comments(pull)[0]).toContain('Moved back')
  })

  it('writes no check where only an issue is on the card, and the comment holds the same', async () => {
    story = await beginStory({ policy: POLICY })
    const issue = story.issue('An idea', 'Not yet thought through.')
    const card = await story.card(issue)
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(issue)[0]).toContain('No manifest was found')
    const suites = [...story.parts.repository.suites.values()].flat().filter((suite) => suite.app.slug === 'andon')
    expect(suites.flatMap((suite) => suite.runs)).toEqual([])
  })
})

describe('a limit on work in progress', () => {
  it('sends back the card that is one too many', async () => {
    story = await beginStory({ policy: POLICY })
    const cards = []
    for (const title of ['One', 'Two', 'Three']) {
      const pull = story.pull(title)
      const card = await story.card(pull)
      cards.push({ card, pull })
      await story.move(card, 'Staging')
    }
    expect(cards.map(({ card }) => story.column(card))).toEqual(['Staging', 'Staging', 'Backlog'])
    const last = cards[2]
    expect(last && story.comments(last.pull)[0]).toContain('is full: its limit is 2')
  })
})

/** It was granted Staging, is in the archive, and bears the hold label since. */
async function archivedOnHold(title: string) {
  story = await beginStory({ policy: POLICY })
  const pull = story.pull(title)
  const card = await story.card(pull)
  await story.move(card, 'Staging')
  archiveCard(story.world, story.parts.ada, card)
  await story.settle()
  story.pass(2)
  addLabel(story.world, story.parts.ada, pull, label('andon: hold'))
  return { pull, card }
}

describe('cards that come in other ways', () => {
  it('a draft may not enter a column that the organization’s policy gates', async () => {
    story = await beginStory({ organizationPolicy: POLICY })
    const card = addDraft(story.world, story.parts.ada, story.parts.project, { title: 'A thought' })
    moveCard(story.world, story.parts.ada, card, 'Backlog')
    await story.settle()
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(await story.decisions(card)).toContain('move-refused')
  })

  it('a card added straight into a gated column has its status cleared', async () => {
    story = await beginStory({ policy: POLICY })
    const card = addCard(story.world, story.parts.ada, story.parts.project, story.pull('In a hurry', 'No manifest.'))
    moveCard(story.world, story.parts.ada, card, 'Staging')
    await story.settle()
    expect(story.column(card)).toBeNull()
  })

  it('a restored card is asked like any other, and archived again when refused', async () => {
    const { pull, card } = await archivedOnHold('Once good')
    restoreCard(story.world, story.parts.ada, card)
    await story.settle()
    expect(card.archivedAt).not.toBeNull()
    expect(story.comments(pull)[0]).toContain('andon: hold')
    expect(story.comments(pull)[0]).toContain('not yet in **`Staging`**; the card is archived again')
    expect(story.comments(pull)[0]).toContain('took this card out of the archive into **`Staging`**')
  })

  it('a restored card that somebody moved on is not archived by the order of before', async () => {
    const { pull, card } = await archivedOnHold('Moved on')
    story.parts.sandbox.faults.add({ fault: 'error', status: 502, on: { kind: 'graphql', writes: true } })
    restoreCard(story.world, story.parts.ada, card)
    await story.settle()
    expect(card.archivedAt).toBeNull()
    story.pass(2)
    removeLabel(story.world, story.parts.ada, pull, 'andon: hold')
    moveCard(story.world, story.parts.ada, card, 'Backlog')
    story.parts.sandbox.faults.clear()
    await story.settle()
    story.pass(600)
    await story.sweep()
    expect([story.column(card), card.archivedAt]).toEqual(['Backlog', null])
    expect((await story.decisions(card)).at(-1)).toBe('move-granted')
  })

  it('a move by GitHub’s own board automation is a move like any other', async () => {
    story = await beginStory({
      policy: POLICY.replace('enter: [notes]', 'enter: [notes]\n  - name: Done\n    enter: [notes]'),
    })
    setBoardWorkflow(story.world, story.parts.project, 'Item closed', { enabled: true, target: 'Done' })
    const issue = story.issue('Close me')
    const card = await story.card(issue)
    closeIssue(story.world, story.parts.ada, issue)
    await story.settle()
    expect(story.column(card)).toBe('Backlog')
    const opened = (await story.entries(card)).findLast((entry) => entry.event.kind === 'move-opened')
    expect(opened?.event).toMatchObject({ via: 'automation', by: { login: 'github-project-automation[bot]' } })
  })

  it('a label asks for the move as if its adder had dragged the card, and is taken off again', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('By label')
    const card = await story.card(pull)
    label('promote: staging')
    addLabel(story.world, story.parts.cy, pull, 'promote: staging')
    await story.settle()
    expect(story.column(card)).toBe('Staging')
    expect(pull.labels).toEqual([])
    const opened = (await story.entries(card)).findLast((entry) => entry.event.kind === 'move-opened')
    expect(opened?.event).toMatchObject({ via: 'label', by: { login: 'cy' } })
  })

  it('a card on hold does not go forward', async () => {
    story = await beginStory({ policy: POLICY })
    const pull = story.pull('Held')
    const card = await story.card(pull)
    label('andon: hold')
    addLabel(story.world, story.parts.cy, pull, 'andon: hold')
    await story.settle()
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(story.comments(pull)[0]).toContain('bears the label')
  })
})

describe('a board', () => {
  it('without a policy is left alone', async () => {
    story = await beginStory({})
    const pull = story.pull('Free')
    const card = await story.card(pull)
    await story.move(card, 'Production')
    expect(story.column(card)).toBe('Production')
    expect(story.comments(pull)).toEqual([])
    expect(await story.entries()).toEqual([])
  })

  it('is taken as it stands when it comes under a policy', async () => {
    story = await beginStory({})
    const pull = story.pull('Old')
    const card = await story.card(pull, 'Production')
    pushCommit(story.world, story.parts.olga, story.parts.repository, 'main', {
      files: { '.github/andon.yml': POLICY },
    })
    await story.settle()
    expect(story.column(card)).toBe('Production')
    expect(await story.decisions(card)).toEqual(['card-adopted'])
    await story.move(card, 'Staging')
    await story.move(card, 'Production')
    expect(story.column(card)).toBe('Staging')
  })
})

describe('webhooks that never come', () => {
  it('are made good by the sweep', async () => {
    story = await beginStory({ policy: POLICY })
    const card = await story.card(story.pull('Unheard', 'No manifest.'))
    const fault = story.parts.sandbox.faults.add({ fault: 'webhook-lost' })
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Staging')
    story.parts.sandbox.faults.remove(fault)
    await story.sweep()
    expect(story.column(card)).toBe('Backlog')
  })
})
