// What a policy says of the emergency lane.
import { expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'

const file = (emergency: string) => `version: 1
board: { project: 1 }
columns: [{ name: Backlog }, { name: Staging, enter: [offline-eval] }]
gates: { offline-eval: { kind: soak, minutes: 5 } }
${emergency}`

const said = (text: string) => {
  const checked = parsePolicy(text, 'p')
  return (checked.ok ? (checked.warnings ?? []) : checked.problems).map(sentence)
}

it('is read with its defaults, and a policy without one is what it always was', () => {
  const without = parsePolicy(file(''))
  expect(without.ok && Object.keys(without.value)).not.toContain('emergency')
  expect(parsePolicy(file('emergency: { teams: [x], skips: [offline-eval] }'))).toMatchObject({
    ok: true,
    value: {
      emergency: {
        label: 'andon: emergency',
        teams: ['x'],
        skips: ['offline-eval'],
        reviewHours: 48,
        issue: { labels: [] },
      },
    },
  })
})

it.each([
  ['emergency: { skips: [offline-eval] }', 'p, line 5, column 1: `teams` is missing.'],
  ['emergency: { teams: [x], skips: [] }', '`skips` must have at least 1 entry.'],
  [
    'emergency: { teams: [x], skips: [offline-evl] }',
    'p, line 5, column 34: `offline-evl` is no gate of this policy. Did you mean `offline-eval`?',
  ],
  ['emergency: { teams: [x], skips: [offline-eval], review-hours: 0 }', '`review-hours` must be at least 1.'],
  [
    'emergency: { teams: [x], skips: [offline-eval], label: "andon: hold" }',
    'the lane never opens. Give it a label of its own.',
  ],
])('%s', (emergency, words) => {
  expect(said(file(emergency)).join('\n')).toContain(words)
})

it('is doubted where it skips every gate that decides', () => {
  const two = file('emergency: { teams: [x], skips: [offline-eval] }')
    .replace('enter: [offline-eval]', 'enter: [offline-eval, shown, docs]')
    .replace(
      'minutes: 5 } }',
      'minutes: 5 }, shown: { kind: manifest, enforce: false }, docs: { kind: files, paths: [a] } }',
    )
  expect(said(two)).toEqual([])
  expect(said(two.replace('skips: [offline-eval]', 'skips: [offline-eval, docs]'))).toEqual([
    'p, line 5, column 26: An emergency skips every gate that decides: nothing is asked of its cards. Leave one out of `skips`, as an approval.',
  ])
})
