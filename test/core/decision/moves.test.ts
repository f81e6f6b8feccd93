// Stories of moves: what a card's place means, and what Andon decides about it.
import { describe, expect, it } from 'vitest'
import { recall } from '../../../src/core/decision/move.ts'
import { canonical } from '../../../src/ledger/digest.ts'
import { aChange, ada, bo, CoreStory, column, cy, gate, kinds, policyOf, SHA } from '../../support/core-story.ts'

const files = gate('files', { paths: ['README.md'] })
const blobs = (found: string | null) => ({ blobs: { [`acme/bot@${SHA}`]: { 'README.md': found } } })

const gated = () =>
  policyOf([column('Backlog'), column('Staging', { enter: ['docs'] }), column('Production', { enter: ['docs'] })], {
    docs: files,
  })

describe('a forward move', () => {
  it('is granted where the column asks nothing', () => {
    const story = new CoreStory(policyOf([column('Backlog'), column('Staging')])).adopted('Backlog')
    const decided = story.moved('Staging')
    expect(kinds(decided)).toEqual(['move-opened', 'move-granted'])
    expect(decided[1]).toMatchObject({ reason: 'no-gates', from: 'Backlog', to: 'Staging' })
    expect(story.move.home).toBe('Staging')
  })

  it('that waits says nothing new, also where the store gives keys back in another order', () => {
    const policy = policyOf([column('Backlog'), column('Staging', { enter: ['approval', 'docs'] })], {
      approval: gate('approval', { users: ['cy'] }),
      docs: files,
    })
    const story = new CoreStory(policy).adopted('Backlog').know(blobs('b10b'))
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-judged', 'gate-judged'])
    story.move = recall(JSON.parse(canonical(story.events)))
    expect(story.seen()).toEqual([])
  })

  it('first asks what it must know', () => {
    const story = new CoreStory(gated()).adopted('Backlog')
    story.put('Staging')
    expect(story.asks()).toEqual([{ fact: 'blobs', repository: 'acme/bot', sha: SHA, paths: ['README.md'] }])
  })

  it('is granted when every gate passes', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs('b10b'))
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-judged', 'move-granted'])
    expect(story.effectsOf('place-card')).toEqual([])
    expect(story.effectsOf('write-check').map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['andon', 'success'],
      ['andon / docs', 'success'],
    ])
  })

  it('is refused when a gate fails, and the card goes back where it came from', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-judged', 'move-refused'])
    expect(story.effectsOf('place-card')).toEqual([
      {
        effect: 'place-card',
        column: 'Backlog',
        expected: { column: 'Staging', since: story.card.place.since },
        why: 'return',
      },
    ])
    expect(story.effectsOf('write-check').map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['andon', 'failure'],
      ['andon / docs', 'failure'],
    ])
    expect(story.comment).toContain('Refused')
    expect(story.comment).toContain('README')
  })

  it('is not decided twice while the return is under way', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    story.moved('Staging')
    expect(story.seen()).toEqual([])
    story.placed('Backlog')
    expect(story.seen()).toEqual([])
  })

  it('is decided anew when the card is moved again after its return', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    story.moved('Staging')
    story.placed('Backlog')
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-judged', 'move-refused'])
  })

  it('is not decided about again by a read that lags behind the return', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    story.moved('Staging')
    const stale = story.card
    story.placed('Backlog')
    const fresh = story.card
    story.card = stale
    expect(story.seen()).toEqual([])
    story.card = fresh
    expect(story.move.place.column).toBe('Backlog')
  })

  it('may not pass over a column where moves go one at a time', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs('b10b'))
    expect(story.moved('Production').at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'skips-columns', detail: ['Staging'] }],
    })
  })

  it('passes the gates of every column crossed where the policy allows any step', () => {
    const policy = {
      ...policyOf(
        [
          column('Backlog', { leave: ['docs'] }),
          column('Staging', { enter: ['rest'], leave: ['docs'] }),
          column('Production', { enter: ['last'] }),
        ],
        { docs: files, rest: gate('soak', { minutes: 1 }), last: gate('soak', { minutes: 2 }) },
      ),
      moves: { forward: 'any', backward: 'any' } as const,
    }
    const story = new CoreStory(policy).adopted('Backlog').know(blobs('b10b'))
    expect(story.moved('Production')[0]).toMatchObject({
      kind: 'move-opened',
      gates: [{ name: 'docs' }, { name: 'rest' }, { name: 'last' }],
    })
  })
})

