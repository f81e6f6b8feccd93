// The organization's policy and the repository's as one, and boards that a broken one still closes.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { boardsNamed } from '../../../src/core/policy/govern.ts'
import { combine } from '../../../src/core/policy/inherit.ts'

const file = (repository: string, text: string) => ({ repository, path: '.github/andon.yml', text })
const organization = (text: string) => file('acme/.github', text)
const repository = (text: string) => file('acme/bot', text)

const ORGANIZATION = `version: 1
board: { project: 12 }
columns:
  - name: Todo
  - name: Done
    enter: [security]
gates:
  security: { kind: approval, teams: [security], count: 2 }
  ready: { kind: manifest }
risk:
  high: { labels: ["risk: high"] }
labels: { hold: stop, move: { ship: Done } }
`

const problems = (under: string | null, over: string | null) => {
  const combined = combine(under === null ? null : organization(under), over === null ? null : repository(over))
  return combined === null || combined.ok ? [] : combined.problems.map(sentence)
}
const value = (under: string | null, over: string | null) => {
  const combined = combine(under === null ? null : organization(under), over === null ? null : repository(over))
  if (combined === null || !combined.ok) throw new Error(JSON.stringify(combined))
  return combined.value
}

describe('two files are one policy', () => {
  it('where neither is, there is none', () => expect(combine(null, null)).toBeNull())

  it('each alone is enough', () => {
    expect(value(ORGANIZATION, null)).toEqual(value(null, ORGANIZATION))
  })

  it('the repository may leave out what the organization gives', () => {
    expect(value(ORGANIZATION, 'version: 1\n')).toEqual(value(ORGANIZATION, null))
  })

  it('maps are merged by name, and the repository’s entries win', () => {
    const both = value(
      ORGANIZATION,
      'version: 1\ngates:\n  security: { kind: approval, teams: [bot-team] }\n  mine: { kind: checks }\nrisk: { low: { labels: [low] } }\nlabels: { move: { back: Todo } }\n',
    )
    expect(Object.keys(both.gates)).toEqual(['security', 'ready', 'mine'])
    expect(both.gates.security?.settings).toEqual({ count: 1, teams: ['bot-team'], users: [], independent: false })
    expect(both.risk.map((risk) => risk.name)).toEqual(['high', 'low'])
    expect(both.labels).toEqual({ hold: 'stop', move: { ship: 'Done', back: 'Todo' } })
  })

  it('board and columns are the repository’s as a whole, and may ask for the organization’s gates', () => {
    const both = value(
      ORGANIZATION,
      'version: 1\nboard: { project: 14 }\ncolumns: [{ name: A }, { name: B, enter: [ready] }]\nlabels: { move: { ship: B } }\n',
    )
    expect(both.board).toEqual({ project: 14, field: 'Status' })
    expect(both.columns.map((column) => column.name)).toEqual(['A', 'B'])
  })

  it('each problem names the file it is in', () => {
    expect(
      problems(
        ORGANIZATION.replace('count: 2', 'cuont: 2'),
        'version: 1\ncolumns:\n  - name: A\n    enter: [securty]\n',
      ),
    ).toEqual([
      'acme/.github/.github/andon.yml, line 8, column 50: `cuont` is not known here. Did you mean `count`?',
      'acme/.github/.github/andon.yml, line 12, column 37: `Done` is no column of this policy. Allowed here: `A`.',
      'acme/bot/.github/andon.yml, line 4, column 13: `securty` is no gate of this policy. Did you mean `security`?',
    ])
  })

  it('a broken one is not skipped: nothing is in force', () => {
    expect(problems(ORGANIZATION, 'version: 1\ngates: [')).toEqual([
      'acme/bot/.github/andon.yml, line 2, column 9: This is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ])
    expect(problems(ORGANIZATION.replace('version: 1', 'version: 2'), 'version: 1\n')).toEqual([
      'acme/.github/.github/andon.yml, line 1, column 10: `version` must be `1`, and is 2.',
    ])
  })
})

describe('the boards that a broken policy still names', () => {
  it.each([
    ['in block style', 'version: 1\nboard:\n  # ours\n  field: State\n  project: 12\ncolumns: [\n', [12]],
    ['in flow style', 'board: { field: State, project: 12 }\n\tgates:', [12]],
    ['as JSON', '{"version": 1, "board": {"project": 12}, "columns": [', [12]],
    ['over several lines', 'board: {\n  project: 12,\n}\n: : :', [12]],
    ['with CRLF', 'board:\r\n  project: 12\r\ncolumns: {', [12]],
    ['quoted', 'board: { project: "12" }', [12]],
    ['twice, for a key may be doubled', 'board: { project: 12 }\nboard: { project: 13 }', [12, 13]],
    ['not in a comment', '# board: { project: 12 }\nboard:\n  # project: 13\n  field: x', []],
    ['not elsewhere', 'gates:\n  a: { with: { project: 5 } }\nproject: 6', []],
    ['not illegibly', 'board: { project: twelve }', []],
    ['with others in flow style', 'board: { project: 12, also: [14, 15], field: 16 }\n: :', [12, 14, 15]],
    [
      'with others in block style',
      'board:\n  also:\n    - 14\n    - 15 # ours\n  field: "16"\n  project: 12\n: :',
      [14, 15, 12],
    ],
    ['with others over several lines', 'board: {\n  also: [\n  14,\n15\n], project: 12\n}\nx: [17]', [14, 15, 12]],
    ['with others in a list that has no end', 'board:\n  also: [14,\n    15\ncolumns: [16]', [14, 15]],
    ['in a text that ends in the middle', 'board:\n  project: 12', [12]],
  ])('%s', (_, text, boards) => expect(boardsNamed(text)).toEqual(boards))

  it('are found in a huge text as well', () => {
    expect(boardsNamed(`board:\n${'  x: "board: {\n'.repeat(60_000)}  project: 12\n`)).toEqual([12])
  })
})
