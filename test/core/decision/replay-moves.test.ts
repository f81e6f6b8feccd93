// What another policy would have decided about recorded moves: judged by what the record holds, and never guessed.
import { describe, expect, it } from 'vitest'
import { replayHeadline, replayLists, yieldWords } from '../../../src/core/decision/explain/replay.ts'
import { replayMoves } from '../../../src/core/decision/replay-moves.ts'
import { summarizeReplay } from '../../../src/core/decision/replay-summary.ts'
import type { ColumnRule, GateRule, Policy } from '../../../src/core/policy/policy.ts'
import { CoreStory, column, cy, gate, policyOf } from '../../support/core-story.ts'

type Gates = Record<string, Omit<GateRule, 'name'>>

const evaluation = (metrics: object, more: object = {}, rule: Partial<GateRule> = {}) =>
  gate('evaluation', { workflow: 'evaluate.yml', metrics, ...more }, rule)

/** Backlog, and Staging behind the gates that are named. */
const policy = (gates: Gates, staging: Partial<ColumnRule> = {}, more: Partial<Policy> = {}) =>
  policyOf([column('Backlog'), column('Staging', { enter: Object.keys(gates), ...staging })], gates, more)

const recordedPolicy = policy({ eval: evaluation({ accuracy: { min: 0.9 } }) })

/** A move to Staging, granted for an accuracy of 0.93, or refused for less. */
function measured(accuracy = 0.93, before: (story: CoreStory) => unknown = () => undefined): CoreStory {
  const story = new CoreStory(recordedPolicy).adopted('Backlog')
  before(story)
  story.moved('Staging')
  story.measured('eval', { accuracy: { value: accuracy, n: 200 }, toxicity: { value: 0.01 } })
  return story
}

const under = (story: CoreStory, other: Policy) => [...replayMoves(story.events, other)]
const ruling = (story: CoreStory, other: Policy) => under(story, other)[0]?.ruling

