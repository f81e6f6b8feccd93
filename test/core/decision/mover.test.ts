// Who moved the card may not approve it alone, also where GitHub tells late, or wrongly, who that was.
import { describe, expect, it } from 'vitest'
import { nextDeadline } from '../../../src/core/decision/deadline.ts'
import type { Actor } from '../../../src/core/facts/actor.ts'
import type { Event } from '../../../src/core/facts/event.ts'
import { ada, CoreStory, column, cy, gate, kinds, policyOf, SHA } from '../../support/core-story.ts'

const dee: Actor = { login: 'dee', id: 4, type: 'User' }
const policy = (whileWaiting: 'stay' | 'return' = 'stay', independent = true) =>
  policyOf([column('Backlog'), column('Staging', { enter: ['approval'], whileWaiting })], {
    approval: gate('approval', { users: ['cy', 'dee'], independent }),
  })

function approve(story: CoreStory, ...people: Actor[]): void {
  const { pull } = story.card
  if (pull === null) throw new Error('There is no pull request.')
  const given = people.map((by) => ({ id: `r-${by.login}`, by, state: 'APPROVED' as const, sha: SHA, at: story.at }))
  const reviews = given.map((one) => ({ ...one, url: 'https://github.example/r' }))
  story.card = { ...story.card, pull: { ...pull, reviews: [...pull.reviews, ...reviews] } }
}

/** Cy moved the card, and the timeline does not tell of it yet; `told`: whom a delivery named. Answers what makes it tell. */
function dragged(story: CoreStory, told: Actor | null = null): () => void {
  story.mover = told
  story.wait(10).put('Staging', cy)
  const { timeline } = story.card
  story.card = { ...story.card, timeline: [] }
  return () => {
    story.mover = null
    story.card = { ...story.card, timeline: [...timeline, ...story.card.timeline] }
  }
}

const opened = (events: Event[]) =>
  events.flatMap((event) => (event.kind === 'move-opened' ? [[event.by.login, event.to]] : []))
const reason = (story: CoreStory) => story.move.current?.gates[0]?.judgement?.reason

describe('while nobody told who moved the card', () => {
  it('an independent approval waits, says so, and is looked at again once the timeline may have caught up', () => {
    const story = new CoreStory(policy()).adopted('Backlog')
    dragged(story)
    approve(story, cy)
    expect(kinds(story.seen())).toEqual(['move-opened', 'gate-judged'])
    expect(reason(story)).toBe('mover-untold')
    expect(story.comment).toContain('It is not known yet who moved this card')
    const again = nextDeadline(story.move, story.at)
    expect(Date.parse(again ?? '')).toBe(Date.parse(story.at) + 60_000)
  })

  it('it goes on waiting, for another move to help', () => {
    const story = new CoreStory(policy()).adopted('Backlog')
    dragged(story)
    approve(story, cy)
    story.seen()
    expect(kinds(story.wait(3600).seen())).not.toContain('move-granted')
    expect(reason(story)).toBe('mover-untold')
    expect(nextDeadline(story.move, story.at)).toBeNull()
  })

  it('one approval more than is asked for decides, whoever it was', () => {
    const story = new CoreStory(policy()).adopted('Backlog')
    dragged(story)
    approve(story, cy, dee)
    expect(kinds(story.seen())).toContain('move-granted')
  })

  it('one that need not be independent decides', () => {
    const story = new CoreStory(policy('stay', false)).adopted('Backlog')
    dragged(story)
    approve(story, cy)
    expect(kinds(story.seen())).toContain('move-granted')
  })
})

describe('when the timeline has caught up', () => {
  it('the move is that of the one whom it names, and their own approval does not count', () => {
    const story = new CoreStory(policy()).adopted('Backlog')
    const tell = dragged(story)
    story.seen()
    approve(story, cy)
    tell()
    const decided = story.wait(30).seen()
    expect(decided[0]).toMatchObject({ kind: 'move-ended', outcome: 'superseded' })
    expect(opened(decided)).toEqual([['cy', 'Staging']])
    expect(story.move.current?.gates[0]?.judgement).toMatchObject({ verdict: 'wait', detail: ['cy moved the card'] })
    expect(story.wait(30).seen()).toEqual([])
    approve(story, dee)
    expect(kinds(story.wait(1).seen())).toContain('move-granted')
  })

  it('so it is where a delivery named somebody else', () => {
    const story = new CoreStory(policy()).adopted('Backlog')
    const tell = dragged(story, ada)
    approve(story, cy)
    expect(opened(story.seen())).toEqual([['ada', 'Staging']])
    expect(reason(story)).toBe('mover-untold')
    tell()
    expect(opened(story.wait(30).seen())).toEqual([['cy', 'Staging']])
    expect(kinds(story.wait(600).seen())).not.toContain('move-granted')
  })

  it('so it is of a card that waits where it came from, which stays there', () => {
    const story = new CoreStory(policy('return')).adopted('Backlog')
    const tell = dragged(story, ada)
    expect(kinds(story.seen()).at(-1)).toBe('move-parked')
    story.placed('Backlog')
    tell()
    const decided = story.wait(30).seen()
    expect(opened(decided)).toEqual([['cy', 'Staging']])
    expect(kinds(decided)).not.toContain('move-parked')
    expect(story.move.placing).toBeNull()
    approve(story, dee)
    expect(kinds(story.wait(1).seen())).toContain('move-granted')
    expect(story.move.placing).toMatchObject({ to: 'Staging' })
  })
})

describe('where the timeline never tells', () => {
  it('the delivery’s word is taken after a minute', () => {
    const story = new CoreStory(policy()).adopted('Backlog')
    dragged(story, ada)
    approve(story, cy)
    story.seen()
    expect(kinds(story.wait(59).seen())).not.toContain('move-granted')
    expect(kinds(story.wait(1).seen())).toContain('move-granted')
  })

  it('of who asked by label or command, nobody waits for it', () => {
    const story = new CoreStory(policy()).adopted('Backlog')
    approve(story, cy)
    story.take({ kind: 'move-asked', at: story.at, to: 'Staging', by: ada, via: 'label', label: 'promote: staging' })
    expect(kinds(story.seen())).toContain('move-granted')
  })
})
