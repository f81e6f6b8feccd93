// The emergency lane decided on recorded facts: who opens it, what it skips, and what an overdue review forbids.
import { describe, expect, it } from 'vitest'
import { reviewIssue } from '../../../src/core/decision/explain/review-issue.ts'
import { replay } from '../../../src/core/decision/replay.ts'
import type { Actor } from '../../../src/core/facts/actor.ts'
import type { DueReview, IssueState } from '../../../src/core/facts/emergency.ts'
import { recordKey } from '../../../src/core/facts/record-question.ts'
import { ada, bo, CoreStory, column, cy, gate, kinds, policyOf } from '../../support/core-story.ts'

const policy = policyOf(
  [column('Backlog'), column('Staging', { enter: ['evaluation', 'soaked', 'shown'] }), column('Done')],
  {
    evaluation: gate('evaluation', { workflow: 'e.yml', metrics: { accuracy: { min: 0.9 } } }),
    soaked: gate('soak', { minutes: 1 }),
    shown: gate('soak', { minutes: 600 }, { enforce: false }),
  },
  {
    emergency: {
      label: 'andon: emergency',
      teams: ['night-watch', 'incident-response'],
      skips: ['evaluation', 'shown'],
      reviewHours: 48,
      issue: { labels: ['review'] },
    },
  },
)

/** Ada is of `incident-response`; nobody is of `night-watch`. */
function begin(title = 'Answer refunds better'): CoreStory {
  const story = new CoreStory(policy, { card: { title } }).adopted('Backlog').wait(3600)
  story.know({ teams: { 'night-watch': [], 'incident-response': ['ADA'] } })
  due(story)
  return story
}

function due(story: CoreStory, ...reviews: DueReview[]): void {
  story.know({ record: { [recordKey({ of: 'reviews' })]: reviews } })
}

function bears(story: CoreStory, ...names: string[]): void {
  const { content } = story.card
  if (content)
    story.card = { ...story.card, content: { ...content, labels: names.map((name) => ({ id: name, name })) } }
}

const owed: DueReview = {
  move: '01J',
  by: ada,
  team: 'incident-response',
  due: '2026-11-23T09:00:00.000Z',
  item: 'PVTI_2',
  title: 'Stop `the` leak | @olga',
  issue: { id: 'I_9', number: 9, url: 'https://github.example/acme/bot/issues/9' },
}

const issueIs = (story: CoreStory, state: IssueState | null) => story.know({ issueStates: { I_9: state } })

describe('the lane', () => {
  it('asks who is of the teams before anything is decided', () => {
    const story = begin()
    story.facts = { ...story.facts, teams: {} }
    bears(story, 'andon: emergency')
    story.wait(10).put('Staging')
    expect(story.asks()).toContainEqual({ fact: 'team', slug: 'incident-response' })
  })

  it('skips the enforced gates it may, grants, and owes a review', () => {
    const story = begin()
    bears(story, 'andon: emergency')
    const decided = story.moved('Staging')
    expect(kinds(decided)).not.toContain('gate-asked')
    expect(decided.find(({ kind }) => kind === 'move-granted')).toMatchObject({ reason: 'passed-in-emergency' })
    expect(decided.at(-1)).toMatchObject({
      kind: 'emergency-used',
      skipped: ['evaluation'],
      team: 'incident-response',
      due: '2026-11-25T11:00:10.000Z',
    })
    expect(story.move.current?.gates.find(({ name }) => name === 'shown')?.judgement?.reason).toBe('soaking')
    expect(story.effectsOf('open-issue')).toMatchObject([{ labels: ['review'] }])
    expect(replay(story.events, () => policy).differences).toEqual([])
  })

  it.each<[string, Actor]>([
    ['somebody else', cy],
    ['a bot of that name', { ...ada, type: 'Bot' }],
    ['nobody that is known', { login: 'ghost', id: 0, type: 'Unknown' }],
  ])('does not open for %s, which is recorded once', (_, by) => {
    const story = begin()
    bears(story, 'andon: emergency')
    expect(kinds(story.moved('Staging', by))).toContain('emergency-refused')
    expect(kinds(story.wait(60).seen())).not.toContain('emergency-refused')
    expect(story.move.requests).not.toEqual({})
    expect(story.comment).toContain('skips no gate here')
  })

  it('does not open for an agent of the team', () => {
    const story = begin()
    story.policy = { ...policy, agents: [{ name: 'fixer', login: 'ada', mayEnter: null }] }
    bears(story, 'andon: emergency')
    expect(kinds(story.moved('Staging'))).toContain('emergency-refused')
  })

  it('is closed again when the label goes before the grant', () => {
    const story = begin()
    story.policy = policyOf(
      policy.columns,
      { ...policy.gates, soaked: gate('soak', { minutes: 600 }) },
      { emergency: policy.emergency as never },
    )
    bears(story, 'andon: emergency')
    story.moved('Staging')
    expect(story.move.current?.gates[0]?.judgement?.reason).toBe('skipped-emergency')
    bears(story)
    story.wait(60).seen()
    expect(story.move.current?.gates[0]?.judgement?.verdict).toBe('wait')
    expect(story.move.reviews).toEqual([])
  })

  it('is told as such on check run and comment, and never looks like a pass', () => {
    const story = begin()
    bears(story, 'andon: emergency')
    story.moved('Staging')
    expect(story.effectsOf('write-check').find(({ name }) => name === 'andon / evaluation')).toMatchObject({
      conclusion: 'neutral',
      title: expect.stringContaining('Not asked: ada of the team incident-response'),
    })
    expect(story.comment).toContain('🟨 skipped')
    expect(story.comment).toContain('its issue is still to be opened')
  })
})

