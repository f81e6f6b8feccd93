// Who may approve, for what, and who only seems to.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Review } from '../../../src/core/facts/card.ts'
import { approvalGate } from '../../../src/core/gates/approval.ts'
import type { Context } from '../../../src/core/gates/gate.ts'
import { CHANGE, context, OLD_SHA, person, review } from './given.ts'

const settings = (more: object = {}) => approvalGate.settings.parse({ teams: ['ai-safety'], ...more })
const judge = (given: Context, more: object = {}) => approvalGate.judge(given, settings(more))

describe('an approval counts', () => {
  it('when a member of the team reviewed the commit under test', () => {
    const judged = judge(context({ reviews: [review('ada')] }))
    expect(judged).toMatchObject({
      verdict: 'pass',
      reason: 'approvals-given',
      detail: ['ada approved (team ai-safety)'],
    })
    expect(judged.rows).toEqual([{ name: 'approvals', value: 1, criterion: '≥ 1 of team ai-safety', met: true }])
  })

  it('when given by command for the present change', () => {
    const approvals = [{ by: person('ada'), at: '2026-11-22T11:00:00Z', change: CHANGE.digest, url: 'u' }]
    expect(judge(context({ approvals })).verdict).toBe('pass')
  })

  it('for a person named by login, whatever the case', () => {
    expect(judge(context({ reviews: [review('eve')] }), { teams: [], users: ['EVE'] }).verdict).toBe('pass')
  })

  it('of the author, where independence is not asked for', () => {
    expect(judge(context({ reviews: [review('cy')] })).verdict).toBe('pass')
  })
})

describe('an approval does not count', () => {
  const bot = { login: 'ada', id: 9, type: 'Bot' as const }
  const unknown = { login: 'ada', id: 0, type: 'Unknown' as const }
  const cases: [string, Context, object, string][] = [
    ['from a bot that bears a member’s login', context({ reviews: [review(bot)] }), {}, 'ada is a bot'],
    [
      'from an account GitHub cannot tell',
      context({ reviews: [review(unknown)] }),
      {},
      'ada could not be told to be a person',
    ],
    [
      'from a stranger',
      context({ reviews: [review('mallory')] }),
      {},
      'mallory is not among those who may approve (team ai-safety)',
    ],
    [
      'of an older commit',
      context({ reviews: [review('ada', 'APPROVED', { sha: OLD_SHA })] }),
      {},
      'ada approved an older commit',
    ],
    [
      'of a commit that GitHub has lost',
      context({ reviews: [review('ada', 'APPROVED', { sha: null })] }),
      {},
      'ada approved an older commit',
    ],
    [
      'after it was dismissed',
      context({ reviews: [review('ada', 'DISMISSED')] }),
      {},
      'ada had approved or asked for changes, and that review was dismissed',
    ],
    [
      'from the pull request’s author',
      context({ reviews: [review('bo')] }),
      { independent: true },
      'bo opened the pull request',
    ],
    [
      'from an author of its commits',
      context({ reviews: [review('cy')] }),
      { independent: true },
      'cy wrote the change',
    ],
    [
      'from the one who moved the card',
      context({ reviews: [review('dot')] }),
      { independent: true },
      'dot moved the card',
    ],
    [
      'given before the manifest was edited',
      context({ reviews: [review('ada')], reviewed: { R_ada: 'sha256:before' } }),
      {},
      'ada approved the change before its manifest was edited',
    ],
    [
      'of which nobody can tell what its giver saw',
      context({ reviews: [review('ada')], reviewed: {} }),
      {},
      'ada approved the change before its description was edited',
    ],
    [
      'by command for another change',
      context({ approvals: [{ by: person('ada'), at: '2026-11-22T11:00:00Z', change: 'sha256:other', url: 'u' }] }),
      {},
      'ada approved another change',
    ],
    [
      'by review under an earlier policy',
      context({ reviews: [review('ada')], policySince: '2026-11-22T10:00:00.001Z' }),
      {},
      'ada approved the change under an earlier policy',
    ],
    [
      'by command under an earlier policy',
      context({
        approvals: [{ by: person('ada'), at: '2026-11-22T11:00:00Z', change: CHANGE.digest, url: 'u' }],
        policySince: '2026-11-22T11:30:00Z',
      }),
      {},
      'ada approved the change under an earlier policy',
    ],
    [
      'while there is no manifest',
      context({ reviews: [review('ada')], change: null }),
      {},
      'ada approved a change that is not resolved',
    ],
    [
      'while a part of the change is unknown',
      context({
        reviews: [review('ada')],
        change: { ...CHANGE, parts: [{ key: 'model', section: 'model', name: 'x', path: null, digest: null }] },
      }),
      {},
      'ada approved a change that is not resolved',
    ],
  ]
  it.each(cases)('%s', (_, given, more, why) => {
    expect(judge(given, more)).toMatchObject({ verdict: 'wait', reason: 'approvals-missing', detail: [why] })
  })

  it('from the issue’s author where there is no pull request', () => {
    const content = { author: person('ada') } as NonNullable<Context['card']['content']>
    const given = context({
      card: { pull: null, content },
      approvals: [{ by: person('ada'), at: '2026-11-22T11:00:00Z', change: CHANGE.digest, url: 'u' }],
    })
    expect(judge(given, { independent: true }).detail).toEqual(['ada opened the issue'])
  })

  it('from the issue’s author where the issue declares what the pull request of another brings', () => {
    const content = { type: 'Issue', author: person('ada') } as NonNullable<Context['card']['content']>
    const judged = (source: 'issue' | 'pull-request') => {
      const card = { content, manifest: { source, text: 'kind: x', line: 1 } }
      return judge(context({ reviews: [review('ada')], card }), { independent: true })
    }
    expect(judged('issue')).toMatchObject({ verdict: 'wait', detail: ['ada opened the issue'] })
    expect(judged('pull-request').verdict).toBe('pass')
  })

  it('twice from the same person', () => {
    const approvals = [{ by: person('ada'), at: '2026-11-22T11:00:00Z', change: CHANGE.digest, url: 'u' }]
    const judged = judge(context({ reviews: [review('ada')], approvals }), { count: 2 })
    expect(judged).toMatchObject({
      verdict: 'wait',
      rows: [{ value: 1, criterion: '≥ 2 of team ai-safety', met: false }],
    })
  })
})

