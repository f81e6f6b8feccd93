// Waivers decided on recorded facts: what the command must say, who may give one, what it is bound to.
import { describe, expect, it } from 'vitest'
import { readCommand } from '../../../src/core/decision/command.ts'
import { nextDeadline, outstanding } from '../../../src/core/decision/deadline.ts'
import { replay } from '../../../src/core/decision/replay.ts'
import { readWaive } from '../../../src/core/decision/waive-command.ts'
import { giveWaiver, hasNewWaivers } from '../../../src/core/decision/waiver.ts'
import type { Actor } from '../../../src/core/facts/actor.ts'
import type { Event } from '../../../src/core/facts/event.ts'
import { type OpenWaiver, recordKey } from '../../../src/core/facts/record-question.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'
import { aChange, ada, bo, CoreStory, column, cy, gate, kinds, policyOf } from '../../support/core-story.ts'

const WAIVE = { teams: ['ai-safety'], longestDays: 14, compensate: null }
const policy = (more: Partial<Policy> = {}): Policy =>
  policyOf(
    [column('Backlog'), column('Staging', { enter: ['evaluation', 'frozen', 'shown', 'fixed'], limit: null })],
    {
      evaluation: gate('evaluation', { workflow: 'e.yml', metrics: { accuracy: { min: 0.9 } } }, { waive: WAIVE }),
      frozen: gate(
        'freeze',
        { windows: [{ weekly: { from: 'Mon 00:00', to: 'Sun 23:59' }, zone: 'UTC' }] },
        { waive: WAIVE },
      ),
      shown: gate('soak', { minutes: 5 }, { enforce: false, waive: WAIVE }),
      fixed: gate('soak', { minutes: 1 }),
      elsewhere: gate('soak', { minutes: 5 }, { waive: WAIVE }),
    },
    more,
  )

/** The card waits for Staging; `ai-safety` is Cy. */
function begin(rules = policy()): CoreStory {
  const story = new CoreStory(rules).adopted('Backlog').wait(3600)
  story.know({ teams: { 'ai-safety': ['CY', 'bo', 'ada'] } })
  open(story)
  story.moved('Staging')
  return story
}

function open(story: CoreStory, ...waivers: OpenWaiver[]): void {
  story.know({ record: { [recordKey({ of: 'waivers' })]: waivers } })
}

const own = (gateName: string, until: string): OpenWaiver => ({
  item: 'PVTI_1',
  title: 'Answer refunds better',
  gate: gateName,
  by: 'cy',
  until,
})

function give(story: CoreStory, words: string, by: Actor = cy) {
  const read = readWaive(words)
  if (!read.ok) return { ok: false as const, why: read.message }
  return giveWaiver(read.command, by, 'https://github.example/c/1', story.move, story.policy, {
    card: story.card,
    change: story.change,
    policy: { digest: story.policyDigest, since: null, sources: [], problems: story.problems },
    facts: story.facts,
    at: story.at,
  })
}

/** Cy waives it, and the record shows it. */
function waived(story: CoreStory, gateName: string, until = '2026-11-30'): Event[] {
  const given = give(story, `${gateName} until ${until} because it is wrong`)
  if (!given.ok) throw new Error(given.why)
  story.take({ kind: 'gate-waived', ...given.waiver })
  const first = story.seen()
  open(story, own(gateName, given.waiver.until))
  return [...first, ...story.seen()]
}