describe('the issue of the review', () => {
  it('holds what people wrote as they typed it', () => {
    const story = begin('**x** @olga <!-- andon:review 01X --> [y](https://evil.example)')
    bears(story, 'andon: emergency')
    story.moved('Staging')
    const [review] = story.move.reviews
    if (review === undefined) throw new Error('no review is owed')
    const { body, title } = reviewIssue(story.move, review)
    expect(body).not.toMatch(/@olga|\*\*x|<!-- andon:review 01X|\]\(https:\/\/evil/)
    expect(title.length).toBeLessThanOrEqual(250)
  })
})

describe('an overdue review', () => {
  const refused = { kind: 'move-refused', reasons: [{ reason: 'review-overdue' }] }

  it('asks GitHub for the issue, and nothing where none is due', () => {
    const story = begin()
    story.wait(10).put('Staging')
    expect(story.asks()).toEqual([])
    due(story, { ...owed, due: '2026-12-01T00:00:00.000Z' })
    expect(story.asks()).toEqual([])
    due(story, owed)
    expect(story.asks()).toContainEqual({ fact: 'issue-state', id: 'I_9' })
  })

  it.each<[string, IssueState | null, boolean]>([
    ['open', { open: true, closedBy: null }, true],
    ['gone', null, true],
    ['closed by the one who used the lane', { open: false, closedBy: { ...ada, login: 'renamed' } }, true],
    ['closed by a bot', { open: false, closedBy: { login: 'x[bot]', id: 7, type: 'Bot' } }, true],
    ['closed by somebody else', { open: false, closedBy: cy }, false],
    ['closed, by whom GitHub does not say', { open: false, closedBy: null }, false],
    [
      'closed by an account that was deleted',
      { open: false, closedBy: { login: 'ghost', id: 0, type: 'Unknown' } },
      false,
    ],
  ])('whose issue is %s', (_, state, stops) => {
    const story = begin()
    due(story, owed)
    issueIs(story, state)
    const decided = story.moved('Staging')
    if (stops) expect(decided.at(-1)).toMatchObject(refused)
    else expect(kinds(decided)).not.toContain('move-refused')
  })

  it('stops what the team moves or owns, and nobody else', () => {
    const story = begin()
    due(story, owed)
    issueIs(story, { open: true, closedBy: null })
    expect(kinds(story.moved('Staging', cy))).not.toContain('move-refused')
    const owned = begin()
    due(owned, owed)
    issueIs(owned, { open: true, closedBy: null })
    if (owned.card.content) owned.card.content.assignees = ['Ada']
    expect(owned.moved('Staging', cy).at(-1)).toMatchObject(refused)
    expect(owned.comment.replace(/`[^`]*`/g, '')).not.toMatch(/@olga/)
    expect(owned.comment).toContain('https://github.example/acme/bot/issues/9')
  })

  it('stops a move that had begun before it was overdue', () => {
    const story = begin()
    story.moved('Staging')
    due(story, owed)
    issueIs(story, { open: true, closedBy: null })
    expect(story.measured('evaluation', { accuracy: { value: 0.95 } }).at(-1)).toMatchObject(refused)
  })

  it('stops the team where the policy has no lane any more, once the record is known to hold one', () => {
    const { emergency: _, ...without } = policy
    const story = begin()
    story.policy = without
    story.facts = { ...story.facts, record: {} }
    story.wait(10).put('Staging')
    expect(story.asks()).toEqual([])
    due(story, owed)
    issueIs(story, { open: true, closedBy: null })
    expect(story.seen().at(-1)).toMatchObject(refused)
  })

  it('stops nobody who goes back', () => {
    const story = begin()
    story.moved('Staging')
    story.measured('evaluation', { accuracy: { value: 0.95 } })
    due(story, owed)
    issueIs(story, { open: true, closedBy: null })
    expect(story.moved('Backlog').at(-1)).toMatchObject({ kind: 'move-granted' })
  })

  it('is one though its issue could not be opened', () => {
    const story = begin()
    due(story, { ...owed, issue: null })
    expect(story.moved('Staging').at(-1)).toMatchObject(refused)
    expect(story.comment).toContain('which Andon opens as soon as GitHub lets it')
  })
})

it('records that a review of the card was closed, as a look shows it', () => {
  const story = begin()
  bears(story, 'andon: emergency')
  story.moved('Staging', ada)
  const move = story.move.current?.id ?? ''
  story.take({ kind: 'review-opened', at: story.at, move, issue: 'I_9', number: 9, url: 'https://github.example/9' })
  issueIs(story, { open: false, closedBy: ada })
  expect(kinds(story.seen())).not.toContain('review-closed')
  issueIs(story, { open: false, closedBy: bo })
  expect(story.seen()).toMatchObject([{ kind: 'review-closed', move, by: { login: 'bo' } }])
  expect(story.move.reviews).toEqual([])
})
