// A policy as people write it: what it becomes, and every problem at once with its place and remedy.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { openColumns } from '../../../src/core/policy/doubts.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'

const BASE = `version: 1
board: { project: 12 }
columns:
  - name: Backlog
  - name: Staging
    enter: [offline-eval]
gates:
  offline-eval:
    kind: evaluation
    workflow: andon-evaluate.yml
    metrics: { accuracy: { min: 0.9 } }
`

const policy = (text: string): Policy => {
  const parsed = parsePolicy(text)
  if (!parsed.ok) throw new Error(parsed.problems.map(sentence).join('\n'))
  return parsed.value
}
const problems = (text: string) => {
  const parsed = parsePolicy(text, 'p')
  return parsed.ok ? [] : parsed.problems.map(sentence)
}
const warnings = (text: string) => {
  const parsed = parsePolicy(text, 'p')
  return parsed.ok ? (parsed.warnings ?? []).map(sentence) : problems(text)
}

describe('a policy becomes', () => {
  it('what the program reads, with defaults filled in', () => {
    expect(policy(BASE)).toEqual({
      version: 1,
      board: { project: 12, field: 'Status' },
      changes: [],
      risk: [],
      columns: [
        { name: 'Backlog', limit: null, leave: [], enter: [], start: [], then: [], whileWaiting: 'stay' },
        { name: 'Staging', limit: null, leave: [], enter: ['offline-eval'], start: [], then: [], whileWaiting: 'stay' },
      ],
      moves: { forward: 'next', backward: 'any' },
      gates: {
        'offline-eval': {
          name: 'offline-eval',
          kind: 'evaluation',
          enforce: true,
          when: null,
          settings: {
            workflow: 'andon-evaluate.yml',
            metrics: { accuracy: { min: 0.9 } },
            'timeout-minutes': 60,
            with: {},
            reuse: true,
          },
        },
      },
      workflows: {},
      labels: { hold: 'andon: hold', move: {} },
    })
  })

  it('limits by column and by owner', () => {
    const limits = (limit: string) =>
      policy(BASE.replace('name: Backlog', `name: Backlog\n    limit: ${limit}`)).columns[0]?.limit
    expect(limits('3')).toEqual({ total: 3, perOwner: null })
    expect(limits('{ total: 3, per-owner: 1 }')).toEqual({ total: 3, perOwner: 1 })
    expect(limits('{ per-owner: 1 }')).toEqual({ total: null, perOwner: 1 })
  })

  it('every kind of gate, with conditions and without enforcement', () => {
    const gates = policy(`${BASE}  ready: { kind: manifest, requires: [model] }
  release: { kind: approval, count: 2, teams: [ai-safety], independent: true, when: { risk: [high], labels: [x] } }
  ci: { kind: checks, names: [build], app: github-actions, enforce: false }
  calm: { kind: freeze, windows: [{ weekly: { from: "Fri 16:00", to: "Mon 08:00" }, zone: Europe/Berlin }] }
  rest: { kind: soak, minutes: 60 }
  clean: { kind: issues, query: "label:incident" }
  model-card: { kind: files, paths: [docs/model-card.md] }
risk:
  high: { labels: ["risk: high"] }
`).gates
    expect(Object.values(gates).map((gate) => gate.kind)).toEqual([
      'evaluation',
      'manifest',
      'approval',
      'checks',
      'freeze',
      'soak',
      'issues',
      'files',
    ])
    expect(gates.release).toMatchObject({
      when: { risk: ['high'], labels: ['x'] },
      settings: { count: 2, teams: ['ai-safety'], users: [], independent: true },
    })
    expect(gates.ci?.enforce).toBe(false)
  })
})