describe('a backward move', () => {
  it('is granted without a gate, and recorded', () => {
    const story = new CoreStory(gated()).adopted('Production').know(blobs(null))
    expect(story.moved('Backlog').at(-1)).toMatchObject({ kind: 'move-granted', reason: 'moved-backward' })
  })

  it('may not be used to come forward again without the gates', () => {
    const story = new CoreStory(gated()).adopted('Production').know(blobs(null))
    story.moved('Backlog')
    expect(story.moved('Staging').at(-1)).toMatchObject({ kind: 'move-refused' })
  })
})

describe('a card that comes from no column', () => {
  it('has its status cleared when it is refused', () => {
    const story = new CoreStory(gated()).know(blobs(null))
    expect(kinds(story.moved('Staging'))).toContain('move-refused')
    expect(story.effectsOf('place-card')[0]).toMatchObject({ column: null, why: 'return' })
  })

  it('may not begin behind gates it never passed', () => {
    const story = new CoreStory(gated()).know(blobs('b10b'))
    expect(story.moved('Production').at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'skips-columns' }],
    })
  })

  it('is archived again when it was restored into a column whose gates fail', () => {
    const story = new CoreStory(gated()).adopted('Staging').know(blobs(null))
    story.card = { ...story.card, archived: true }
    story.seen()
    story.card = { ...story.card, archived: false }
    expect(kinds(story.seen())).toEqual(['move-opened', 'gate-judged', 'move-refused'])
    expect(story.effectsOf('archive-card')).toHaveLength(1)
    expect(story.effectsOf('place-card')).toEqual([])
  })

  it('is recorded as moved by GitHub’s automation where the timeline says so', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    story.put('Staging', { login: 'github-project-automation[bot]', id: 5, type: 'Bot' })
    story.card = { ...story.card, timeline: story.card.timeline.map((entry) => ({ ...entry, automated: true })) }
    expect(story.seen()[0]).toMatchObject({ kind: 'move-opened', via: 'automation' })
  })
})

describe('rules that came to hold while a move waited', () => {
  const waiting = (whileWaiting: 'stay' | 'return', more = {}) =>
    policyOf([column('Backlog'), column('Staging', { enter: ['approval'], whileWaiting, ...more })], {
      approval: gate('approval', { users: ['cy'] }),
    })
  const approve = (story: CoreStory) =>
    story.take({ kind: 'approval-given', at: story.at, by: cy, change: story.change?.digest ?? '', url: 'u/1' })

  it('hold a card whose hold label was added since', () => {
    const story = new CoreStory(waiting('return')).adopted('Backlog')
    expect(kinds(story.moved('Staging'))).toContain('move-parked')
    story.placed('Backlog')
    if (story.card.content) story.card.content.labels = [{ id: 'L1', name: 'andon: hold' }]
    approve(story)
    expect(story.seen().at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'on-hold' }] })
  })

  it('grant nothing under a policy that broke since', () => {
    const story = new CoreStory(waiting('stay')).adopted('Backlog')
    story.moved('Staging')
    story.problems = [{ message: 'Unknown key.' }]
    approve(story)
    expect(story.seen().at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'policy-unreadable' }] })
  })

  it('let a card that waited at home into no column that is full by now, and move out none that stood in it', () => {
    const other = { item: 'other', title: 'Other', assignees: [], archived: false, since: '2026-11-23T10:00:05.000Z' }
    const full = { columns: { Staging: [other] } }
    const limit = { total: 1, perOwner: null }
    const story = new CoreStory(waiting('return', { limit })).adopted('Backlog').know({ columns: { Staging: [] } })
    story.moved('Staging')
    story.placed('Backlog')
    story.know(full)
    approve(story)
    expect(story.seen().at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'column-full' }] })
    const there = new CoreStory(waiting('stay', { limit })).adopted('Backlog').know({ columns: { Staging: [] } })
    there.moved('Staging')
    there.know(full)
    approve(there)
    expect(there.seen().at(-1)).toMatchObject({ kind: 'move-granted' })
  })
})

