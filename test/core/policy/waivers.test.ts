// What a policy says of waivers: bounds, names, and what can never come to use.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'

const file = (waive: string, more = '') => `version: 1
board: { project: 1 }
columns: [{ name: Backlog }, { name: Staging, enter: [offline-eval] }]
gates:
  offline-eval: { kind: soak, minutes: 5${waive} }
${more}`

const said = (text: string) => {
  const checked = parsePolicy(text, 'p')
  return (checked.ok ? (checked.warnings ?? []) : checked.problems).map(sentence)
}

describe('the policy of waivers', () => {
  it('is read, and a policy without any is what it always was', () => {
    const plain = parsePolicy(file(''))
    expect(plain.ok && JSON.stringify(plain.value)).not.toContain('waive')
    const given = parsePolicy(file(', waive: { teams: [ai-safety], longest-days: 7 }', 'waivers: { most-open: 2 }'))
    expect(given).toMatchObject({
      ok: true,
      value: {
        waivers: { longestDays: 30, mostOpen: 2 },
        gates: { 'offline-eval': { waive: { teams: ['ai-safety'], longestDays: 7, compensate: null } } },
      },
    })
    expect(given.ok && given.value.gates['offline-eval']?.settings).toEqual({ minutes: 5 })
  })

  it.each([
    [', waive: {}', '', 'p, line 5, column 43: `teams` is missing.'],
    [', waive: { teams: [] }', '', 'p, line 5, column 59: `teams` must have at least 1 entry.'],
    [
      ', waive: { teams: ["@acme/x"] }',
      '',
      'p, line 5, column 60: Name a team of the organization by its slug alone, as in `ai-safety`.',
    ],
    [', waive: { teams: [x], longest-days: 400 }', '', 'p, line 5, column 78: `longest-days` must be at most 365.'],
    ['', 'waivers: { most-opn: 2 }', 'p, line 6, column 12: `most-opn` is not known here. Did you mean `most-open`?'],
    [
      '',
      'waivers: { most-open: 2 }',
      'p, line 6, column 1: No gate may be waived. Give a gate `waive` with the teams that may, or leave out `waivers`.',
    ],
    [
      ', waive: { teams: [x], longest-days: 40 }',
      '',
      'p, line 5, column 64: `offline-eval` may be waived for 40 days, and no gate for more than 30. The smaller number counts.',
    ],
    [
      ', enforce: false, waive: { teams: [x] }',
      '',
      'p, line 5, column 59: `offline-eval` is only shown: there is nothing to waive. Leave out `waive`, or `enforce: false`.',
    ],
  ])('gate {%s}, board {%s}', (waive, more, words) => {
    expect(said(file(waive, more))).toContain(words)
  })
})
