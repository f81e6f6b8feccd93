// When a budget is spent, when nobody can tell, and who may overdraw it.
import { describe, expect, it } from 'vitest'
import { recordKey } from '../../../src/core/facts/record-question.ts'
import type { Grants, Spent, Sum } from '../../../src/core/facts/spent.ts'
import { budgetGate } from '../../../src/core/gates/budget.ts'
import type { Context } from '../../../src/core/gates/gate.ts'
import { CHANGE, context, person, review } from './given.ts'

type Answer = Spent | Grants
const parse = (settings: object) => budgetGate.settings.parse(settings)

/** The gate's judgement where the record answers its question so. */
function judge(settings: object, answer: Answer | null, given: Context = context()) {
  const own = parse(settings)
  const asked = budgetGate.question(given, own)
  const query = asked.queries.find((each) => each.fact === 'record')
  const record = query?.fact === 'record' && answer ? { [recordKey(query.question)]: answer } : {}
  return budgetGate.judge({ ...given, facts: { ...given.facts, record } }, own)
}

const sum = (window: string, spent: number, requests: number, more: Partial<Sum> = {}): Sum => ({
  ...{ window, spent, requests, pieces: 1, silent: 0, unusable: 0, oldest: '2026-11-22T11:00:00.000Z' },
  ...more,
})
const empty = (window: string) => sum(window, 0, 0, { pieces: 0, oldest: null })
const spent = (...windows: Sum[]): Spent => ({ cut: false, scopes: [{ region: null, windows }] })

describe('a budget of risk', () => {
  const settings = { of: 'risk', weights: { default: 1, high: 5 }, limit: 20, window: '7d' }
  const grants = (risks: Record<string, number>): Grants => ({ cut: false, risks, oldest: null })

  it('adds this card to those that were let in', () => {
    expect(judge(settings, grants({ high: 3, low: 4 }))).toEqual({
      verdict: 'pass',
      reason: 'budget-left',
      rows: [
        {
          name: 'risk taken in 7d',
          value: 20,
          criterion: '≤ 20',
          met: true,
          note: '19 by 7 granted before, 1 by this card',
        },
      ],
    })
    expect(judge(settings, grants({ high: 3, low: 4 }), context({ risk: 'high' }))).toMatchObject({
      verdict: 'fail',
      reason: 'budget-spent',
      detail: ['risk taken in 7d is 24, and must be ≤ 20'],
    })
  })

  it('weighs each card 1 where it does not say otherwise', () => {
    expect(judge({ of: 'risk', limit: 3, window: '7d' }, grants({ high: 2 })).verdict).toBe('pass')
    expect(judge({ of: 'risk', limit: 3, window: '7d' }, grants({ high: 3 })).verdict).toBe('fail')
  })

  it('is asked for the column that the card enters', () => {
    expect(budgetGate.question(context(), parse(settings)).queries).toEqual([
      { fact: 'record', question: { of: 'grants', column: 'Staging', window: '7d' } },
    ])
  })
})