describe('rules before any gate', () => {
  it('hold a card that bears the hold label', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs('b10b'))
    if (story.card.content) story.card.content.labels = [{ id: 'L1', name: 'andon: hold' }]
    expect(story.moved('Staging').at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'on-hold' }] })
    expect(story.moved('Backlog')).toEqual([])
  })

  it('know a label in whatever case the repository writes it', () => {
    const policy = policyOf(
      [column('Backlog'), column('Staging', { enter: ['docs'] })],
      { docs: { ...files, when: { risk: ['high'] } } },
      { risk: [{ name: 'high', labels: ['risk: high'], changes: [] }] },
    )
    const story = new CoreStory(policy).adopted('Backlog').know(blobs(null))
    if (story.card.content) story.card.content.labels = [{ id: 'L1', name: 'Risk: High' }]
    expect(story.moved('Staging').at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ gate: 'docs' }] })
    const held = new CoreStory(policy).adopted('Backlog').know(blobs('b10b'))
    if (held.card.content) held.card.content.labels = [{ id: 'L2', name: 'ANDON: HOLD' }]
    expect(held.moved('Staging').at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'on-hold' }] })
  })

  it('keep drafts out of gated columns, and let them into others', () => {
    const draft = { type: 'DraftIssue' as const, content: null, pull: null, manifest: null }
    const story = new CoreStory(gated(), { card: draft, change: null }).adopted('Backlog').know(blobs('b10b'))
    expect(story.moved('Staging').at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'draft-card' }] })
    const free = new CoreStory(policyOf([column('Backlog'), column('Doing')]), { card: draft, change: null }).adopted(
      'Backlog',
    )
    expect(free.moved('Doing').at(-1)).toMatchObject({ kind: 'move-granted' })
  })

  it('refuse every forward move under a policy that cannot be read, and grant moves back', () => {
    const story = new CoreStory(gated()).adopted('Staging').know(blobs('b10b'))
    story.problems = [{ message: 'Unknown key.' }]
    expect(story.moved('Production').at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'policy-unreadable' }],
    })
    story.placed('Staging')
    expect(story.moved('Backlog').at(-1)).toMatchObject({ kind: 'move-granted' })
  })

  it('say which columns the board lacks', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs('b10b'))
    if (story.card.field)
      story.card.field.options = story.card.field.options.filter(({ name }) => name !== 'Production')
    expect(story.moved('Staging').at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'column-unknown', detail: ['Production'] }],
    })
  })
})

describe('a limit on work in progress', () => {
  const limited = (limit: { total: number | null; perOwner: number | null }) =>
    policyOf([column('Backlog'), column('Doing', { limit })])
  const inColumn = (item: string, since: string, assignees: string[] = []) => ({
    item,
    title: `Card ${item}`,
    since,
    assignees,
    archived: false,
  })

  it('sends back the card that came last', () => {
    const story = new CoreStory(limited({ total: 1, perOwner: null })).adopted('Backlog')
    story.put('Doing')
    const own = inColumn('PVTI_1', story.at)
    story.know({ columns: { Doing: [own, inColumn('PVTI_0', '2026-11-23T09:00:00Z')] } })
    expect(story.seen().at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'column-full' }] })
    expect(story.comment).toContain('Card PVTI\\_0'.replace('\\_', '_'))
  })

  it('keeps the first of two that came together', () => {
    const story = new CoreStory(limited({ total: 1, perOwner: null })).adopted('Backlog')
    story.put('Doing')
    story.know({ columns: { Doing: [inColumn('PVTI_1', story.at), inColumn('PVTI_2', story.at)] } })
    expect(story.seen().at(-1)).toMatchObject({ kind: 'move-granted' })
  })

  it('counts by owner: assignees, else the author', () => {
    const story = new CoreStory(limited({ total: null, perOwner: 1 })).adopted('Backlog')
    if (story.card.content) story.card.content.assignees = ['cy']
    story.put('Doing')
    story.know({
      columns: { Doing: [inColumn('PVTI_0', '2026-11-23T09:00:00Z', ['cy']), inColumn('PVTI_1', story.at, ['cy'])] },
    })
    expect(story.seen().at(-1)).toMatchObject({ kind: 'move-refused', reasons: [{ reason: 'column-full-for-owner' }] })
  })
})

/** The pull request has another head. */
const push = (story: CoreStory) => {
  if (story.card.pull) story.card = { ...story.card, pull: { ...story.card.pull, sha: 'b'.repeat(40) } }
}