describe('a problem is told with its place and its remedy:', () => {
  const edit = (from: string, to: string) => {
    expect(BASE).toContain(from)
    return problems(BASE.replace(from, to))
  }
  it.each([
    [
      'an unknown key',
      '    enter:',
      '    entr:',
      'p, line 6, column 5: `entr` is not known here. Did you mean `enter`?',
    ],
    [
      'a key far from any',
      'version: 1',
      'version: 1\nzzzzzz: 1',
      'p, line 2, column 1: `zzzzzz` is not known here. Allowed here: `version`, `extends`, `locked`, `board`, `changes`, `risk`, `agents`, `columns`, `moves`, `gates`, `waivers`, `emergency`, `workflows`, `labels`.',
    ],
    [
      'an unknown gate',
      '[offline-eval]',
      '[offline-evl]',
      'p, line 6, column 13: `offline-evl` is no gate of this policy. Did you mean `offline-eval`?',
    ],
    [
      'an unknown kind',
      'kind: evaluation',
      'kind: evalution',
      'p, line 9, column 11: `evalution` is no kind of gate. Did you mean `evaluation`?',
    ],
    [
      'a kind of a later version',
      'kind: evaluation',
      'kind: canary',
      'p, line 9, column 11: Gates of kind `canary` are not available in this version of Andon.',
    ],
    [
      'a criterion of a later version',
      '{ min: 0.9 }',
      '{ compare: production }',
      'p, line 11, column 28: `compare` is not available in this version of Andon; use `min` or `max`.',
    ],
    [
      'confidence, too',
      '{ min: 0.9 }',
      '{ min: 0.9, confidence: 0.95 }',
      'p, line 11, column 38: `confidence` is not available in this version of Andon; use `min` or `max`.',
    ],
    [
      'a column’s key of a later version',
      '  - name: Backlog',
      '  - name: Backlog\n    stay: [offline-eval]',
      'p, line 5, column 5: `stay` is not available in this version of Andon; leave it out.',
    ],
    [
      'a number where a bound is meant',
      '{ min: 0.9 }',
      '0.9',
      'p, line 11, column 26: A metric’s bound has a name: write `{ min: 0.9 }` or `{ max: 0.9 }`.',
    ],
    [
      'a column by its name alone',
      '- name: Backlog',
      '- Backlog',
      'p, line 4, column 5: A column is keys and values: write `{ name: Backlog }`.',
    ],
    [
      'a gate whose check would be that of the policy itself',
      'gates:',
      'gates:\n  policy: { kind: manifest }',
      'p, line 8, column 3: A gate cannot be named `policy`: `andon / policy` is the check of a policy’s own pull requests. Choose another name.',
    ],
    [
      'a workflow where there are none',
      'enter:',
      'then: [promote]\n    enter:',
      'p, line 6, column 12: `promote` is no workflow of this policy. Define it in `workflows`, or leave it out here.',
    ],
    [
      'a number as text',
      '{ min: 0.9 }',
      '{ min: "0.9" }',
      'p, line 11, column 33: `min` must be a number, and is the text "0.9". Leave out the quotes.',
    ],
    [
      'a version as text',
      'version: 1',
      'version: "1"',
      'p, line 1, column 10: `version` must be `1`, and is the text "1". Leave out the quotes.',
    ],
    [
      'a text where a list is meant',
      '[offline-eval]',
      'offline-eval',
      'p, line 6, column 12: `enter` must be a list, and is the text "offline-eval". Write [offline-eval].',
    ],
    ['no bound', '{ min: 0.9 }', '{}', 'p, line 11, column 26: A metric needs a bound: `min`, `max`, or both.'],
    [
      'a bound no number can be',
      '{ min: 0.9 }',
      '{ min: .nan }',
      'p, line 11, column 33: .nan is not a number that can be kept exactly. Write it in quotes if it is text.',
    ],
    [
      'bounds that cross',
      '{ min: 0.9 }',
      '{ min: 0.9, max: 0.1 }',
      'p, line 11, column 26: `min` is greater than `max`: no number can meet both.',
    ],
    ['an empty key', '  - name: Backlog', '  - name:', 'p, line 4, column 10: `name` is empty. It must be text.'],
    [
      'a column twice',
      'Backlog',
      'staging',
      'p, line 5, column 11: The column `Staging` is listed twice. Keep one of them.',
    ],
    [
      'no board',
      'board: { project: 12 }',
      'moves: {}',
      'p, line 1, column 1: `board` is missing. Name the board, as in `board: { project: 12 }`.',
    ],
    [
      'a doubled key',
      'version: 1',
      'version: 1\nversion: 1',
      'p, line 2, column 1: `version` stands here twice. Keep one of them.',
    ],
    [
      'a tab',
      '  - name: Staging',
      '\t- name: Staging',
      'p, line 5, column 1: A tab indents this line. YAML wants spaces.',
    ],
    [
      'an alias',
      '{ min: 0.9 }',
      '*x',
      'p, line 11, column 26: `*x` repeats another part of the file. Write it out: aliases are not allowed.',
    ],
    [
      'an anchor',
      '{ min: 0.9 }',
      '&x { min: 0.9 }',
      'p, line 11, column 29: `&x` is an anchor. Anchors are not allowed.',
    ],
    [
      'a second document',
      'gates:',
      '---\ngates:',
      'p, line 7, column 1: This holds more than one YAML document. Keep one, and drop the `---` between them.',
    ],
    [
      'a key that reaches for the prototype',
      'offline-eval:\n',
      '__proto__:\n',
      'p, line 8, column 3: `__proto__` cannot be a key.',
    ],
    [
      'a strange name',
      '  offline-eval:\n',
      '  offline eval:\n',
      'p, line 8, column 3: `offline eval` cannot be a name: a letter first, then letters, digits, `-` and `_`, at most 64.',
    ],
    [
      'a limit of nothing',
      'name: Backlog',
      'name: Backlog\n    limit: 0',
      'p, line 5, column 12: `limit` must be at least 1.',
    ],
    [
      'a freeze whose times have no zone',
      'kind: evaluation',
      'kind: freeze\n    windows: [{ from: "2026-12-20T00:00", to: "2027-01-04T00:00" }]',
      'p, line 10, column 15: These times have no zone. Name one beside them, as in `zone: Europe/Berlin`.',
    ],
    [
      'a freeze whose times bring an offset',
      'kind: evaluation',
      'kind: freeze\n    windows: [{ from: "2026-12-20T00:00Z", to: "2027-01-04T00:00", zone: UTC }]',
      'p, line 10, column 23: Write a date and a time of day without an offset, as in "2026-12-20T00:00"; the zone is named by `zone`.',
    ],
    [
      'a zone that nobody knows',
      'kind: evaluation',
      'kind: freeze\n    windows: [{ from: "2026-12-20T00:00", to: "2027-01-04T00:00", zone: Mars/Olympus }]',
      'p, line 10, column 73: Name a time zone as in `Europe/Berlin` or `UTC`.',
    ],
    [
      'a limit as text',
      'name: Backlog',
      'name: Backlog\n    limit: "3"',
      'p, line 5, column 12: `limit` must be a number or keys and values, and is the text "3". Leave out the quotes.',
    ],
  ])('%s', (_, from, to, expected) => {
    expect(edit(from, to)).toContain(expected)
  })

  it('a person named twice among those who may approve', () => {
    const text = (users: string) =>
      `version: 1\nboard: { project: 1 }\ncolumns: [{ name: A, enter: [ok] }]\ngates: { ok: { kind: approval, count: 2, users: ${users} } }\n`
    expect(problems(text('[ada, bob]'))).toEqual([])
    expect(problems(text('[ada, Ada]'))).toEqual([
      'p, line 4, column 14: `count` asks for more people than `users` names.',
    ])
  })

  it('names in `then`, `start`, `labels.move`, `risk` and `when` that stand for nothing', () => {
    const text = BASE.replace('enter: [offline-eval]', 'enter: [offline-eval]\n    start: [ready]\n    then: [promot]')
      .replace(
        'version: 1',
        'version: 1\nworkflows: { promote: { file: a.yml } }\nlabels: { move: { "to prod": Prod } }\nrisk: { high: { changes: [modl] }, default: { labels: [x] } }\nchanges: { model: { label: m } }',
      )
      .concat('  ready: { kind: manifest, when: { risk: [hihg], changes: [prompt] } }\n')
    expect(problems(text)).toEqual([
      'p, line 3, column 30: `Prod` is no column of this policy. Allowed here: `Backlog`, `Staging`.',
      'p, line 4, column 27: `modl` is no kind of change of this policy. Did you mean `model`?',
      'p, line 4, column 36: `default` is the risk of a card that no rule matches. Choose another name.',
      'p, line 11, column 13: `ready` is of kind `manifest`: it has no workflow that could start. Name it in `enter` or `leave`.',
      'p, line 12, column 12: `promot` is no workflow of this policy. Did you mean `promote`?',
      'p, line 18, column 43: `hihg` is no risk of this policy. Did you mean `high`?',
      'p, line 18, column 60: `prompt` is no kind of change of this policy. Allowed here: `model`.',
    ])
  })

  it('all of them at once, in the order of their lines', () => {
    const text = BASE.replace('project: 12', 'projct: 12')
      .replace('enter: [offline-eval]', 'enter: [nobody]')
      .replace('min: 0.9', 'min: x')
    expect(problems(text).map((one) => one.slice(0, 18))).toEqual([
      'p, line 2, column ',
      'p, line 2, column ',
      'p, line 6, column ',
      'p, line 11, column',
    ])
  })

  it('a bomb, at each of its fuses, without setting it off', () => {
    const bomb = `a: &a [x, x]\n${Array.from({ length: 20 }, (_, n) => `k${n}: [*a, *a]`).join('\n')}\n`
    const told = problems(bomb)
    expect(told).toHaveLength(41)
    expect(told.slice(0, 2)).toEqual([
      'p, line 1, column 7: `&a` is an anchor. Anchors are not allowed.',
      'p, line 2, column 6: `*a` repeats another part of the file. Write it out: aliases are not allowed.',
    ])
  })

  it('and nothing else is said of a file that is no policy at all', () => {
    expect(problems('')).toEqual(['p, line 1, column 1: The policy is empty. It begins with `version: 1`.'])
    expect(problems('- a\n- b')).toEqual([
      'p, line 1, column 1: A policy is keys and values. It begins with `version: 1`.',
    ])
    expect(problems('x'.repeat(1024 * 1024 + 1))).toEqual([
      'p, line 1, column 1: This is longer than 1024 kB. Make it shorter.',
    ])
    expect(problems(`version: ${'['.repeat(1_000_000)}`)[0]).toContain('nested more than 20 levels deep')
  })
})

