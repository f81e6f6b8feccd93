// The move history that GitHub keeps is compared with the record: nothing is missing, or each missing move is named.
import { afterEach, describe, expect, it } from 'vitest'
import type { Findings } from '../../src/flow/find-gaps.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard, addDraft, archiveCard, deleteCard } from '../../src/sandbox/world/cards.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { acceptPermissions } from '../../src/sandbox/world/install.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { createRepository } from '../../src/sandbox/world/repositories.ts'
import { audit } from '../support/audit.ts'
import { ASKS_TWICE } from '../support/policies.ts'
import { beginStory, type Story } from '../support/story.ts'

const UNREADY = 'No manifest here.'

let story: Story
afterEach(() => story.end())

const quiet = () => story.parts.sandbox.faults.add({ fault: 'webhook-lost' })

/** A move there and back that nobody hears of and no sweep sees. */
function passUnseen(card: Awaited<ReturnType<Story['card']>>): void {
  const lost = quiet()
  story.pass(2)
  moveCard(story.world, story.parts.mallory, card, 'Staging')
  story.pass(5)
  moveCard(story.world, story.parts.mallory, card, 'Backlog')
  story.parts.sandbox.faults.remove(lost)
}

describe('a board on which all went well', () => {
  it('has no gaps: grants, refusals, our own returns and cleared columns are all recorded', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const good = await story.card(story.pull('Good'))
    const bad = await story.card(story.pull('Bad', UNREADY))
    await story.move(good, 'Staging')
    await story.move(good, 'Production')
    await story.move(good, 'Backlog')
    await story.move(bad, 'Staging')
    await story.move(bad, null)
    await story.card(story.issue('Straight in', UNREADY), 'Staging')
    const { code, out } = await audit(story)
    expect(out).toBe('No gaps: 10 moves on 1 board, all recorded.\n')
    expect(code).toBe(0)
  })

  it('counts no moves from before the board came under the policy', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const { code, out } = await audit(story, ['--owner', 'acme'])
    expect([code, out]).toEqual([0, 'No gaps: 0 moves on 1 board, all recorded.\n'])
  })

  it('asks nothing about cards that no policy governs, and says how many drafts it cannot ask about', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const { ada, bo, olga, acme, project } = story.parts
    const other = createRepository(story.world, olga, acme, 'other')
    const card = addCard(story.world, ada, project, openIssue(story.world, bo, other, { title: 'Elsewhere' }))
    moveCard(story.world, ada, card, 'Staging')
    addDraft(story.world, ada, project, { title: 'An idea' })
    await story.settle()
    const { code, out } = await audit(story)
    // A draft is under the organization's policy alone, and there is none.
    expect([code, out]).toEqual([0, 'No gaps: 0 moves on 1 board, all recorded.\n'])
  })

  it('names a card that left the board, too', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One'))
    await story.move(card, 'Staging')
    deleteCard(story.world, story.parts.ada, card)
    await story.settle()
    const { out } = await audit(story)
    expect(out).toBe('No gaps: 2 moves on 1 board, all recorded.\n')
  })
})