describe('a gate that asks a workflow', () => {
  const evaluation = gate('evaluation', {
    workflow: 'evaluate.yml',
    metrics: { accuracy: { min: 0.9 } },
    'timeout-minutes': 30,
  })
  const evaluated = (gates: string[] = ['eval']) =>
    policyOf([column('Backlog'), column('Staging', { enter: gates }), column('Production', { enter: ['eval'] })], {
      eval: evaluation,
      docs: files,
      second: evaluation,
    })

  it('waits in the new column while the workflow runs, then is refused with the number', () => {
    const story = new CoreStory(evaluated()).adopted('Backlog')
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-asked', 'gate-judged'])
    expect(story.effectsOf('dispatch-workflow')[0]).toMatchObject({
      file: 'evaluate.yml',
      input: { andon: 1, gate: 'eval', kind: 'evaluation', sha: SHA, criteria: { accuracy: { min: 0.9 } } },
    })
    expect(kinds(story.measured('eval', { accuracy: { value: 0.7333, n: 60 } }))).toEqual([
      'gate-judged',
      'move-refused',
    ])
    expect(story.comment).toContain('0.7333 (n 60')
    expect(story.effectsOf('place-card')[0]).toMatchObject({ column: 'Backlog', why: 'return' })
  })

  it('is not asked while something that costs nothing fails', () => {
    const story = new CoreStory(evaluated(['eval', 'docs'])).adopted('Backlog').know(blobs(null))
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-judged', 'move-refused'])
    expect(story.effectsOf('dispatch-workflow')).toEqual([])
  })

  it('reuses what was measured of the same change, and says so at once', () => {
    const story = new CoreStory(evaluated()).adopted('Backlog')
    story.moved('Staging')
    story.measured('eval', { accuracy: { value: 0.95, n: 60 } })
    expect(story.move.home).toBe('Staging')
    expect(kinds(story.moved('Production'))).toEqual(['move-opened', 'gate-judged', 'move-granted'])
  })

  it('measures anew after a new commit', () => {
    const story = new CoreStory(evaluated()).adopted('Backlog')
    story.moved('Staging')
    story.measured('eval', { accuracy: { value: 0.95, n: 60 } })
    story.change = aChange('sha256:change-2', 'b'.repeat(40))
    push(story)
    expect(kinds(story.moved('Production'))).toEqual(['move-opened', 'gate-asked', 'gate-judged'])
  })

  it('voids what was asked when a commit comes while it waits, and cancels the old checks', () => {
    const story = new CoreStory(evaluated()).adopted('Backlog')
    story.moved('Staging')
    const first = story.effectsOf('dispatch-workflow')[0]?.request
    story.change = aChange('sha256:change-2', 'b'.repeat(40))
    push(story)
    expect(kinds(story.wait(5).seen())).toEqual(['gates-voided', 'gate-asked', 'gate-judged'])
    const checks = story.effectsOf('write-check')
    expect(checks.filter((check) => check.sha === SHA).map((check) => check.conclusion)).toEqual([
      'cancelled',
      'cancelled',
    ])
    // The old run's answer comes late and decides nothing.
    story.take({
      kind: 'evidence-received',
      at: story.at,
      request: first ?? '',
      digest: 'sha256:old',
      run: 6,
      evidence: { andon: 1, request: first ?? '', sha: SHA, metrics: { accuracy: { value: 1, n: 60 } } },
    })
    expect(story.seen()).toEqual([])
  })

  describe('of a card without a readable manifest', () => {
    const bare = () => {
      const story = new CoreStory(evaluated(), { change: null }).adopted('Backlog')
      story.moved('Staging')
      return story
    }

    it('is not asked again while the commit is the same', () => {
      const story = bare()
      story.measured('eval', { accuracy: { value: 0.95 } })
      expect(kinds(story.moved('Production'))).toEqual(['move-opened', 'gate-judged', 'move-granted'])
    })

    it('measures a new commit anew, and never passes it by what another one reached', () => {
      const story = bare()
      story.measured('eval', { accuracy: { value: 0.95 } })
      story.moved('Backlog')
      push(story)
      expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-asked', 'gate-judged'])
      expect(kinds(story.measured('eval', { accuracy: { value: 0.2 } }))).toEqual(['gate-judged', 'move-refused'])
    })

    it('measures anew what is pushed while the run is under way', () => {
      const story = bare()
      push(story)
      expect(kinds(story.wait(5).seen())).toEqual(['gates-voided', 'gate-asked', 'gate-judged'])
      const [first, second] = story.effectsOf('dispatch-workflow')
      expect([first?.input.sha, second?.input.sha]).toEqual([SHA, 'b'.repeat(40)])
    })

    it('measures the head of the default branch anew once that is another one', () => {
      const story = new CoreStory(evaluated(), { change: null, card: { pull: null } }).adopted('Backlog')
      story.moved('Staging')
      story.measured('eval', { accuracy: { value: 0.95 } })
      if (story.card.content)
        story.card = { ...story.card, content: { ...story.card.content, defaultSha: 'e'.repeat(40) } }
      expect(kinds(story.moved('Production'))).toEqual(['move-opened', 'gate-asked', 'gate-judged'])
    })
  })

  it('leaves a settled gate as it is when the run of an older commit ends after it', () => {
    const story = new CoreStory(evaluated()).adopted('Backlog')
    story.moved('Staging')
    const first = story.effectsOf('dispatch-workflow')[0]?.request ?? ''
    story.change = aChange('sha256:change-2', 'b'.repeat(40))
    push(story)
    story.wait(5).seen()
    story.measured('eval', { accuracy: { value: 0.95 } })
    story.take({
      kind: 'evidence-received',
      at: story.at,
      request: first,
      digest: 'sha256:old',
      run: 6,
      evidence: { andon: 1, request: first, sha: SHA, metrics: { accuracy: { value: 0.1 } } },
    })
    expect(story.wait(5).seen()).toEqual([])
    expect(story.move.current?.gates[0]?.judgement?.verdict).toBe('pass')
  })

  it('voids what was measured when the policy changes', () => {
    const story = new CoreStory(evaluated()).adopted('Backlog')
    story.moved('Staging')
    story.measured('eval', { accuracy: { value: 0.95, n: 60 } })
    story.policyDigest = 'sha256:policy-2'
    expect(kinds(story.moved('Production'))).toContain('gate-asked')
  })

  it('is an error when it outlives its time', () => {
    const story = new CoreStory(evaluated()).adopted('Backlog')
    story.moved('Staging')
    expect(story.wait(30 * 60 - 1).seen()).toEqual([])
    expect(story.wait(2).seen().at(-1)).toMatchObject({
      kind: 'move-refused',
      reasons: [{ reason: 'run-timed-out', gate: 'eval' }],
    })
  })

  it('does not decide where it is only shown, and its answer is recorded all the same', () => {
    const policy = policyOf([column('Backlog'), column('Staging', { enter: ['eval'] })], {
      eval: { ...evaluation, enforce: false },
    })
    const story = new CoreStory(policy).adopted('Backlog')
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-asked', 'gate-judged', 'move-granted'])
    expect(kinds(story.measured('eval', { accuracy: { value: 0.1, n: 60 } }))).toEqual(['gate-judged'])
    expect(story.move.home).toBe('Staging')
  })

  it('starts as the card arrives where the column says so, and decides at the next column', () => {
    const policy = policyOf(
      [column('Backlog'), column('Evaluation', { start: ['eval'] }), column('Staging', { enter: ['eval'] })],
      { eval: evaluation },
    )
    const story = new CoreStory(policy).adopted('Backlog')
    expect(kinds(story.moved('Evaluation'))).toEqual(['move-opened', 'move-granted', 'gate-asked'])
    expect(kinds(story.measured('eval', { accuracy: { value: 0.7, n: 60 } }))).toEqual(['gate-judged'])
    expect(story.comment).toContain('Started as the card arrived')
    expect(kinds(story.moved('Staging'))).toEqual(['move-opened', 'gate-judged', 'move-refused'])
    expect(story.effectsOf('dispatch-workflow')).toHaveLength(1)
  })
})

