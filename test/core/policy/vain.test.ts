// Rules that can never apply or always pass are named, each at its place; those that may matter are not.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'

/** Line 3 holds the risks, line 4 the kinds, line 7 the limit, line 10 the gate. */
const doubts = ({
  risk = '{ high: { labels: [h] } }',
  changes = '{ model: { label: m, requires: [model] } }',
  limit = '1',
  gate = '{ kind: files, paths: [a] }',
}) => {
  const parsed = parsePolicy(
    `version: 1
board: { project: 12 }
risk: ${risk}
changes: ${changes}
columns:
  - name: Backlog
    limit: ${limit}
  - { name: Staging, enter: [gate, always] }
gates:
  gate: ${gate}
  always: { kind: files, paths: [b] }
`,
    'p',
  )
  if (!parsed.ok) throw new Error(parsed.problems.map(sentence).join('\n'))
  return (parsed.warnings ?? []).map(sentence)
}

it('a policy of rules that may all matter leaves no doubt', () => expect(doubts({})).toEqual([]))

describe('a risk that no card has', () => {
  it.each([
    ['labels', '{ a: { labels: [x, y] }, b: { labels: [y] } }'],
    ['kinds', '{ a: { changes: [model] }, b: { changes: [model] } }'],
    ['files', '{ a: { paths: ["a/**"] }, b: { paths: ["a/**"] } }'],
    ['fields, whatever their capitals', '{ a: { fields: { Risk: [High] } }, b: { fields: { risk: [high] } } }'],
    ['several before it', '{ a: { labels: [x] }, c: { labels: [y] }, b: { labels: [x, y] } }'],
  ])('is named: by %s', (_, risk) => {
    expect(doubts({ risk })).toEqual([
      expect.stringMatching(
        /^p, line 3, column \d+: No card has the risk `b`: what would give it gives `a` before\. Write it before that one, or give it something of its own\.$/,
      ),
    ])
  })
  it('is not one that has a label, a field or a file of its own', () => {
    expect(doubts({ risk: '{ a: { labels: [x] }, b: { labels: [x, y] } }' })).toEqual([])
    expect(doubts({ risk: '{ a: { labels: [x] }, b: { labels: [x], paths: ["a/**"] } }' })).toEqual([])
    expect(doubts({ risk: '{ a: { fields: { Risk: [High] } }, b: { fields: { Size: [High] } } }' })).toEqual([])
  })
})

describe('a gate that applies to no card', () => {
  const risk = '{ top: { labels: [t] }, high: { changes: [model] }, low: { labels: [l] } }'
  const gate = (when: string) => doubts({ risk, gate: `{ kind: files, paths: [a], when: ${when} }` })
  const NAMED =
    /^p, line 10, column \d+: The gate `gate` applies to no card: none that meets the rest of `when` has this risk\. Correct `when`, or `risk`\.$/
  it.each([
    '{ changes: [model], risk: [low] }',
    '{ changes: [model], risk: [default] }',
    '{ labels: [l], risk: [default] }',
  ])('is named: %s', (when) => expect(gate(when)).toEqual([expect.stringMatching(NAMED)]))
  it.each([
    '{ changes: [model], risk: [high] }',
    // Its label may come before its kind.
    '{ changes: [model], risk: [top] }',
    '{ labels: [l], risk: [low] }',
    '{ labels: [l], risk: [high] }',
    '{ labels: [other], risk: [default] }',
  ])('is not one with %s', (when) => expect(gate(when)).toEqual([]))
})

it('a window that excepts every risk a card may have, though the policy names one more', () => {
  const window = (risks: string) =>
    doubts({
      risk: '{ a: { labels: [x] }, b: { labels: [x] } }',
      gate: `{ kind: freeze, windows: [{ cron: "0 0 * * *", minutes: 5, zone: UTC, except: { risk: [${risks}] } }] }`,
    }).filter((one) => one.includes('window'))
  expect(window('a, default')).toHaveLength(1)
  expect(window('a')).toEqual([])
  expect(window('default')).toEqual([])
})

it('a manifest of which nothing is asked', () => {
  const manifest = { gate: '{ kind: manifest }' }
  expect(doubts({ ...manifest, changes: '{ model: { label: m } }' })).toEqual([
    'p, line 10, column 3: The gate `gate` passes with any manifest: nothing says what one must hold. Give it `requires`, or the kinds of change in `changes`.',
  ])
  expect(doubts(manifest)).toEqual([])
  expect(doubts({ ...manifest, changes: '{}' })).toEqual([])
  expect(doubts({ gate: '{ kind: manifest, requires: [model] }', changes: '{ model: {} }' })).toEqual([])
})

it('a limit for some that is no smaller than the one for all', () => {
  expect(doubts({ limit: '{ total: 3, per-owner: 3, per-risk: { high: 4 } }' })).toEqual([
    'p, line 7, column 24: This limit never counts: the column holds no more than 3 cards anyway. Make it less than 3, or leave it out.',
    'p, line 7, column 50: This limit never counts: the column holds no more than 3 cards anyway. Make it less than 3, or leave it out.',
  ])
  expect(doubts({ limit: '{ total: 3, per-owner: 2, per-risk: { high: 1 } }' })).toEqual([])
})
