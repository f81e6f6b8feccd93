// An approving review is of the change its giver saw, whatever the author does to the manifest afterwards.
import { describe, expect, it } from 'vitest'
import type { Review } from '../../../src/core/facts/card.ts'
import { aChange, CoreStory, column, cy, gate, kinds, policyOf, SHA } from '../../support/core-story.ts'

const OTHER = 'b'.repeat(40)
const policy = policyOf([column('Backlog'), column('Staging', { enter: ['approval'] })], {
  approval: gate('approval', { users: ['cy'], independent: true }),
})

/** Andon has seen the change, and Cy reviews it. */
function reviewed(state: Review['state'] = 'APPROVED'): CoreStory {
  const story = new CoreStory(policy).adopted('Backlog')
  story.seen()
  reviews(story, state)
  story.seen()
  return story
}

function reviews(story: CoreStory, state: Review['state'] = 'APPROVED', id = 'PRR_1'): void {
  story.wait(5)
  const { pull } = story.card
  if (pull === null) throw new Error('There is no pull request.')
  const review: Review = { id, by: cy, state, sha: SHA, at: story.at, url: `https://github.example/${id}` }
  story.card = { ...story.card, pull: { ...pull, reviews: [...pull.reviews, review] } }
  story.wait(1)
}

/** The manifest reads otherwise now, or cannot be read; Andon looks. */
function edited(story: CoreStory, digest: string | null): void {
  story.change = digest === null ? null : aChange(digest)
  story.wait(60).seen()
}

function pushed(story: CoreStory, sha: string, digest: string): void {
  if (story.card.pull) story.card = { ...story.card, pull: { ...story.card.pull, sha } }
  story.change = aChange(digest, sha)
  story.wait(60).seen()
}

const detail = (story: CoreStory) => story.move.current?.gates[0]?.judgement?.detail

describe('an approving review', () => {
  it('counts for the change that was seen with it', () => {
    expect(kinds(reviewed().moved('Staging'))).toContain('move-granted')
  })

  it('does not pass to another manifest by way of one that cannot be read', () => {
    const story = reviewed()
    edited(story, null)
    edited(story, 'sha256:other')
    expect(kinds(story.moved('Staging'))).not.toContain('move-granted')
    expect(detail(story)).toEqual(['cy approved the change before its manifest was edited'])
  })

  it('does not pass to another manifest by way of another commit and back', () => {
    const story = reviewed()
    edited(story, 'sha256:other')
    pushed(story, OTHER, 'sha256:third')
    pushed(story, SHA, 'sha256:other')
    expect(kinds(story.moved('Staging'))).not.toContain('move-granted')
    expect(detail(story)).toEqual(['cy approved the change before its manifest was edited'])
  })

  it('is as good as before once the change is again the one that was approved', () => {
    const story = reviewed()
    edited(story, 'sha256:other')
    edited(story, 'sha256:change-1')
    expect(kinds(story.moved('Staging'))).toContain('move-granted')
  })

  it('of a manifest that could not be read is bound to the first one that can', () => {
    const story = new CoreStory(policy, { change: null }).adopted('Backlog')
    story.seen()
    reviews(story)
    story.seen()
    edited(story, 'sha256:change-1')
    edited(story, 'sha256:other')
    expect(kinds(story.moved('Staging'))).not.toContain('move-granted')
  })
})

describe('a request for changes', () => {
  it('is not settled by editing the manifest', () => {
    const story = reviewed('CHANGES_REQUESTED')
    edited(story, 'sha256:other')
    expect(kinds(story.moved('Staging'))).toContain('move-refused')
    expect(detail(story)).toEqual(['cy asked for changes'])
  })

  it('stays taken back where the approval that followed it falls with its policy', () => {
    const story = reviewed('CHANGES_REQUESTED')
    reviews(story, 'APPROVED', 'PRR_2')
    story.seen()
    story.policyDigest = 'sha256:policy-2'
    story.policySince = story.at
    const decided = story.moved('Staging')
    expect(kinds(decided)).not.toContain('move-refused')
    expect(kinds(decided)).not.toContain('move-granted')
    expect(detail(story)).toEqual(['cy approved the change under an earlier policy'])
  })

  it('outlives the policy under which it was made', () => {
    const story = reviewed('CHANGES_REQUESTED')
    story.policyDigest = 'sha256:policy-2'
    story.policySince = story.wait(5).at
    expect(kinds(story.moved('Staging'))).toContain('move-refused')
  })

  it('that was made after an approval by comment counts, whichever of them is read first', () => {
    const story = new CoreStory(policy).adopted('Backlog')
    story.seen()
    const written = story.wait(5).at
    reviews(story, 'CHANGES_REQUESTED')
    const { at } = story.wait(600)
    const url = 'https://github.example/c/1'
    story.take({ kind: 'approval-given', at, by: cy, change: 'sha256:change-1', url, written })
    expect(kinds(story.moved('Staging'))).toContain('move-refused')
  })

  it('falls with the commit', () => {
    const story = reviewed('CHANGES_REQUESTED')
    pushed(story, OTHER, 'sha256:other')
    expect(kinds(story.moved('Staging'))).not.toContain('move-refused')
    expect(detail(story)).toEqual(['cy asked for changes of an older commit'])
  })
})