describe('while a move is open', () => {
  const approval = gate('approval', { count: 1, teams: ['ai-safety'], independent: true })
  const guarded = (whileWaiting: 'stay' | 'return' = 'stay') =>
    policyOf([column('Backlog'), column('Staging', { enter: ['approval'], whileWaiting }), column('Production')], {
      approval,
    })
  const team = { teams: { 'ai-safety': ['ada', 'bo', 'cy'] } }
  const approve = (story: CoreStory, by = cy) => {
    if (story.card.pull)
      story.card = {
        ...story.card,
        pull: {
          ...story.card.pull,
          reviews: [
            ...story.card.pull.reviews,
            { id: `r-${by.login}`, by, state: 'APPROVED', sha: SHA, at: story.at, url: 'https://github.example/r' },
          ],
        },
      }
  }

  it('a second move supersedes the first', () => {
    const story = new CoreStory(guarded()).adopted('Backlog').know(team)
    story.moved('Staging')
    const decided = story.moved('Production')
    expect(kinds(decided).slice(0, 2)).toEqual(['move-ended', 'move-opened'])
    expect(story.effectsOf('write-check').some((check) => check.conclusion === 'cancelled')).toBe(true)
  })

  it('taking the card back withdraws it', () => {
    const story = new CoreStory(guarded()).adopted('Backlog').know(team)
    story.moved('Staging')
    expect(story.moved('Backlog')).toMatchObject([{ kind: 'move-ended', outcome: 'withdrawn' }])
  })

  it('the author’s approval does not count, nor the mover’s, and the right one does', () => {
    const story = new CoreStory(guarded()).adopted('Backlog').know(team)
    story.moved('Staging', ada)
    approve(story, bo)
    approve(story, ada)
    story.wait(1).seen()
    expect(story.move.current?.outcome).toBeNull()
    approve(story, cy)
    expect(kinds(story.wait(1).seen())).toEqual(['gate-judged', 'move-granted'])
  })

  it('goes back while it waits where the policy says so, and comes forward by itself', () => {
    const story = new CoreStory(guarded('return')).adopted('Backlog').know(team)
    expect(kinds(story.moved('Staging', ada)).at(-1)).toBe('move-parked')
    expect(story.effectsOf('place-card')[0]).toMatchObject({ column: 'Backlog', why: 'return' })
    story.placed('Backlog')
    expect(story.seen()).toEqual([])
    approve(story, cy)
    expect(kinds(story.wait(1).seen())).toEqual(['gate-judged', 'move-granted'])
    expect(story.effectsOf('place-card')[0]).toMatchObject({ column: 'Staging', why: 'advance' })
    expect(story.seen()).toEqual([])
    story.placed('Staging')
    expect(story.move.home).toBe('Staging')
    expect(story.seen()).toEqual([])
  })

  it('approvals given under another policy do not count, objections do', () => {
    const story = new CoreStory(guarded()).adopted('Backlog').know(team)
    story.moved('Staging', ada)
    approve(story, cy)
    story.wait(1)
    story.policyDigest = 'sha256:policy-2'
    story.policySince = story.at
    story.seen()
    expect(story.move.current?.outcome).toBeNull()
    story.wait(1)
    approve(story, cy)
    expect(kinds(story.seen())).toContain('move-granted')
  })

  it('a review of the manifest as it was before an edit does not count', () => {
    const story = new CoreStory(guarded()).adopted('Backlog').know(team)
    story.moved('Staging', ada)
    approve(story, cy)
    story.wait(1)
    story.change = aChange('sha256:change-edited')
    expect(kinds(story.seen())).not.toContain('move-granted')
    story.wait(1)
    approve(story, cy)
    expect(kinds(story.seen())).toContain('move-granted')
  })
})

describe('asking by label or command', () => {
  it('moves the card as if its adder had dragged it', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs('b10b'))
    story.take({ kind: 'move-asked', at: story.at, to: 'Staging', by: cy, via: 'label', label: 'promote: staging' })
    expect(story.seen()).toMatchObject([
      { kind: 'move-opened', by: cy, via: 'label' },
      { kind: 'gate-judged' },
      { kind: 'move-granted' },
    ])
    expect(story.effectsOf('place-card')[0]).toMatchObject({ column: 'Staging' })
    expect(story.effectsOf('remove-label')).toEqual([{ effect: 'remove-label', label: 'promote: staging' }])
    story.placed('Staging')
    expect(story.seen()).toEqual([])
  })

  it('leaves the card where it is when what was asked by label is refused', () => {
    const story = new CoreStory(gated()).adopted('Backlog').know(blobs(null))
    story.take({ kind: 'move-asked', at: story.at, to: 'Staging', by: cy, via: 'label', label: 'promote: staging' })
    expect(kinds(story.seen())).toContain('move-refused')
    expect(story.move.placing).toBeNull()
    expect(story.move.home).toBe('Backlog')
  })
})
