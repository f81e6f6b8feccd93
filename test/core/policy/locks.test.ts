// What the organization has locked: a repository may tighten it, and every way to loosen it is refused with both places.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { combine } from '../../../src/core/policy/inherit.ts'

const LOCKED = `version: 1
board: { project: 12 }
columns:
  - name: Todo
  - name: Staging
    limit: 3
    movers: { teams: [ml] }
    enter: [eval]
    locked: true
  - name: Live
    enter: [approval, eval]
    leave: [soak]
    while-waiting: return
    locked: true
gates:
  eval: { kind: evaluation, workflow: e.yml, metrics: { accuracy: { min: 0.9 }, toxicity: { max: 0.01 } } }
  approval: { kind: approval, teams: [safety, privacy], count: 2, independent: true, when: { risk: [high] } }
  soak: { kind: soak, minutes: 60 }
  ready: { kind: manifest, requires: [model, datasets], locked: true }
  free: { kind: soak, minutes: 5 }
  tone: { kind: soak, minutes: 5, waive: { teams: [safety] }, locked: true }
  cost: { kind: budget, of: cost, metric: cost_usd, limit: 100, window: 7d, locked: true }
risk:
  high: { labels: ["risk: high"], changes: [model] }
changes:
  model: { label: "change: model", requires: [model] }
moves: { locked: true }
`

const problems = (over: string, under = LOCKED) => {
  const combined = combine(
    { repository: 'acme/.github', path: 'andon.yml', text: under },
    { repository: 'acme/bot', path: 'andon.yml', text: `version: 1\n${over}` },
  )
  return combined === null || combined.ok ? [] : combined.problems.map(sentence)
}
const gates = (gate: string) => `gates:\n  ${gate}\n`
const columns = (...lines: string[]) => `columns:\n${lines.map((line) => `  - ${line}\n`).join('')}`

const STAGING = '{ name: Staging, limit: 3, enter: [eval], movers: { teams: [ml] } }'
const LIVE = '{ name: Live, enter: [approval, eval], leave: [soak], while-waiting: return }'

describe('a repository may tighten what is locked:', () => {
  it.each([
    [
      'higher minima, lower maxima, more metrics',
      gates(
        'eval: { kind: evaluation, workflow: e.yml, metrics: { accuracy: { min: 0.92, max: 1 }, toxicity: { max: 0.001 }, tone: { min: 0.5 } } }',
      ),
    ],
    [
      'more approvers of fewer teams, for more cards',
      gates(
        'approval: { kind: approval, teams: [safety], count: 3, independent: true, when: { risk: [high, default] } }',
      ),
    ],
    ['a gate for every card', gates('approval: { kind: approval, teams: [safety], count: 2, independent: true }')],
    ['more sections of the manifest', gates('ready: { kind: manifest, requires: [rollback, datasets, model] }')],
    [
      'more gates, smaller limits, more columns',
      `${columns('{ name: Todo }', '{ name: Staging, limit: { total: 2, per-owner: 1 }, enter: [free, eval], movers: { teams: [ml] } }', '{ name: Canary }', LIVE)}`,
    ],
    ['more risks, after those that a locked rule asks for', 'risk: { low: { labels: [docs] } }\n'],
    [
      'more sections of a kind of change',
      'changes: { model: { label: "change: model", requires: [model, rollback] } }\n',
    ],
    ['labels that ask for a move', 'labels: { hold: stop, move: { ship: Live } }\n'],
    ['an agent of its own', 'agents: { helper: { login: "helper[bot]" } }\n'],
    ['what is not locked at all', gates('free: { kind: soak, minutes: 1 }')],
    ['another board', 'board: { project: 14, field: Stage }\n'],
  ])('%s', (_, over) => expect(problems(over)).toEqual([]))
})