describe('a recorded move under another policy', () => {
  it('is decided as it was under its own', () => {
    const story = measured()
    story.moved('Backlog')
    story.moved('Staging')
    const moves = under(story, story.policy)
    expect(moves.map((move) => [move.to, move.recorded, move.ruling.outcome])).toEqual([
      ['Staging', 'granted', 'granted'],
      ['Backlog', 'granted', 'granted'],
      ['Staging', 'granted', 'granted'],
    ])
  })

  it('is refused where its evidence misses the new criterion, and granted where it meets it', () => {
    const stricter = ruling(measured(0.93), policy({ eval: evaluation({ accuracy: { min: 0.95 } }) }))
    expect(stricter).toMatchObject({ outcome: 'refused', reasons: [{ gate: 'eval', reason: 'criteria-missed' }] })
    const looser = ruling(measured(0.85), policy({ eval: evaluation({ accuracy: { min: 0.8 } }) }))
    expect(looser).toMatchObject({ outcome: 'granted', reasons: [], needs: [] })
  })

  it('is judged by what was measured though nobody had asked for it', () => {
    const other = policy({ eval: evaluation({ accuracy: { min: 0.9 }, toxicity: { max: 0.005 } }) })
    expect(ruling(measured(), other)?.outcome).toBe('refused')
  })

  it('cannot be told where a metric was never asked for, but is refused where another one misses', () => {
    const other = policy({ eval: evaluation({ accuracy: { min: 0.9 }, helpfulness: { min: 0.5 } }) })
    expect(ruling(measured(0.93), other)).toMatchObject({
      outcome: 'untold',
      needs: [{ fact: 'metric', gate: 'eval', metric: 'helpfulness' }],
    })
    expect(ruling(measured(0.85), other)?.outcome).toBe('refused')
  })

  it('cannot be told by what was measured of another commit, though no manifest tells the two apart', () => {
    const story = measured(0.93, (card) => {
      card.change = null
    })
    story.moved('Backlog')
    if (story.card.pull) story.card = { ...story.card, pull: { ...story.card.pull, sha: 'b'.repeat(40) } }
    story.policy = policyOf([column('Backlog'), column('Staging')])
    story.moved('Staging')
    const outcomes = under(story, recordedPolicy).map((move) => move.ruling.outcome)
    expect(outcomes).toEqual(['granted', 'granted', 'untold'])
  })

  it('is refused where a metric was asked for and not handed in', () => {
    const story = new CoreStory(policy({ eval: evaluation({ accuracy: { min: 0.9 }, bias: { max: 1 } }) }))
    story.adopted('Backlog').moved('Staging')
    story.measured('eval', { accuracy: { value: 0.93 } })
    expect(ruling(story, story.policy)).toMatchObject({ outcome: 'refused', reasons: [{ reason: 'metric-missing' }] })
  })

  it.each([
    ['another workflow', { security: evaluation({ leaks: { max: 0 } }, { workflow: 'security.yml' }) }, 'security.yml'],
    [
      'the same gate with another workflow',
      { eval: evaluation({ accuracy: { min: 0.9 } }, { workflow: 'new.yml' }) },
      'new.yml',
    ],
    [
      'the same workflow with other input',
      { eval: evaluation({ accuracy: { min: 0.9 } }, { with: { size: 9 } }) },
      'evaluate.yml',
    ],
  ])('cannot be told where it would have needed a run of %s', (_, gates, file) => {
    expect(ruling(measured(), policy(gates))).toMatchObject({ outcome: 'untold', needs: [{ fact: 'run', file }] })
  })

  it('cannot be told where a team was not asked for, and waits where too few of its members had approved', () => {
    const approval = (count: number) => policy({ approval: gate('approval', { teams: ['safety'], count }) })
    const story = measured()
    expect(ruling(story, approval(1))).toMatchObject({ outcome: 'untold', needs: [{ fact: 'team', slug: 'safety' }] })
    const approved = new CoreStory(approval(1)).adopted('Backlog').know({ teams: { safety: ['cy', 'di'] } })
    approved.take({ kind: 'approval-given', at: approved.at, by: cy, change: 'sha256:change-1', url: 'https://x/1' })
    approved.moved('Staging')
    expect(ruling(approved, approval(1))?.outcome).toBe('granted')
    expect(ruling(approved, approval(2))).toMatchObject({
      outcome: 'waiting',
      reasons: [{ gate: 'approval', reason: 'approvals-missing' }],
    })
  })

  it('is refused by one gate that fails, whatever is not known of the others', () => {
    const other = policy({
      approval: gate('approval', { teams: ['safety'] }),
      eval: evaluation({ accuracy: { min: 0.99 } }),
    })
    expect(ruling(measured(), other)).toMatchObject({ outcome: 'refused', needs: [], reasons: [{ gate: 'eval' }] })
  })

  it('is held against a limit as the column stood when the move was asked for', () => {
    const limited = (total: number) =>
      policy({ eval: evaluation({ accuracy: { min: 0.9 } }) }, { limit: { total, perOwner: null } })
    const others = ['One', 'Two'].map((title) => ({
      ...{ item: title, title, since: '2026-11-20T10:00:00Z', assignees: [], archived: false },
    }))
    const story = measured(0.93, (told) => told.know({ columns: { Staging: others } }))
    expect(ruling(story, limited(3))?.outcome).toBe('granted')
    expect(ruling(story, limited(2))).toMatchObject({ outcome: 'refused', reasons: [{ reason: 'column-full' }] })
    expect(ruling(measured(), limited(2))).toMatchObject({
      outcome: 'untold',
      needs: [{ fact: 'column', name: 'Staging' }],
    })
  })

  it('is refused where a new column lies between', () => {
    const other = policyOf([column('Backlog'), column('Canary'), column('Staging')])
    expect(ruling(measured(), other)).toMatchObject({ outcome: 'refused', reasons: [{ reason: 'skips-columns' }] })
  })

  it('is not refused for a policy that nobody could read then', () => {
    const story = new CoreStory(policy({})).adopted('Backlog')
    story.problems = [{ message: 'This is not YAML.' }]
    story.moved('Staging')
    expect(under(story, policy({}))).toMatchObject([{ recorded: 'refused', ruling: { outcome: 'granted' } }])
  })

  it('is none of this policy where it was on another board, nor where it was not wanted', () => {
    const story = measured()
    expect(under(story, { ...story.policy, board: { project: 13, field: 'Status' } })).toEqual([])
    expect([...replayMoves(story.events, story.policy, () => false)]).toEqual([])
  })
})

