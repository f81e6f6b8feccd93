// Budgets as people write them: names that stand for nothing, and what can never be spent.
import { expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { combine } from '../../../src/core/policy/inherit.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'

const written = (budget: string) => `version: 1
board: { project: 12 }
risk:
  high: { labels: ["risk: high"] }
columns:
  - name: Backlog
  - { name: Production, enter: [budget] }
gates:
  budget: ${budget}
`
const said = (budget: string) => {
  const parsed = parsePolicy(written(budget), 'p')
  return (parsed.ok ? (parsed.warnings ?? []) : parsed.problems).map(sentence)
}

it('the three kinds are read as they are meant to be written', () => {
  const budgets = [
    '{ kind: budget, of: risk, weights: { default: 1, high: 5 }, limit: 20, window: 7d }',
    '{ kind: budget, of: errors, metric: error_rate, limit: 0.001, window: 30d, burn: [{ rate: 14.4, long: 1h, short: 5m }] }',
    '{ kind: budget, of: cost, metric: cost_usd, limit: 500, window: 30d, by: [environment, region], when-spent: { approvals: 2, teams: [sre] } }',
  ]
  for (const budget of budgets) expect(said(budget)).toEqual([])
})

it.each([
  [
    '{ kind: budget, of: risk, weights: { default: 1, hihg: 5 }, limit: 20, window: 7d }',
    'p, line 9, column 60: `hihg` is no risk of this policy. Did you mean `high`?',
  ],
  [
    '{ kind: budget, of: cost, metric: cost_usd, limit: 5, window: 7d, by: [environment, regoin] }',
    'p, line 9, column 95: `regoin` cannot be Entry 2 of `by`. Did you mean `region`?',
  ],
  [
    '{ kind: budget, of: cost, metric: cost_usd, limit: 5, window: 30 }',
    'p, line 9, column 73: Write a length of time as a whole number and `m`, `h` or `d`, as in `5m`, `1h` or `30d`.',
  ],
  [
    '{ kind: budget, of: errors, metric: e, limit: 0.01, window: 1d, burn: [{ rate: 1, long: 3d, short: 6h }] }',
    'p, line 9, column 99: `long` (3d) looks further back than the budget’s `window` (1d).',
  ],
  [
    '{ kind: budget, of: cost, metric: cost_usd, from: [budgt], limit: 5, window: 7d }',
    'p, line 9, column 62: `budgt` is no gate of this policy. Did you mean `budget`?',
  ],
  [
    '{ kind: budget, of: risk, from: [budget], limit: 5, window: 7d }',
    'p, line 9, column 43: `from` says nothing about a budget of `risk`.',
  ],
  [
    '{ kind: budget, of: risk, weights: { default: 1, high: 5 }, limit: 4, window: 7d }',
    'p, line 9, column 60: A card of risk `high` weighs 5, more than the whole budget of 4: none gets in. Let it weigh less, or raise `limit`.',
  ],
  [
    '{ kind: budget, of: risk, weights: { default: 0, high: 0 }, limit: 4, window: 7d }',
    'p, line 9, column 37: Every card weighs 0: `budget` always passes. Give a weight to the cards that count.',
  ],
  [
    '{ kind: budget, of: errors, metric: e, limit: 0.1, window: 30d, burn: [{ rate: 14.4, long: 1h, short: 5m }] }',
    'p, line 9, column 84: A burn rate of 14.4 is never reached: with `limit` 0.1, 10 is that of errors alone. Name a lower rate.',
  ],
])('%s', (budget, problem) => expect(said(budget)).toEqual([problem]))

it('one of errors is doubted where evaluations hand in its metric, too', () => {
  const beside = (metric: string, asked: string) =>
    said(
      `{ kind: budget, of: errors, metric: ${metric}, limit: 0.001, window: 30d }\n  eval: { kind: evaluation, workflow: e.yml, metrics: { ${asked}: { min: 0 } } }`,
    ).filter((one) => one.includes('measures'))
  const told = (metric: string) => [
    `p, line 9, column 39: The gate \`eval\` measures \`${metric}\`, too: what its test cases tell counts into this budget. Name the workflows that count in \`from\`, or let the service’s have another name, as in \`service_errors\`.`,
  ]
  expect(beside('failed', 'failed')).toEqual(told('failed'))
  // The action `evaluate` hands this one in though no gate asks for it.
  expect(beside('error_rate', 'accuracy')).toEqual(told('error_rate'))
  expect(beside('service_errors', 'accuracy')).toEqual([])
  expect(beside('error_rate, from: [eval]', 'accuracy')).toEqual([])
  expect(beside('toString', 'accuracy')).toEqual([])
})

it('a locked one keeps what it counts from, and what that means', () => {
  const under = `${written('{ kind: budget, of: errors, metric: e, from: [slo], limit: 0.01, window: 30d, locked: true }')}workflows: { slo: { file: slo.yml } }\n`
  const above = (more: string) => {
    const combined = combine(
      { repository: 'o/.github', path: 'o', text: under },
      { repository: 'o/r', path: 'r', text: `version: 1\n${more}` },
    )
    return combined?.ok ? [] : combined?.problems.map(({ message }) => message)
  }
  expect(above('workflows: { other: { file: o.yml } }\n')).toEqual([])
  expect(above('gates: { budget: { kind: budget, of: errors, metric: e, limit: 0.01, window: 30d } }\n')).toEqual([
    '`gates.budget.from` must stay `["slo"]`: it is locked in o/.github/o, line 9.',
  ])
  expect(above('workflows: { slo: { file: quiet.yml } }\n')).toEqual([
    '`workflows.slo.file` must stay `slo.yml`: it is locked with the gate `budget` in o/.github/o, line 9.',
  ])
})
