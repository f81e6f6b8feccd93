// Columns that take cards by themselves: when a card is ready, whose turn it is, and what ends a pull.
import { describe, expect, it } from 'vitest'
import type { CardInColumn } from '../../../src/core/facts/query.ts'
import { recordKey } from '../../../src/core/facts/record-question.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { aChange, bo, CoreStory, column, cy, gate, kinds, policyOf } from '../../support/core-story.ts'

const guarded = (limit: Partial<NonNullable<Policy['columns'][number]['limit']>> = {}) =>
  policyOf(
    [
      column('Backlog'),
      column('Staging', {
        enter: ['signed'],
        limit: { total: 1, perOwner: null, ...limit },
        pull: true,
        movers: { teams: [], users: ['nobody'], bots: [], agents: [] },
      }),
    ],
    { signed: gate('approval', { teams: ['ai-safety'] }) },
  )
const other = (item: string, more: Partial<CardInColumn> = {}): CardInColumn => ({
  ...{ item, title: item, since: '2026-11-23T09:00:00Z', assignees: ['bo'], archived: false },
  ...more,
})

function begin(staging: CardInColumn[] = [], backlog: CardInColumn[] = [], policy = guarded()): CoreStory {
  const story = new CoreStory(policy).adopted('Backlog')
  return story.know({ teams: { 'ai-safety': ['cy'] }, columns: { Staging: staging, Backlog: backlog } })
}

function approve(story: CoreStory) {
  story.wait(60).take({ kind: 'approval-given', at: story.at, by: cy, change: 'sha256:change-1', url: 'u' })
  return story.seen()
}

describe('a column that pulls', () => {
  it('takes a card once it is ready, past its movers, and judges it where it then stands', () => {
    const story = begin()
    expect(story.seen()).toEqual([])
    const decided = approve(story)
    expect(kinds(decided)).toEqual(['card-ready', 'move-opened'])
    expect(decided[1]).toMatchObject({ via: 'andon', by: { login: 'andon[bot]' }, to: 'Staging' })
    expect(story.effectsOf('place-card')).toMatchObject([{ column: 'Staging' }])
    expect(story.seen()).toEqual([])
    story.placed('Staging').know({ columns: { Staging: [other('PVTI_1', { since: story.at })] } })
    expect(kinds(story.seen())).toEqual(['gate-judged', 'move-granted'])
  })

  it('leaves a ready card where it is while it is full', () => {
    const story = begin([other('PVTI_2')])
    expect(kinds(approve(story))).toEqual(['card-ready'])
    expect(story.seen()).toEqual([])
    story.know({ columns: { Staging: [] } })
    expect(kinds(story.seen())).toEqual(['move-opened'])
  })

  it('takes the card that has been ready longest, and passes over one that would not fit', () => {
    const first = [other('PVTI_9', { readySince: '2026-11-23T09:30:00Z' })]
    expect(kinds(approve(begin([], first)))).toEqual(['card-ready'])
    expect(kinds(approve(begin([], [other('PVTI_9', { readySince: '2026-11-24T09:30:00Z' })])))).toContain(
      'move-opened',
    )
    const room = guarded({ total: 2, perOwner: 1 })
    const ada = [other('PVTI_8', { assignees: ['ada'] })]
    const waits = [other('PVTI_9', { assignees: ['ada'], readySince: '2026-11-23T09:30:00Z' })]
    expect(kinds(approve(begin(ada, waits, room)))).toContain('move-opened')
    const ready = [other('PVTI_9', { assignees: ['ed'], readySince: '2026-11-23T09:30:00Z' })]
    expect(kinds(approve(begin(ada, ready, room)))).toEqual(['card-ready'])
  })

  it('takes no card of a team that owes a review, before it is closed', () => {
    const emergency = { label: 'e', teams: ['watch'], skips: ['signed'], reviewHours: 48, issue: { labels: [] } }
    const story = begin([], [], { ...guarded(), emergency })
    const review = {
      move: 'm',
      by: cy,
      team: 'watch',
      item: 'i',
      title: 't',
      issue: { id: 'I_9', number: 9, url: 'u' },
    }
    const owed = { ...review, due: '2026-11-22T10:00:00.000Z' }
    const [owner = ''] = story.card.content?.assignees ?? []
    const watch = owner || (story.card.content?.author.login ?? '')
    story.know({ teams: { watch: [watch] }, record: { [recordKey({ of: 'reviews' })]: [owed] } })
    story.know({ issueStates: { I_9: { open: true, closedBy: null } } })
    expect(approve(story)).toEqual([])
    story.know({ issueStates: { I_9: { open: false, closedBy: bo } } })
    expect(kinds(story.seen())).toEqual(['card-ready', 'move-opened'])
  })

  it('takes no card that a person holds, and no draft', () => {
    const story = begin()
    const content = story.card.content
    if (content === null) throw new Error('The card has no content.')
    const held = { ...content, labels: [{ id: 'L', name: 'andon: hold' }] }
    story.card = { ...story.card, content: held }
    expect(approve(story)).toEqual([])
    story.card = { ...story.card, content }
    expect(kinds(story.seen())).toEqual(['card-ready', 'move-opened'])
  })

  it('says so when a card is ready no more', () => {
    const story = begin([other('PVTI_2')])
    approve(story)
    story.change = aChange('sha256:change-2')
    expect(kinds(story.seen())).toEqual(['card-unready'])
    expect(story.move.ready).toBeNull()
  })

  it('sends back whom somebody was faster than, and tries again only when something has changed', () => {
    const story = begin()
    approve(story)
    story.placed('Staging')
    const faster = [other('PVTI_2', { since: '2026-11-23T10:00:30Z' }), other('PVTI_1', { since: story.at })]
    story.know({ columns: { Staging: faster } })
    expect(kinds(story.seen())).toEqual(['move-refused'])
    expect(story.move.current?.refusals).toMatchObject([{ reason: 'column-full' }])
    story.placed('Backlog')
    story.know({ columns: { Staging: [other('PVTI_2')] } })
    expect(kinds(story.seen())).toEqual(['card-ready'])
    expect(story.seen()).toEqual([])
    story.know({ columns: { Staging: [] } })
    expect(kinds(story.seen())).toEqual(['move-opened'])
  })

  it.each([
    ['while it is judged', false],
    ['after it was granted', true],
  ])('does not take again what a person took back %s, until the change is another one', (_, granted) => {
    const story = begin()
    approve(story)
    story.placed('Staging').know({ columns: { Staging: [other('PVTI_1', { since: story.at })] } })
    if (granted) story.seen()
    story.know({ columns: { Staging: [] } })
    story.moved('Backlog')
    expect(story.move.current?.via === 'andon').toBe(!granted)
    expect(story.seen()).toEqual([])
    story.change = aChange('sha256:change-2')
    story.take({ kind: 'approval-given', at: story.at, by: cy, change: 'sha256:change-2', url: 'v' })
    expect(kinds(story.seen())).toEqual(['card-ready', 'move-opened'])
  })
})