describe('a doubt is told, and does not close the policy:', () => {
  it('a gate and a workflow that nobody asks for', () => {
    expect(warnings(`${BASE}  ready: { kind: manifest }\nworkflows: { promote: { file: a.yml } }\n`)).toEqual([
      'p, line 12, column 3: No column asks for the gate `ready`. Name it in `enter` or `leave` of a column.',
      'p, line 13, column 14: No column runs the workflow `promote`. Name it in `then` of a column.',
    ])
  })

  it('a column that some cards enter past all its gates', () => {
    const some = (when: string) =>
      warnings(
        BASE.replace('kind: evaluation', `kind: evaluation\n    when: ${when}`).concat(
          'risk: { high: { labels: [h] } }\nchanges: { model: {}, prompt: {} }\n',
        ),
      )
    expect(some('{ risk: [high] }')).toEqual([
      'p, line 6, column 5: A card could enter `Staging` with no gate that decides: one of another kind at risk `default`, without labels. Add a gate without `when`, if that is not meant.',
    ])
    expect(some('{ risk: [high, default] }')).toEqual([])
    expect(some('{ changes: [model, prompt] }')).toHaveLength(1)
    expect(some('{ labels: [h] }')).toHaveLength(1)
  })

  it('a column whose gates are not enforced', () => {
    expect(warnings(BASE.replace('kind: evaluation', 'kind: evaluation\n    enforce: false'))[0]).toContain(
      'none of its gates is enforced',
    )
  })

  it('a kind that no label reaches, and a section that nobody knows', () => {
    expect(warnings(`${BASE}changes: { a: { label: x, requires: [dataset] }, b: { label: x } }\n`)).toEqual([
      'p, line 12, column 38: `dataset` is no section that Andon knows. Did you mean `datasets`?',
      'p, line 12, column 55: No label makes a change `b`: `x` makes it `a`. Give it a label of its own.',
    ])
  })

  it('and columns without any gate are listed, for they may well be meant', () => {
    expect(openColumns(policy(BASE))).toEqual(['Backlog'])
  })
})

it('nothing that is written makes it throw', () => {
  const word = fc.constantFrom(
    'version',
    'board',
    'project',
    'columns',
    'name',
    'enter',
    'gates',
    'kind',
    'evaluation',
    'metrics',
    'min',
    'when',
    'labels',
    'move',
    'risk',
    ': ',
    '\n',
    '\n  ',
    '\n    - ',
    '[',
    ']',
    '{ ',
    ' }',
    ',',
    '1',
    '"',
    '*a',
    '&a ',
    '~',
    '- ',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => void parsePolicy(words.join(''))),
    { numRuns: 1500 },
  )
  // Any value in the place of any other one.
  const lines = BASE.split('\n')
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.json({ maxDepth: 2 }), (at, json) => {
      const text = lines.map((line, index) => (index === at ? line.replace(/: .*|:$/, `: ${json}`) : line)).join('\n')
      const parsed = parsePolicy(text)
      if (!parsed.ok) for (const problem of parsed.problems) expect(problem.message).not.toContain('\u0000')
    }),
    { numRuns: 1000 },
  )
})