describe('a move that nobody heard of', () => {
  it('is a gap, named with who, when and what to do; and none once the record names it', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const pull = story.pull('One')
    const card = await story.card(pull)
    passUnseen(card)
    const { code, out } = await audit(story)
    expect(code).toBe(1)
    expect(out).toContain('2 gaps, of 3 moves on 1 board.')
    expect(out).toMatch(/GitHub only {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}acme\/bot#1 {2}Backlog → Staging {2}mallory/)
    expect(out).toContain('comment /andon status on the card')

    comment(story.world, story.parts.ada, pull, '/andon status')
    await story.settle()
    const again = await audit(story)
    expect(again.code).toBe(0)
    expect(again.out).toContain('No gaps: 3 moves on 1 board, all recorded.\n')
    expect(again.out).toContain('1 of the moves passed between two reads')
  })

  it('is made good by the next sweep', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    passUnseen(await story.card(story.pull('One')))
    await story.sweep()
    expect((await audit(story)).code).toBe(0)
  })

  it('of a card that went into the archive unheard is a gap too, until the sweep has the record name it', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const lost = quiet()
    const card = addCard(story.world, story.parts.mallory, story.parts.project, story.issue('Hidden', UNREADY))
    story.pass(2)
    moveCard(story.world, story.parts.mallory, card, 'Staging')
    story.pass(5)
    archiveCard(story.world, story.parts.mallory, card)
    story.parts.sandbox.faults.remove(lost)
    const { code, out } = await audit(story)
    expect(code).toBe(1)
    expect(out).toContain('→ Staging  mallory')
    await story.sweep()
    expect(await story.decisions(card)).toEqual(['card-seen'])
    expect((await audit(story)).code).toBe(0)
    const head = (await story.entries()).length
    await story.sweep()
    expect(await story.entries()).toHaveLength(head)
  })

  it('is found however long the timeline is', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One'))
    passUnseen(card)
    // The record names the latest thirty of each read.
    for (let turn = 0; turn < 60; turn++) {
      const lost = quiet()
      moveCard(story.world, story.parts.ada, card, turn % 2 ? 'Backlog' : 'Done')
      story.pass(5)
      story.parts.sandbox.faults.remove(lost)
    }
    await story.sweep()
    const found = JSON.parse((await audit(story, ['--json'])).out) as Findings
    expect(found.moves).toBe(63)
    expect(found.gaps).toHaveLength(32)
    expect(found.gaps[0]).toMatchObject({
      told: 'github',
      card: 'acme/bot#1',
      from: 'Backlog',
      to: 'Staging',
      by: 'mallory',
    })
  })

  it('is not asked for while its webhook may be on its way', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One'))
    const lost = quiet()
    story.pass(62)
    moveCard(story.world, story.parts.ada, card, 'Done')
    story.parts.sandbox.faults.remove(lost)
    story.pass(-60)
    expect((await audit(story)).code).toBe(0)
  })
})

describe('a move that only the record knows', () => {
  it('is a gap', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    pull.timeline.splice(
      pull.timeline.findLastIndex(({ kind }) => kind === 'ProjectV2ItemStatusChangedEvent'),
      1,
    )
    const { code, out } = await audit(story)
    expect(code).toBe(1)
    expect(out).toMatch(/1 gap, of 2 moves on 1 board\.\n\n {2}record only {2}.* acme\/bot#1 {2}→ Staging {2}ada\n/)
    expect(out).toContain('andon verify')
  })
})

describe('what cannot be compared', () => {
  it('ends in exit code 2, with one sentence', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    expect(await audit(story, [], { APP_ID: '' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('APP_ID is missing'),
    })
    expect(await audit(story, ['--owner', 'nobody'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('not installed on nobody'),
    })
    expect(await audit(story, [], { ANDON_DATA: '/nonexistent' })).toMatchObject({ code: 2 })
    expect(await audit(story, ['--owner', '../x'])).toMatchObject({ code: 2 })
    expect(await audit(story, ['more'])).toMatchObject({ code: 2 })
    story.parts.sandbox.faults.add({ fault: 'error', status: 502 })
    expect(await audit(story)).toMatchObject({ code: 2, out: '' })
  })

  it('is a card whose history GitHub does not show: the answer is not "no gaps"', async () => {
    story = await beginStory({ organizationPolicy: ASKS_TWICE })
    await story.card(story.issue('One', UNREADY))
    const installation = story.parts.sandbox.apps[0]?.installation
    if (!installation) throw new Error('The app is not installed.')
    const blind = { issues: undefined, pull_requests: undefined }
    acceptPermissions(story.world, story.parts.olga, installation, blind)
    const { code, out } = await audit(story)
    expect(code).toBe(2)
    expect(out).toContain('No gaps in what could be compared')
    expect(out).toContain('1 card could not be compared')
  })

  it('is a board that is not there', async () => {
    story = await beginStory({ policy: ASKS_TWICE.replace('project: 1', 'project: 7') })
    const { code, out } = await audit(story)
    expect(code).toBe(2)
    expect(out).toContain('Board 7 of acme cannot be read: there is none of that number')
  })
})