describe('a budget of errors', () => {
  const settings = { of: 'errors', metric: 'error_rate', limit: 0.001, window: '30d' }
  const windows = (long: number, short: number, hours = 1) =>
    spent(
      sum('30d', 430, 1_000_000),
      ...[sum('1h', long * 100, 100_000), sum('5m', short * 10, 10_000)],
      ...[sum('6h', hours * 600, 600_000), sum('30m', hours * 50, 50_000)],
    )

  it('tells how much of it is used, and how fast', () => {
    expect(judge(settings, windows(2.1, 3))).toEqual({
      verdict: 'pass',
      reason: 'budget-left',
      rows: [
        { name: 'error budget used in 30d, %', value: 43, criterion: '≤ 100', met: true, n: 1_000_000 },
        {
          name: 'burn rate over 1h and 5m',
          value: 2.1,
          criterion: '< 14.4',
          met: true,
          note: '1h 2.1, which is 0.292% of the budget; 5m 3',
        },
        {
          name: 'burn rate over 6h and 30m',
          value: 1,
          criterion: '< 6',
          met: true,
          note: '6h 1, which is 0.833% of the budget; 30m 1',
        },
      ],
    })
  })

  it.each([
    ['both windows of a pair reach its rate', windows(14.4, 14.4), 'fail'],
    ['only the long one does', windows(50, 14.3), 'pass'],
    ['only the short one does', windows(14.3, 50), 'pass'],
    ['another pair fires', windows(1, 1, 6), 'fail'],
  ])('where %s', (_, answer, verdict) => expect(judge(settings, answer).verdict).toBe(verdict))

  it('is spent when more went wrong than may, not when just as much did', () => {
    const whole = { ...settings, burn: [] }
    expect(judge(whole, spent(sum('30d', 1000, 1_000_000))).verdict).toBe('pass')
    expect(judge(whole, spent(sum('30d', 1001, 1_000_000)))).toMatchObject({
      verdict: 'fail',
      detail: ['error budget used in 30d, % is 100.1, and must be ≤ 100'],
    })
  })

  it('stays alarmed while nothing tells that the errors have stopped', () => {
    const answer = spent(sum('30d', 1, 1_000_000), sum('1h', 20, 1000), empty('5m'), sum('6h', 20, 9000), empty('30m'))
    expect(judge(settings, answer)).toMatchObject({ verdict: 'fail', reason: 'budget-spent' })
  })

  it.each([
    ['there was no evidence at all', spent(empty('30d')), 'no run in the last 30d handed in error_rate'],
    [
      'there was none of late',
      spent(sum('30d', 0, 1000), empty('1h'), empty('5m'), empty('6h'), empty('30m')),
      'no run in the last 6h handed in error_rate, so nothing tells how fast it is spent',
    ],
    [
      'a number in it cannot be',
      spent(sum('30d', 0, 1_000_000, { unusable: 1 }), sum('6h', 0, 10)),
      '1 of the runs in the last 30d handed in numbers that cannot be: error_rate is no share from 0 to 1 with its n',
    ],
    [
      'there is more than is read',
      { ...windows(1, 1), cut: true },
      'there is more evidence in that time than is read: shorten the window',
    ],
  ])('is not known where %s', (_, answer, why) => {
    const people = { ...settings, 'when-spent': { approvals: 1, users: ['ada'] } }
    const given = context({ reviews: [review('ada')] })
    // Nobody can approve what is not known.
    for (const own of [settings, people])
      expect(judge(own, answer, given)).toMatchObject({ verdict: 'error', reason: 'budget-unmeasured', detail: [why] })
  })

  it('is not read where the record was not asked', () => {
    expect(judge(settings, null)).toEqual({ verdict: 'wait', reason: 'unread' })
  })
})

describe('a budget of cost', () => {
  const settings = { of: 'cost', metric: 'cost_usd', limit: 500, window: '30d' }

  it('is spent when more was paid', () => {
    expect(judge(settings, spent(sum('30d', 500, 0))).verdict).toBe('pass')
    expect(judge(settings, spent(sum('30d', 500.5, 0, { silent: 2 })))).toMatchObject({
      verdict: 'fail',
      rows: [
        { name: 'cost_usd in 30d', value: 500.5, criterion: '≤ 500', met: false, note: '1 run; 2 more did not say' },
      ],
    })
  })

  it('is whole where nothing ran, and not known where no run says what it cost', () => {
    expect(judge(settings, spent(empty('30d'))).verdict).toBe('pass')
    expect(judge(settings, spent(sum('30d', 0, 0, { pieces: 0, silent: 3 })))).toMatchObject({
      verdict: 'error',
      detail: ['none of the 3 runs in the last 30d handed in cost_usd'],
    })
  })

  it('of several regions is decided by the worst', () => {
    const manifest = { environment: { name: 'production', regions: ['eu', 'us'] } }
    const given = context({ change: { ...CHANGE, manifest } })
    const own = { ...settings, by: ['environment', 'region'] }
    const regions = (eu: number, us: number): Spent => ({
      cut: false,
      scopes: [
        { region: 'eu', windows: [sum('30d', eu, 0)] },
        { region: 'us', windows: [sum('30d', us, 0)] },
      ],
    })
    expect(budgetGate.question(given, parse(own)).queries).toEqual([
      {
        fact: 'record',
        question: {
          ...{ of: 'spent', budget: 'cost', metric: 'cost_usd', windows: ['30d'] },
          ...{ environment: 'production', regions: ['eu', 'us'] },
        },
      },
    ])
    expect(judge(own, regions(499, 10), given)).toMatchObject({ verdict: 'pass', rows: [{ value: 499 }] })
    expect(judge(own, regions(499, 501), given)).toMatchObject({
      verdict: 'fail',
      rows: [{ name: 'cost_usd in 30d (production, us)', value: 501 }],
    })
  })

  it('kept by environment is not known of a change that names none', () => {
    expect(judge({ ...settings, by: ['environment'] }, null)).toMatchObject({
      verdict: 'error',
      reason: 'budget-unmeasured',
      detail: ['the manifest names no environment, and this budget is kept for each'],
    })
    const change = { ...CHANGE, manifest: { environment: { name: 'production' } } }
    expect(judge({ ...settings, by: ['region'] }, null, context({ change })).reason).toBe('budget-unmeasured')
  })
})