describe('the summary', () => {
  const other = policy({
    eval: evaluation({ accuracy: { min: 0.92 } }),
    tone: evaluation({ toxicity: { max: 0.001 } }, {}, { enforce: false }),
    docs: gate('files', { paths: ['README.md'] }, { when: { labels: ['docs'] } }),
  })
  const stories = [measured(0.9), measured(0.95), measured(0.93)]
  const summary = summarizeReplay(
    stories.flatMap((story) => under(story, other)),
    other,
  )

  it('lists the moves that would be decided otherwise, with the reason in words', () => {
    expect(replayHeadline(summary)).toBe('Of the last 3 moves, 1 would now be refused.')
    expect(replayLists(summary, 10)).toEqual([
      `**Would now be refused**

- [acme/bot\\#\u200b7 Answer refunds better](https://github.example/acme/bot/pull/7), **\`Backlog\`** → **\`Staging\`**, granted 2026-11-23 10:01 UTC: \`eval\`: A criterion is not met: accuracy is 0\\.9, and must be ≥ 0\\.92. [record](andon://moves/${summary.refused[0]?.move})`,
    ])
    expect(replayLists({ ...summary, refused: [...summary.refused, ...summary.refused] }, 1)[0]).toMatch(
      /\n- and 1 more$/,
    )
  })

  it('says of a gate that is only shown what enforcing it would do', () => {
    const shown = policy({
      eval: evaluation({ accuracy: { min: 0.9 } }),
      strict: evaluation({ accuracy: { min: 0.94 } }, {}, { enforce: false }),
    })
    const twice = [0.93, 0.95, 0.8].map((accuracy) => {
      const story = new CoreStory(shown).adopted('Backlog')
      story.moved('Staging')
      const [first, second] = Object.values(story.move.requests).map(({ name }) => name)
      story.measured(first ?? '', { accuracy: { value: accuracy } })
      if (second) story.measured(second, { accuracy: { value: accuracy } })
      return story
    })
    const { gates, moves } = summarizeReplay(
      twice.flatMap((story) => under(story, shown)),
      shown,
    )
    expect(yieldWords(gates, moves)).toEqual([
      '`strict` is only shown: judged 3 times; enforced, it would have refused 1.',
    ])
  })

  it('takes in a run that ended after its move was settled, as a policy that enforces its gate would have', () => {
    const gates = (enforce: boolean) => ({
      docs: gate('files', { paths: ['README.md'] }),
      strict: evaluation({ accuracy: { min: 0.94 } }, {}, { enforce }),
    })
    const story = new CoreStory(policy(gates(false))).adopted('Backlog')
    story.know({ blobs: { [`acme/bot@${'a'.repeat(40)}`]: { 'README.md': 'b10b' } } }).moved('Staging')
    expect(story.move.current?.outcome).toBe('granted')
    expect(ruling(story, policy(gates(true)))?.outcome).toBe('untold')
    story.measured('strict', { accuracy: { value: 0.9 } })
    expect(ruling(story, policy(gates(true)))?.outcome).toBe('refused')
  })

  it('names gates that applied to no move', () => {
    expect(yieldWords(summary.gates, summary.moves).at(-1)).toBe('`docs` applied to none of these moves.')
  })

  it.each([
    [{}, 'Of the last 9 moves, none would be decided otherwise.'],
    [{ granted: 2 }, 'Of the last 9 moves, 2 would now be granted.'],
    [{ refused: 7, granted: 2 }, 'Of the last 9 moves, 7 would now be refused, 2 granted.'],
    [
      { refused: 1, waiting: 3, untold: 2 },
      'Of the last 9 moves, 1 would now be refused, 3 would wait, 2 cannot be told from the record.',
    ],
    [{ moves: 1 }, 'The one move recorded would be decided as it was.'],
    [{ moves: 1, refused: 1 }, 'The one move recorded would now be refused.'],
    [{ moves: 1, untold: 1 }, 'The one move recorded cannot be told from the record.'],
  ])('counts %j', (counts: Partial<Record<'moves' | 'refused' | 'granted' | 'waiting' | 'untold', number>>, words) => {
    const some = (count = 0) => Array.from({ length: count }, () => summary.refused[0] as never)
    const { moves = 9, refused, granted, waiting, untold } = counts
    expect(
      replayHeadline({
        ...{ moves, refused: some(refused), granted: some(granted), waiting: some(waiting) },
        ...{ untold: some(untold), gates: [] },
      }),
    ).toBe(words)
  })
})