describe('a person’s last word', () => {
  it('asks for changes: the gate fails', () => {
    const reviews = [review('ada'), review('ada', 'CHANGES_REQUESTED', { at: '2026-11-22T10:30:00Z' }), review('dot')]
    expect(judge(context({ reviews }))).toMatchObject({
      verdict: 'fail',
      reason: 'changes-requested',
      detail: ['ada asked for changes', 'dot approved (team ai-safety)'],
    })
  })

  it('approves after having asked for changes', () => {
    const reviews = [review('ada', 'APPROVED', { at: '2026-11-22T10:30:00Z' }), review('ada', 'CHANGES_REQUESTED')]
    expect(judge(context({ reviews })).verdict).toBe('pass')
  })

  it('is not a comment', () => {
    const reviews = [review('ada'), review('ada', 'COMMENTED', { at: '2026-11-22T10:30:00Z' })]
    expect(judge(context({ reviews })).verdict).toBe('pass')
  })

  it('cannot block where its speaker could not approve', () => {
    expect(judge(context({ reviews: [review('ada'), review('mallory', 'CHANGES_REQUESTED')] })).verdict).toBe('pass')
  })
})

describe('teams', () => {
  it('that do not exist are an error that names them', () => {
    const facts = { ...context().facts, teams: { 'ai-safety': ['ada'], ghosts: null } }
    expect(judge(context({ reviews: [review('ada')], facts }), { teams: ['ai-safety', 'ghosts'] })).toEqual({
      verdict: 'error',
      reason: 'team-unknown',
      detail: ['ghosts'],
    })
  })

  it('that were not read yet leave the gate open, even with a name every object has', () => {
    expect(judge(context({ reviews: [review('ada')] }), { teams: ['constructor'] })).toEqual({
      verdict: 'wait',
      reason: 'unread',
    })
  })

  it('or users must be named', () => {
    expect(approvalGate.settings.safeParse({ count: 1 }).success).toBe(false)
    expect(approvalGate.settings.safeParse({ count: 2, users: ['ada'] }).success).toBe(false)
  })
})

it('more approvals never turn a pass into anything else', () => {
  const anyReview = fc.record({
    login: fc.constantFrom('ada', 'bo', 'cy', 'dot', 'eve', 'mallory'),
    state: fc.constantFrom<Review['state']>('APPROVED', 'COMMENTED', 'DISMISSED', 'PENDING'),
    sha: fc.constantFrom('a'.repeat(40), OLD_SHA, null),
    minute: fc.integer({ min: 10, max: 59 }),
  })
  const toReview = (one: { login: string; state: Review['state']; sha: string | null; minute: number }) =>
    review(one.login, one.state, { sha: one.sha, at: `2026-11-22T10:${one.minute}:00Z` })
  fc.assert(
    fc.property(
      fc.array(anyReview, { maxLength: 12 }),
      fc.constantFrom('ada', 'eve'),
      fc.integer({ min: 1, max: 3 }),
      (reviews, login, count) => {
        const before = context({ reviews: reviews.map(toReview) })
        const after = context({
          reviews: [...reviews.map(toReview), review(login, 'APPROVED', { at: '2026-11-22T11:00:00Z' })],
        })
        const value = (given: Context) => judge(given, { count }).rows?.[0]?.value ?? 0
        expect(value(after)).toBeGreaterThanOrEqual(value(before))
        if (judge(before, { count }).verdict === 'pass') expect(judge(after, { count }).verdict).toBe('pass')
      },
    ),
  )
})