describe('a spent budget that people may overdraw', () => {
  const settings = {
    ...{ of: 'cost', metric: 'cost_usd', limit: 500, window: '30d' },
    'when-spent': { approvals: 1, teams: ['ai-safety'] },
  }
  const tooMuch = spent(sum('30d', 501, 0))

  it('waits for them, and looks again when the oldest cost leaves the window', () => {
    expect(judge(settings, tooMuch)).toMatchObject({
      verdict: 'wait',
      reason: 'budget-approvals-missing',
      until: '2026-12-22T11:00:00.000Z',
      rows: [
        { name: 'cost_usd in 30d', met: false },
        { name: 'approvals', value: 0, criterion: '≥ 1 of team ai-safety' },
      ],
    })
  })

  it('passes with their approval of this very change, and shows the budget all the same', () => {
    expect(judge(settings, tooMuch, context({ reviews: [review('ada')] }))).toMatchObject({
      verdict: 'pass',
      reason: 'budget-spent-approved',
      detail: ['ada approved (team ai-safety)'],
      rows: [{ name: 'cost_usd in 30d', met: false }, { value: 1 }],
    })
  })

  it.each([
    ['the author', 'bo', 'bo is not among those who may approve (team ai-safety)', ['ada']],
    ['a member who wrote the change', 'cy', 'cy wrote the change', ['ada', 'cy']],
    ['a member who moved the card', 'dot', 'dot moved the card', ['ada', 'dot']],
  ])('does not take the word of %s', (_, login, why, members) => {
    const facts = { ...context().facts, teams: { 'ai-safety': members } }
    expect(judge(settings, tooMuch, context({ facts, reviews: [review(login)] }))).toMatchObject({
      verdict: 'wait',
      detail: [why],
    })
  })

  it('fails where one of them objects, and is an error where the team is unknown', () => {
    const objection = context({ reviews: [review('ada', 'CHANGES_REQUESTED')] })
    expect(judge(settings, tooMuch, objection)).toMatchObject({ verdict: 'fail', reason: 'changes-requested' })
    const facts = { ...context().facts, teams: { 'ai-safety': null } }
    expect(judge(settings, tooMuch, context({ facts }))).toMatchObject({ verdict: 'error', reason: 'team-unknown' })
  })

  it('asks nobody while there is budget', () => {
    expect(
      judge(
        settings,
        spent(sum('30d', 1, 0)),
        context({ approvals: [], move: { from: null, to: 'X', by: person('dot') } }),
      ),
    ).toMatchObject({ verdict: 'pass', reason: 'budget-left' })
  })
})

describe('the settings', () => {
  const errors = { of: 'errors', metric: 'error_rate', limit: 0.001, window: '30d' }
  const said = (settings: object) =>
    budgetGate.settings.safeParse(settings).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)

  it.each([
    [{ ...errors, metric: undefined }, 'of: A budget of `errors` needs its `metric`: the name it has in the evidence.'],
    [
      { ...errors, limit: 99.9 },
      'limit: Of `errors`, `limit` is the share that may go wrong: less than 1, as in `0.001` for 99.9%.',
    ],
    [{ ...errors, weights: { default: 1 } }, 'weights: `weights` says nothing about a budget of `errors`.'],
    [{ of: 'risk', limit: 1, window: '7d', by: ['region'] }, 'by: `by` says nothing about a budget of `risk`.'],
    [
      { of: 'risk', limit: 1, window: '7d', weights: { high: 2 } },
      'weights: Say what a card of any other risk weighs: `default`.',
    ],
    [
      { ...errors, window: '1d', burn: [{ rate: 1, long: '3d', short: '6h' }] },
      'burn.0.long: `long` (3d) looks further back than the budget’s `window` (1d).',
    ],
    [
      { ...errors, window: '1h' },
      'window: `window` (1h) is shorter than the burn windows that hold without `burn` (6h): name your own.',
    ],
    [
      { ...errors, burn: [{ rate: 1, long: '1h', short: '60m' }] },
      'burn.0.short: `short` must be shorter than `long`: it tells whether the errors have stopped.',
    ],
    [
      { ...errors, window: 'a month' },
      'window: Write a length of time as a whole number and `m`, `h` or `d`, as in `5m`, `1h` or `30d`.',
    ],
    [{ ...errors, 'when-spent': { approvals: 1 } }, 'when-spent: An approval must say whose: name `teams` or `users`.'],
    [
      { ...errors, 'when-spent': { approvals: 2, users: ['ada'] } },
      'when-spent: `approvals` asks for more people than `users` names.',
    ],
  ])('%j', (settings, problem) => expect(said(settings)).toEqual([problem]))
})
