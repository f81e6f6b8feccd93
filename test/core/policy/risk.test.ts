// Risk as people write it: what a policy becomes, and each mistake told with its place and what to write instead.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'

/** Line 3 holds the risk, line 9 the gate. */
const text = (risk: string, gate = '{ kind: approval, teams: [x] }', staging = '') => `version: 1
board: { project: 12 }
risk: { high: ${risk} }
columns:
  - name: Backlog
  - name: Staging
    enter: [release]
gates:
  release: ${gate}
${staging}`
const parsed = (policy: string) => parsePolicy(policy, 'p')
const said = (policy: string) => {
  const read = parsed(policy)
  return (read.ok ? (read.warnings ?? []) : read.problems).map(sentence)
}

describe('a risk', () => {
  it('by files and fields is kept, and one without them has no trace of them', () => {
    const risks = (risk: string) => {
      const read = parsed(text(risk))
      return read.ok && read.value.risk
    }
    expect(risks('{ paths: ["guardrails/**"], fields: { Risk: [High] } }')).toEqual([
      { name: 'high', labels: [], changes: [], paths: ['guardrails/**'], fields: { Risk: ['High'] } },
    ])
    expect(risks('{ labels: [h] }')).toEqual([{ name: 'high', labels: ['h'], changes: [] }])
  })

  const GLOB =
    'A pattern starts at the top of the repository, has `/` between its parts, and no wildcards but `*`, `**` and `?`, as in `guardrails/**`.'
  it.each([
    [
      'nothing that matches',
      '{}',
      ['p, line 3, column 15: A risk that nothing matches: name `labels`, `changes`, `paths` or `fields`.'],
    ],
    ['a pattern of another grammar', '{ paths: ["{a,b}/**"] }', [`p, line 3, column 25: ${GLOB}`]],
    ['a pattern from the root', '{ paths: ["/a"] }', [`p, line 3, column 25: ${GLOB}`]],
    [
      'a pattern that is too long',
      `{ paths: ["${'a'.repeat(201)}"] }`,
      ['p, line 3, column 25: Entry 1 of `paths` must have at most 200 characters.'],
    ],
    [
      'too many patterns',
      `{ paths: [${Array.from({ length: 51 }, (_, n) => `a${n}`).join(', ')}] }`,
      ['p, line 3, column 24: `paths` must have at most 50 entries.'],
    ],
    ['no fields', '{ fields: {} }', ['p, line 3, column 25: `fields` names no field of the board.']],
    [
      'a value that is no list',
      '{ fields: { Risk: High } }',
      ['p, line 3, column 33: `Risk` must be a list, and is the text "High". Write [High].'],
    ],
    [
      'the field of the columns',
      '{ fields: { Status: [Staging] } }',
      [
        'p, line 3, column 27: `Status` is the field of the columns: it says where a card stands, not its risk. Name another field of the board.',
      ],
    ],
  ])('with %s is told so', (_, risk, expected) => expect(said(text(risk))).toEqual(expected))
})

describe('a count by risk', () => {
  const count = (written: string, who = 'teams: [x]') =>
    said(text('{ labels: [h] }', `{ kind: approval, count: ${written}, ${who} }`))
  it('needs a default, known risks and whole numbers', () => {
    expect(count('{ default: 1, high: 2 }')).toEqual([])
    expect(count('{ high: 2 }')).toEqual([
      'p, line 9, column 37: `count` by risk needs `default`: how many approve at every other risk.',
    ])
    expect(count('{ default: 1, hihg: 2 }')).toEqual([
      'p, line 9, column 51: `hihg` is no risk of this policy. Did you mean `high`?',
    ])
    expect(count('{ default: 1, high: 0 }')).toEqual(['p, line 9, column 57: `high` must be at least 1.'])
  })
  it('may not ask at any risk for more people than there are', () => {
    expect(count('{ default: 1, high: 2 }', 'users: [ann]')).toEqual([
      'p, line 9, column 12: `count` asks for more people than `users` names.',
    ])
  })
})

it('a limit by risk is kept, and its names must be known', () => {
  const limit = (written: string) => text('{ labels: [h] }').replace('    enter:', `    limit: ${written}\n    enter:`)
  const read = parsed(limit('{ total: 3, per-risk: { high: 1, default: 2 } }'))
  expect(read.ok && read.value.columns[1]?.limit).toEqual({
    total: 3,
    perOwner: null,
    perRisk: { high: 1, default: 2 },
  })
  expect(said(limit('{ per-risk: { hihg: 1 } }'))).toEqual([
    'p, line 7, column 26: `hihg` is no risk of this policy. Did you mean `high`?',
  ])
  expect(said(limit('{ per-risk: {} }'))).toEqual(['p, line 7, column 24: `per-risk` names no risk.'])
  expect(said(limit('{}'))).toEqual(['p, line 7, column 12: A limit needs `total`, `per-owner` or `per-risk`.'])
})