describe('the command', () => {
  const read = (text: string) => {
    const found = readCommand(text)
    return found?.ok && found.command.command === 'waive' ? found.command : found
  }

  it.each([
    ['2026-12-01', '2026-12-01T23:59:59.999Z'],
    ['2026-12-01T18:00Z', '2026-12-01T18:00:00.000Z'],
    ['2026-12-01T18:00:30+01:00', '2026-12-01T17:00:30.000Z'],
    ['2026-12-01 18:00 UTC', '2026-12-01T18:00:00.000Z'],
    ['2026-12-01T01:00+14:00', '2026-11-30T11:00:00.000Z'],
  ])('reads %s as %s', (text, until) => {
    expect(read(`/andon waive offline-eval UNTIL ${text} Because it is wrong`)).toMatchObject({
      gate: 'offline-eval',
      until,
      reason: 'it is wrong',
    })
  })

  it.each([
    ['2026-12-01T18:00', 'has no time zone'],
    ['2026-12-01 18:00', 'has no time zone'],
    ['2026-02-30', 'is no date'],
    ['2026-12-01T25:00Z', 'is no date'],
    ['2026-12-01T18:00+15:00', 'is no date'],
    ['2026-12-01+01:00', 'is no date'],
    ['0050-01-01', 'is no date'],
    ['friday', 'is no date'],
    ['`2026-12-01` @olga', 'is no date'],
  ])('does not read %s', (text, why) => {
    const found = readCommand(`/andon waive offline-eval until ${text} because it is wrong`)
    expect(found).toMatchObject({ ok: false, message: expect.stringContaining(why) })
  })

  it('keeps a reason to one line, and takes no invisible one', () => {
    expect(read('/andon waive a until 2026-12-01 because one\u2028two\u200b\tthree\nfour')).toMatchObject({
      reason: 'one two three',
    })
    expect(read(`/andon waive a until 2026-12-01 because ${'\u200b'.repeat(40)}x`)).toMatchObject({ ok: false })
    expect(read(`/andon waive a until 2026-12-01 because ${'x'.repeat(501)}`)).toMatchObject({ ok: false })
    expect(read(`/andon waive a until 2026-12-01 because ${'😀'.repeat(500)}`)).toMatchObject({ gate: 'a' })
  })

  it('is none where it is quoted, and is explained where it is not whole', () => {
    expect(readCommand('> /andon waive a until 2026-12-01 because of it')).toBeNull()
    for (const words of ['', ' a', ' a until', ' a until 2026-12-01', ' a because x', ' a until because x'])
      expect(readCommand(`/andon waive${words}`)).toMatchObject({
        ok: false,
        message: expect.stringContaining('one line'),
      })
  })

  it('is read quickly, however long and strange it is', () => {
    const words = `/andon waive a until ${' '.repeat(60_000)}${'because'.repeat(1_000)}`
    expect(readCommand(words)).toMatchObject({ ok: false })
  })
})

describe('a waiver is refused', () => {
  it.each<[string, Actor, string]>([
    ['evaluation until 2026-11-30 because it is wrong', bo, 'opened the pull request'],
    ['evaluation until 2026-11-30 because it is wrong', ada, 'moved the card'],
    ['evaluation until 2026-11-30 because it is wrong', { login: 'dan', id: 9, type: 'User' }, 'Only members of'],
    ['fixed until 2026-11-30 because it is wrong', cy, 'lets nobody waive'],
    ['shown until 2026-11-30 because it is wrong', cy, 'only shown'],
    ['elsewhere until 2026-11-30 because it is wrong', cy, 'does not ask that gate'],
    ['on-hold until 2026-11-30 because it is wrong', cy, 'has no such gate'],
    ['__proto__ until 2026-11-30 because it is wrong', cy, 'has no such gate'],
    ['evaluation until 2026-11-22 because it is wrong', cy, 'is past'],
    ['evaluation until 2026-12-08 because it is wrong', cy, '14 days at most: until 2026-12-07 23:59 UTC'],
  ])('%s', (words, by, why) => {
    expect(give(begin(), words, by)).toMatchObject({ ok: false, why: expect.stringContaining(why) })
  })

  it('to one who wrote a commit of the change', () => {
    const story = begin()
    if (story.card.pull) story.card.pull.committers.push({ ...cy, login: 'renamed' })
    expect(give(story, 'evaluation until 2026-11-30 because it is wrong')).toMatchObject({
      why: expect.stringContaining('wrote the change'),
    })
  })

  it('to an agent, whatever its account and its teams', () => {
    const story = begin(policy({ agents: [{ name: 'coder', login: 'CY', mayEnter: null }] }))
    expect(give(story, 'evaluation until 2026-11-30 because it is wrong')).toMatchObject({
      why: expect.stringContaining('An agent cannot'),
    })
  })

  it('by the bounds of the whole board where they are smaller', () => {
    const story = begin(policy({ waivers: { longestDays: 2, mostOpen: 3 } }))
    expect(give(story, 'evaluation until 2026-11-26 because it is wrong')).toMatchObject({ ok: false })
    expect(give(story, 'evaluation until 2026-11-25 because it is wrong')).toMatchObject({ ok: true })
  })

  it('without a resolved change, without a readable policy, and unless the record was read', () => {
    const words = 'evaluation until 2026-11-30 because it is wrong'
    const story = begin()
    story.change = null
    expect(give(story, words)).toMatchObject({ why: expect.stringContaining('not resolved') })
    story.change = { ...aChange(), parts: [{ key: 'model', section: 'model', name: null, path: 'x', digest: null }] }
    expect(give(story, words)).toMatchObject({ why: expect.stringContaining('not resolved') })
    story.change = aChange()
    story.problems = [{ message: 'It is broken.' }]
    expect(give(story, words)).toMatchObject({ why: expect.stringContaining('cannot be read') })
    story.problems = []
    story.facts = { ...story.facts, record: {} }
    expect(give(story, words)).toMatchObject({ ok: false })
  })

  it('when the budget is spent, naming what spends it harmlessly; a longer one of its own replaces its own', () => {
    const story = begin(policy({ waivers: { longestDays: 14, mostOpen: 1 } }))
    const words = 'evaluation until 2026-11-30 because it is wrong'
    open(story, { ...own('evaluation', '2026-11-28T00:00:00.000Z'), item: 'PVTI_2', title: '`@olga` | x' })
    expect(give(story, words)).toMatchObject({ why: expect.stringContaining('(`evaluation`, by `cy`') })
    open(story, own('evaluation', '2026-11-28T00:00:00.000Z'))
    expect(give(story, words)).toMatchObject({ ok: true })
  })
})

