// Whether a command can have been meant for the change and the policy that stand as Andon reads it.
import { describe, expect, it } from 'vitest'
import { outdated } from '../../../src/core/decision/standing.ts'
import { commitUnderTest } from '../../../src/core/facts/card.ts'
import { aChange, CoreStory, column, policyOf } from '../../support/core-story.ts'

const policy = policyOf([column('Backlog')])
const HEADS = ['b'.repeat(40), 'c'.repeat(40)] as const

/** Andon looked at the card; then time goes by. */
function looked(story = new CoreStory(policy)): CoreStory {
  story.adopted('Backlog')
  story.seen()
  return story.wait(60)
}

/** Why a command of now, or of so many seconds ago, is not taken. */
function refused(story: CoreStory, ago = 0): string | null {
  const at = new Date(Date.parse(story.at) - ago * 1000).toISOString()
  const { card, change, policySince } = story
  return outdated(at, story.move, { card, change, commit: commitUnderTest(card), policy: { since: policySince } })
}

/** A card without a pull request: its commit is the default branch's head. */
function floating(): CoreStory {
  const story = new CoreStory(policy, { card: { pull: null }, change: aChange('sha256:at-b', HEADS[0]) })
  head(story, HEADS[0])
  return looked(story)
}

function head(story: CoreStory, defaultSha: string): void {
  if (story.card.content) story.card = { ...story.card, content: { ...story.card.content, defaultSha } }
}

describe('a command', () => {
  it('is taken where Andon has seen the change before it was written', () => {
    expect(refused(looked())).toBeNull()
    expect(refused(looked(), 59)).toBeNull()
  })

  it('is not taken where it is as old as that look, or older', () => {
    expect(refused(looked(), 60)).toContain('came to this board')
    expect(refused(looked(), 3600)).toContain('came to this board')
  })

  it('is not taken where the card was never seen', () => {
    expect(refused(new CoreStory(policy))).toContain('came to this board')
  })

  it('is not taken where another change stands than the one Andon saw', () => {
    const story = looked()
    story.change = aChange('sha256:other')
    expect(refused(story)).toContain('The change was edited')
    story.seen()
    expect(refused(story.wait(1))).toBeNull()
    story.change = aChange()
    story.seen()
    expect(refused(story, 1)).toContain('The change was edited')
  })

  it('is not taken where the description was edited in between, though it says the same again', () => {
    const story = looked()
    story.card = { ...story.card, writtenAt: new Date(Date.parse(story.at) - 10_000).toISOString() }
    expect(refused(story, 20)).toContain('The description was edited')
    expect(refused(story, 10)).toContain('The description was edited')
    expect(refused(story, 9)).toBeNull()
  })

  it('is not taken where the policy was another one', () => {
    const story = looked()
    story.policySince = new Date(Date.parse(story.at) - 10_000).toISOString()
    expect(refused(story, 20)).toContain('The policy changed')
    expect(refused(story, 9)).toBeNull()
  })

  it('with a time that cannot be read is not taken', () => {
    const story = looked()
    const { card, change } = story
    expect(outdated('', story.move, { card, change, commit: null, policy: { since: null } })).not.toBeNull()
  })
})

describe('on a card without a pull request', () => {
  it('a push to the default branch that touches none of its parts is no edit', () => {
    const story = floating()
    head(story, HEADS[1])
    story.change = aChange('sha256:at-c', HEADS[1])
    expect(refused(story)).toBeNull()
  })

  it('one that touches a part is', () => {
    const story = floating()
    head(story, HEADS[1])
    const part = { key: 'prompts[0]', section: 'prompts', name: null, path: 'prompts/answer.md', digest: 'git:1' }
    story.change = { ...aChange('sha256:at-c', HEADS[1]), parts: [part] }
    expect(refused(story)).toContain('The change was edited')
  })
})