describe('a repository may not loosen what is locked:', () => {
  it.each([
    [
      'a lower minimum',
      gates(
        'eval: { kind: evaluation, workflow: e.yml, metrics: { accuracy: { min: 0.85 }, toxicity: { max: 0.01 } } }',
      ),
      'line 3, column 74: `gates.eval.metrics.accuracy.min` must be at least 0.9: it is locked with the column `Staging` in acme/.github/andon.yml, line 5. A locked rule may be tightened here, and loosened only where it is locked.',
    ],
    [
      'a higher maximum',
      gates(
        'eval: { kind: evaluation, workflow: e.yml, metrics: { accuracy: { min: 0.9 }, toxicity: { max: 0.02 } } }',
      ),
      '`gates.eval.metrics.toxicity.max` must be at most 0.01',
    ],
    [
      'a metric left out',
      gates('eval: { kind: evaluation, workflow: e.yml, metrics: { accuracy: { min: 0.9 } } }'),
      '`gates.eval.metrics.toxicity` must not be left out',
    ],
    [
      'another workflow',
      gates(
        'eval: { kind: evaluation, workflow: easy.yml, metrics: { accuracy: { min: 0.9 }, toxicity: { max: 0.01 } } }',
      ),
      '`gates.eval.workflow` must stay `e.yml`',
    ],
    ['another kind of gate', gates('ready: { kind: soak, minutes: 1 }'), '`gates.ready.kind` must stay `manifest`'],
    [
      'a gate that only shows',
      gates('ready: { kind: manifest, requires: [model, datasets], enforce: false }'),
      '`gates.ready.enforce` must stay `true`',
    ],
    [
      'a gate for fewer cards',
      gates('ready: { kind: manifest, requires: [model, datasets], when: { labels: [careful] } }'),
      '`gates.ready.when` must not be limited by `when`',
    ],
    [
      'one more condition',
      gates(
        'approval: { kind: approval, teams: [safety, privacy], count: 2, independent: true, when: { risk: [high], labels: [x] } }',
      ),
      '`gates.approval.when.labels` must not be a condition',
    ],
    [
      'other people, fewer of them, not independent',
      gates('approval: { kind: approval, teams: [safety, friends], count: 1, when: { risk: [high] } }'),
      '`gates.approval.teams` must not add `friends`',
    ],
    ['a shorter soak', gates('soak: { kind: soak, minutes: 5 }'), '`gates.soak.minutes` must be at least 60'],
    [
      'more movers',
      columns('{ name: Todo }', STAGING.replace('[ml]', '[ml, friends]'), LIVE),
      '`columns[1].movers.teams` must not add `friends`',
    ],
    [
      'a larger budget',
      gates('cost: { kind: budget, of: cost, metric: cost_usd, limit: 101, window: 7d }'),
      '`gates.cost.limit` must be at most 100',
    ],
    [
      'a spent budget that lets cards through',
      gates(
        'cost: { kind: budget, of: cost, metric: cost_usd, limit: 90, window: 7d, when-spent: { approvals: 1, teams: [friends] } }',
      ),
      '`gates.cost.when-spent` must not be there',
    ],
    [
      'more who may waive',
      gates('tone: { kind: soak, minutes: 5, waive: { teams: [safety, friends] } }'),
      '`gates.tone.waive.teams` must not add `friends`',
    ],
    [
      'a gate that may be waived',
      gates('soak: { kind: soak, minutes: 60, waive: { teams: [safety] } }'),
      '`gates.soak.waive` must not be there: nobody may waive this gate',
    ],
    [
      'longer waivers than there are where nobody says how long',
      'waivers: { longest-days: 31, most-open: 3 }\n',
      '`waivers.longest-days` must be at most 30: it is locked with the gate `tone` in acme/.github/andon.yml, line 21.',
    ],
    [
      'a section less',
      gates('ready: { kind: manifest, requires: [model] }'),
      '`gates.ready.requires` must keep `datasets`: it is locked in acme/.github/andon.yml, line 19.',
    ],
    ['a column left out', columns('{ name: Todo }', STAGING), 'line 3, column 3: `columns` must hold `Live`'],
    [
      'columns in another order',
      columns('{ name: Todo }', LIVE, STAGING),
      '`columns[1]` must come after `Staging`: it is locked in acme/.github/andon.yml, line 10.',
    ],
    [
      'a gate less',
      columns('{ name: Todo }', STAGING, LIVE.replace('[approval, eval]', '[eval]')),
      '`columns[2].enter` must keep `approval`',
    ],
    [
      'a larger limit',
      columns('{ name: Todo }', STAGING.replace('3', '4'), LIVE),
      '`columns[1].limit.total` must be at most 3',
    ],
    [
      'no limit',
      columns('{ name: Todo }', STAGING.replace(' limit: 3,', ''), LIVE),
      '`columns[1].limit.total` must stay, as `3`',
    ],
    [
      'a card that waits in the column',
      columns('{ name: Todo }', STAGING, LIVE.replace(', while-waiting: return', '')),
      '`columns[2].while-waiting` must stay `return`',
    ],
    [
      'a risk of fewer cards, which a locked gate asks for',
      'risk: { high: { labels: [other], changes: [model] } }\n',
      '`risk.high.labels` must stay `["risk: high"]`: it is locked with the column `Live` in acme/.github/andon.yml, line 10.',
    ],
    [
      'a risk of more cards, which then meet other gates',
      'risk: { high: { labels: ["risk: high", urgent], changes: [model] } }\n',
      '`risk.high.labels` must stay `["risk: high"]`',
    ],
    ['longer strides', 'moves: { forward: any }\n', '`moves.forward` must stay `next`'],
    [
      'another field of the same board',
      'board: { project: 12, field: Stage }\n',
      '`board.field` must stay `Status`: it is locked in acme/.github/andon.yml, line 2.',
    ],
    [
      'fewer repositories of the same board',
      'board: { project: 12, repositories: [other] }\n',
      '`board.repositories` must not be limited',
    ],
  ])('%s', (_, over, told) => expect(problems(over).join('\n')).toContain(told))

  it('all at once', () => {
    const over = gates('approval: { kind: approval, teams: [friends], count: 1, independent: false }')
    expect(problems(over).map((text) => /`(gates[^`]*)`/.exec(text)?.[1])).toEqual([
      'gates.approval.teams',
      'gates.approval.count',
      'gates.approval.independent',
    ])
  })

  it('anything, where the whole file is locked', () => {
    const all = LOCKED.replaceAll(/^ {4}locked: true\n/gm, '').replace('version: 1\n', 'version: 1\nlocked: true\n')
    expect(problems(gates('free: { kind: soak, minutes: 1 }'), all).join()).toContain(
      '`gates.free.minutes` must be at least 5',
    )
    expect(problems(columns('{ name: Todo }'), all).join()).toContain('`columns` must hold `Staging`')
  })

  it('in a file that it extends, either', () => {
    const combined = combine(
      { repository: 'acme/.github', path: 'andon.yml', text: LOCKED },
      { repository: 'acme/bot', path: 'andon.yml', text: 'version: 1\nextends: policies/easy.yml\n' },
      {
        presets: {},
        organization: [
          {
            repository: 'acme/.github',
            path: 'policies/easy.yml',
            text: 'version: 1\ngates: { soak: { kind: soak, minutes: 1 } }\n',
          },
        ],
      },
    )
    expect(combined?.ok === false && combined.problems.map(sentence).join()).toContain(
      'acme/.github/policies/easy.yml, line 2, column 39: `gates.soak.minutes` must be at least 60',
    )
  })
})

it('a lock is no part of the policy in force: its digest binds approvals, and stays the same', () => {
  const read = (text: string) => {
    const combined = combine(null, { repository: 'acme/bot', path: 'andon.yml', text })
    return combined?.ok ? combined.value : combined
  }
  expect(read(LOCKED)).toEqual(read(LOCKED.replaceAll(/,? *locked: true/g, '').replace('moves: { }\n', '')))
})