describe('a waiver that holds', () => {
  it('passes a gate that waits for time, and keeps what the gate said', () => {
    const story = begin()
    const decided = waived(story, 'frozen')
    const judged = decided.find((event) => event.kind === 'gate-judged' && event.gate === 'frozen')
    expect(judged).toMatchObject({
      judgement: {
        verdict: 'pass',
        reason: 'waived',
        detail: ['cy', '2026-11-30T23:59:59.999Z', 'it is wrong', '', 'in-freeze'],
      },
    })
    expect(story.comment).toContain('🟨 waived')
    expect(story.effectsOf('write-check').find(({ name }) => name === 'andon / frozen')?.conclusion).toBe('neutral')
  })

  it('waits for the run, so that the record holds the numbers that were accepted', () => {
    const story = begin()
    waived(story, 'frozen')
    story.seen()
    open(story, own('frozen', '2026-11-30T23:59:59.999Z'), own('evaluation', '2026-11-30T23:59:59.999Z'))
    const given = give(story, 'evaluation until 2026-11-30 because it is wrong')
    if (given.ok) story.take({ kind: 'gate-waived', ...given.waiver })
    expect(kinds(story.seen())).not.toContain('move-granted')
    const decided = story.measured('evaluation', { accuracy: { value: 0.5 } })
    expect(decided.at(-1)).toMatchObject({ kind: 'move-granted', reason: 'passed-with-waivers' })
    expect(decided).toContainEqual(
      expect.objectContaining({
        gate: 'evaluation',
        judgement: expect.objectContaining({
          reason: 'waived',
          rows: [expect.objectContaining({ value: 0.5, met: false })],
        }),
      }),
    )
  })

  it('excuses a run that never ends, and then waits for nothing but its own end', () => {
    const story = begin()
    waived(story, 'frozen')
    open(story, own('frozen', '2026-11-30T23:59:59.999Z'), own('evaluation', '2026-11-30T23:59:59.999Z'))
    const given = give(story, 'evaluation until 2026-11-30 because it is wrong')
    if (given.ok) story.take({ kind: 'gate-waived', ...given.waiver })
    story.seen()
    expect(
      story
        .wait(2 * 3600)
        .seen()
        .at(-1),
    ).toMatchObject({ kind: 'move-granted' })
    expect(outstanding(story.move, story.at)).toEqual([])
    expect(nextDeadline(story.move, story.at)).toBe('2026-11-30T23:59:59.999Z')
  })

  it('counts only once the record shows it: meanwhile nothing is refused for its gate', () => {
    const story = begin()
    const given = give(story, 'frozen until 2026-11-30 because it is wrong')
    if (given.ok) story.take({ kind: 'gate-waived', ...given.waiver })
    story.seen()
    expect(hasNewWaivers(story.move)).toBe(true)
    expect(story.move.current?.gates.find(({ name }) => name === 'frozen')?.judgement?.reason).toBe('in-freeze')
  })

  it('yields where the record shows that others came first', () => {
    const story = begin(policy({ waivers: { longestDays: 14, mostOpen: 1 } }))
    const given = give(story, 'frozen until 2026-11-30 because it is wrong')
    if (!given.ok) throw new Error(given.why)
    story.take({ kind: 'gate-waived', ...given.waiver }).seen()
    open(story, { ...own('frozen', given.waiver.until), item: 'PVTI_2' }, own('frozen', given.waiver.until))
    expect(story.seen()).toContainEqual(expect.objectContaining({ kind: 'waiver-ended', because: 'budget' }))
    expect(story.move.current?.gates.find(({ name }) => name === 'frozen')?.judgement?.verdict).toBe('wait')
  })

  it.each<[string, (story: CoreStory) => void, string]>([
    [
      'the change',
      (story) => {
        story.change = aChange('sha256:change-2')
      },
      'change',
    ],
    [
      'the manifest cannot be read',
      (story) => {
        story.change = null
      },
      'change',
    ],
    [
      'the policy',
      (story) => {
        story.policyDigest = 'sha256:policy-2'
      },
      'policy',
    ],
    [
      'the time',
      (story) => {
        story.wait(8 * 86_400)
      },
      'expired',
    ],
    [
      'the archive',
      (story) => {
        story.card = { ...story.card, archived: true }
      },
      'removed',
    ],
  ])('falls with %s', (_, happens, because) => {
    const story = begin()
    waived(story, 'frozen')
    happens(story)
    expect(story.seen()).toContainEqual(expect.objectContaining({ kind: 'waiver-ended', gate: 'frozen', because }))
    expect(story.move.waivers).toEqual([])
  })

  it('stays while the policy cannot be read, which grants nothing', () => {
    const story = begin()
    waived(story, 'frozen')
    story.moved('Backlog')
    story.problems = [{ message: 'It is broken.' }]
    story.policyDigest = 'sha256:sources'
    expect(story.moved('Staging').at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'policy-unreadable' }],
    })
    expect(story.move.waivers).toHaveLength(1)
  })

  it('opens no full column, no hold and no draft', () => {
    const rules = policy()
    const [backlog, staging] = rules.columns
    const story = begin({
      ...rules,
      columns: backlog && staging ? [backlog, { ...staging, limit: { total: 1, perOwner: null } }] : [],
    })
    open(story)
    story.know({ columns: { Staging: [] } })
    story.seen()
    waived(story, 'frozen')
    story.moved('Backlog')
    story.know({
      columns: {
        Staging: [{ item: 'PVTI_9', title: 'x', since: '2026-11-01T00:00:00Z', assignees: [], archived: false }],
      },
    })
    expect(story.moved('Staging').at(-1)).toMatchObject({ reasons: [{ reason: 'column-full' }] })
  })

  it('is decided the same when the record is replayed', () => {
    const story = begin()
    waived(story, 'frozen')
    story.wait(8 * 86_400).seen()
    expect(replay(story.events, () => story.policy).differences).toEqual([])
  })
})

describe('of a move of which nobody told yet who made it', () => {
  it('a waiver waits, and counts for nothing where GitHub goes on saying nothing', () => {
    const story = new CoreStory(policy()).adopted('Backlog').wait(3600)
    story.know({ teams: { 'ai-safety': ['cy'] } })
    open(story)
    story.put('Staging', cy)
    story.card = { ...story.card, timeline: [] }
    story.seen()
    waived(story, 'frozen')
    const reason = () => story.move.current?.gates.find(({ name }) => name === 'frozen')?.judgement?.reason
    expect(reason()).toBe('mover-untold')
    story.wait(60).seen()
    expect(reason()).toBe('in-freeze')
    expect(story.comment).toContain('It does not count for this move: GitHub did not tell who made it.')
  })
})
