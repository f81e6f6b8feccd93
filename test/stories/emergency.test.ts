// The emergency lane: named people skip named gates, and owe a review that somebody else has to close.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { proveRecord } from '../../src/cli/replay/prove.ts'
import type { Person } from '../../src/sandbox/world/account.ts'
import type { Item } from '../../src/sandbox/world/board.ts'
import { assign, closeIssue, reopenIssue } from '../../src/sandbox/world/issues.ts'
import { addLabel, removeLabel } from '../../src/sandbox/world/labels.ts'
import { addTeamMember, createTeam } from '../../src/sandbox/world/organize.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import type { Issue, Pull } from '../../src/sandbox/world/thread.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - { name: Backlog }
  - { name: Staging, enter: [offline-eval, sign-off] }
  - { name: Production }
gates:
  offline-eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
  sign-off: { kind: files, paths: [README.md] }
emergency:
  teams: [incident-response]
  skips: [offline-eval]
  review-hours: 2
  issue: { labels: ["andon: review"] }
`
const LABEL = 'andon: emergency'

let story: Story
let pull: Pull
let card: Item

/** Ada is of `incident-response`; Mallory and Cy are not. */
async function begin(policy = POLICY): Promise<void> {
  story = await beginStory({ policy })
  const { world, parts } = story
  const team = createTeam(world, parts.acme, 'incident-response')
  addTeamMember(world, parts.olga, team, parts.ada)
  pull = story.pull('Stop the leak')
  card = await story.card(pull)
}

beforeEach(() => begin())
afterEach(() => story.end())

const said = (on = pull) => story.comments(on)[0] ?? ''
const reviews = () =>
  [...story.parts.repository.threads.values()].filter(
    (thread): thread is Issue => thread.kind === 'Issue' && thread.author.login === 'andon[bot]',
  )

function label(by: Person = story.parts.ada, on = pull): Promise<void> {
  addLabel(story.world, by, on, LABEL)
  return story.settle()
}

async function used(): Promise<Issue> {
  await label()
  await story.move(card, 'Staging')
  expect(story.column(card)).toBe('Staging')
  const [issue] = reviews()
  if (issue === undefined) throw new Error('no review was opened')
  return issue
}

describe('the lane', () => {
  it('skips what the policy lets it skip, and opens an issue for the review', async () => {
    const issue = await used()
    expect(story.parts.repository.runs).toEqual([])
    expect(story.checks(pull)).toEqual({
      andon: 'success',
      'andon / offline-eval': 'neutral',
      'andon / sign-off': 'success',
    })
    expect(issue.title).toBe('Review of an emergency: Stop the leak → Staging')
    expect(issue.labels.map(({ name }) => name)).toEqual(['andon: review'])
    expect(issue.body).toContain('`ada` of the team `incident-response`')
    expect(issue.body).toContain('- `offline-eval`')
    expect(issue.body).toContain(`${story.app.url}/moves/`)
    expect(said()).toContain('✅ Granted, with `offline-eval` skipped')
    expect(said()).toContain('🟨 skipped')
    expect(said()).toContain(`[issue ${issue.number}]`)
    const move = (await story.entries(card)).findLast(({ event }) => event.kind === 'emergency-used')?.event
    const page = await (await fetch(`${story.app.url}/moves/${move && 'move' in move ? move.move : ''}`)).text()
    expect(page).toContain(`issue ${issue.number}, open`)
    expect(page).toContain('Not asked: ')
    const [found] = await story.app.ledger.search({ reason: 'skipped-emergency', kind: 'emergency-used', actor: 'ada' })
    expect(found?.event).toMatchObject({ skipped: ['offline-eval'], team: 'incident-response' })
    expect((await proveRecord(story.app.ledger)).differences).toEqual([])
  })

  it('does not open for others: the label alone does nothing, and the comment says so', async () => {
    await label(story.parts.mallory)
    await story.move(card, 'Staging', story.parts.mallory)
    expect(said()).toContain(
      'The label `andon: emergency` skips no gate here: `mallory`, who moved the card, is not of',
    )
    expect(story.parts.repository.runs).toHaveLength(1)
    await story.answer({ metrics: { accuracy: { value: 0.5 } } })
    expect(story.column(card)).toBe('Backlog')
    expect(reviews()).toEqual([])
    expect((await story.decisions(card)).filter((kind) => kind === 'emergency-refused')).toHaveLength(1)
    expect((await proveRecord(story.app.ledger)).differences).toEqual([])
  })

  it('is closed without the label, and owes nothing then', async () => {
    await story.move(card, 'Staging')
    expect(story.parts.repository.runs).toHaveLength(1)
    expect(said()).not.toContain('emergency')
  })

  it('opens for a move that already waits, and asks again where the label is taken off in time', async () => {
    await story.move(card, 'Staging')
    await label()
    expect(story.column(card)).toBe('Staging')
    expect(story.checks(pull)['andon / offline-eval']).toBe('neutral')
    expect(reviews()).toHaveLength(1)
  })

  it('passes no hold', async () => {
    addLabel(story.world, story.parts.ada, pull, 'andon: hold')
    await label()
    await story.move(card, 'Staging')
    expect(story.column(card)).toBe('Backlog')
    expect(reviews()).toEqual([])
  })
})

it('leaves every other gate standing', async () => {
  await story.end()
  await begin(POLICY.replace('paths: [README.md]', 'paths: [approved.md]'))
  await label()
  await story.move(card, 'Staging')
  expect(story.column(card)).toBe('Backlog')
  expect(story.checks(pull)).toEqual({
    andon: 'failure',
    'andon / offline-eval': 'neutral',
    'andon / sign-off': 'failure',
  })
  expect(reviews()).toEqual([])
})

describe('a review that is overdue', () => {
  let issue: Issue
  let other: Pull
  let second: Item
  beforeEach(async () => {
    issue = await used()
    other = story.pull('Answer refunds better')
    second = await story.card(other)
    removeLabel(story.world, story.parts.ada, pull, LABEL)
    story.pass(3 * 3600)
    await story.settle()
  })

  const close = (by: Person) => {
    closeIssue(story.world, by, issue)
    return story.settle()
  }

  it('stops the cards of the team, by mover and by owner, and no others', async () => {
    await story.move(second, 'Staging')
    expect(story.column(second)).toBe('Backlog')
    expect(said(other)).toContain('The review of an emergency is overdue')
    expect(said(other)).toContain(`/issues/${issue.number}`)
    await story.move(second, 'Staging', story.parts.cy)
    expect(story.column(second)).toBe('Staging')
    await story.move(second, 'Backlog', story.parts.cy)
    assign(story.world, story.parts.ada, other, story.parts.ada)
    await story.move(second, 'Staging', story.parts.cy)
    expect(story.column(second)).toBe('Backlog')
  })

  it('stops a move back never, and its own emergency lane too', async () => {
    await label(story.parts.ada, other)
    await story.move(second, 'Staging')
    expect(story.column(second)).toBe('Backlog')
    await story.move(card, 'Backlog')
    expect(story.column(card)).toBe('Backlog')
  })

  it('is not over because the lane was taken out of the policy', async () => {
    const files = { '.github/andon.yml': POLICY.slice(0, POLICY.indexOf('emergency:')) }
    pushCommit(story.world, story.parts.olga, story.parts.repository, 'main', { files })
    await story.settle()
    await story.move(second, 'Staging')
    expect(story.column(second)).toBe('Backlog')
    expect(said(other)).toContain('The review of an emergency is overdue')
    await close(story.parts.cy)
    await story.move(second, 'Staging')
    expect(said(other)).not.toContain('overdue')
    expect(story.column(second)).toBe('Staging')
    expect((await proveRecord(story.app.ledger)).differences).toEqual([])
  })

  it('is over when somebody else closes it, and is asked again when it is reopened before that was seen', async () => {
    await close(story.parts.cy)
    reopenIssue(story.world, story.parts.cy, issue)
    await story.move(second, 'Staging')
    expect(story.column(second)).toBe('Backlog')
    await close(story.parts.cy)
    await story.move(second, 'Staging')
    expect(story.column(second)).toBe('Staging')
    story.pass(400)
    await story.settle()
    expect((await story.entries(card)).at(-1)?.event).toMatchObject({ kind: 'review-closed', by: { login: 'cy' } })
    expect((await proveRecord(story.app.ledger)).differences).toEqual([])
  })

  it('is not over when the one who used the lane closes it', async () => {
    await close(story.parts.ada)
    await story.move(second, 'Staging')
    expect(story.column(second)).toBe('Backlog')
    expect(said(other)).toContain('somebody other than `ada`')
  })
})

it('is found again where the answer was lost as its issue was opened, and not opened twice', async () => {
  story.parts.sandbox.faults.add({
    fault: 'cut',
    when: 'after',
    times: 1,
    on: { kind: 'rest', method: 'POST', path: '/bot/issues' },
  })
  await label()
  await story.move(card, 'Staging')
  story.pass(120)
  await story.settle()
  expect(reviews()).toHaveLength(1)
  expect((await story.decisions(card)).filter((kind) => kind === 'review-opened')).toHaveLength(1)
})
