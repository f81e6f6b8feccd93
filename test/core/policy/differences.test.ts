// What is another between two policies: found whatever the key, put in words, and said to be stricter or looser.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceWords } from '../../../src/core/decision/explain/policy-differences.ts'
import { differences } from '../../../src/core/policy/differences.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import type { Policy } from '../../../src/core/policy/policy.ts'

const HEAD = 'version: 1\nboard: { project: 12 }\n'
const GATES = `gates:
  offline-eval: { kind: evaluation, workflow: evaluate.yml, metrics: { accuracy: { min: 0.9 } } }
  approval: { kind: approval, teams: [ai-safety] }
  docs: { kind: files, paths: [README.md] }
`
const COLUMNS = `columns:
  - { name: Backlog }
  - { name: Staging, limit: 3, enter: [offline-eval] }
  - { name: Production, enter: [approval] }
`

function policy(text: string): Policy {
  const read = parsePolicy(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value
}

/** The words for what is replaced in the policy. */
function told(...replaced: [string, string][]): string[] {
  const before = HEAD + COLUMNS + GATES
  const after = replaced.reduce((text, [old, now]) => {
    if (!text.includes(old)) throw new Error(`The policy has no ${old}`)
    return text.replace(old, now)
  }, before)
  return differences(policy(before), policy(after)).map(differenceWords)
}

describe('what people care about most', () => {
  it.each<[string, [string, string][], string[]]>([
    [
      'a bound goes up',
      [['0.9', '0.92']],
      ['**`Staging`**: `offline-eval` asks `accuracy` min 0.90 → 0.92 (stricter)'],
    ],
    [
      'a bound goes down',
      [['0.9', '0.85']],
      ['**`Staging`**: `offline-eval` asks `accuracy` min 0.90 → 0.85 (looser)'],
    ],
    [
      'a bound differs in its last digit only',
      [['0.9', '0.9000001']],
      ['**`Staging`**: `offline-eval` asks `accuracy` min 0.9000000 → 0.9000001 (stricter)'],
    ],
    [
      'a metric more',
      [['{ min: 0.9 }', '{ min: 0.9 }, toxicity: { max: 0.005 }']],
      ['**`Staging`**: `offline-eval` also asks `toxicity` ≤ 0.005 (stricter)'],
    ],
    [
      'another bound of the metric',
      [['min: 0.9', 'min: 0.9, max: 0.99']],
      ['**`Staging`**: `offline-eval` asks `accuracy` max 0.99, new (stricter)'],
    ],
    ['a gate more', [['[approval]', '[approval, docs]']], ['**`Production`** now asks `docs` (stricter)']],
    ['a gate less', [['[approval]', '[]']], ['**`Production`** no longer asks `approval` (looser)']],
    [
      'a gate is only shown from now on',
      [['metrics:', 'enforce: false, metrics:']],
      ['**`Staging`**: gate `offline-eval` is no longer enforced: it is only shown (looser)'],
    ],
    [
      'more people must approve, of more who may',
      [['[ai-safety]', '[ai-safety, legal], count: 2']],
      [
        '**`Production`**: `approval`: teams gains `legal` (looser)',
        '**`Production`**: `approval`: count 1 → 2 (stricter)',
      ],
    ],
    [
      'a gate is asked of some cards only',
      [['teams: [ai-safety]', 'teams: [ai-safety], when: { labels: [big] }']],
      ['**`Production`**: `approval` is asked only of some cards now: `{"labels":["big"]}` (looser)'],
    ],
    ['room shrinks', [['limit: 3', 'limit: 2']], ['The limit of **`Staging`**: 3 → 2 (stricter)']],
    ['room has no end', [['limit: 3, ', '']], ['**`Staging`** has no limit any more (it was 3) (looser)']],
    [
      'room for each owner',
      [['limit: 3', 'limit: { total: 3, per-owner: 1 }']],
      ['**`Staging`** has a limit for one owner of 1 now (stricter)'],
    ],
    [
      'a column between two others',
      [['  - { name: Production', '  - { name: Canary, enter: [docs] }\n  - { name: Production']],
      ['Column `Canary` added between `Staging` and `Production`; it asks `docs` (stricter)'],
    ],
    [
      'a column that goes with its gates',
      [['  - { name: Staging, limit: 3, enter: [offline-eval] }\n', '']],
      ['Column `Staging` is gone (looser)'],
    ],
    [
      'columns may be passed over',
      [['gates:', 'moves: { forward: any }\ngates:']],
      ['A card may move forward by more than one column at a time, through the gates of each (looser)'],
    ],
    [
      'a label asks for a move',
      [['gates:', 'labels: { move: { "to staging": Staging } }\ngates:']],
      ['The label `to staging` asks for a move to `Staging` now'],
    ],
    [
      'another kind of gate of the same name',
      [['{ kind: files, paths: [README.md] }', '{ kind: manifest }']],
      ['`docs` is of kind `manifest` now, and was of kind `files`', '`docs`: paths no longer set (it was `README.md`)'],
    ],
    [
      'nothing but the order of keys',
      [['{ kind: files, paths: [README.md] }', '{ paths: [README.md], kind: files }']],
      [],
    ],
  ])('%s', (_, replaced, words) => {
    expect(told(...replaced)).toEqual(words)
  })

  it('is how much of a budget there is, and who may overdraw it', () => {
    const budget = (limit: number, more = '') =>
      policy(
        `${HEAD}columns:\n  - { name: Staging, enter: [spend] }\ngates:\n  spend: { kind: budget, of: errors, metric: error_rate, window: 30d, limit: ${limit}${more} }\n`,
      )
    const people = (approvals: number) => `, when-spent: { approvals: ${approvals}, teams: [sre] }`
    const words = (before: Policy, after: Policy) => differences(before, after).map(differenceWords)
    expect(words(budget(0.01), budget(0.001))).toEqual(['**`Staging`**: `spend`: limit 0.010 → 0.001 (stricter)'])
    expect(words(budget(0.01), budget(0.01, people(2)))).toEqual([
      '**`Staging`**: `spend`: when\\-spent `{"approvals":2,"teams":["sre"],"users":[]}`, new (looser)',
    ])
    expect(words(budget(0.01, people(2)), budget(0.01, people(1)))).toEqual([
      '**`Staging`**: `spend`: `when-spent.approvals` 2 → 1 (looser)',
    ])
  })

  it('is all that goes and comes with another kind of gate', () => {
    expect(
      told([
        '{ kind: approval, teams: [ai-safety] }',
        '{ kind: soak, minutes: 1, enforce: false, waive: { teams: [everybody] } }',
      ]),
    ).toEqual([
      '**`Production`**: gate `approval` is no longer enforced: it is only shown (looser)',
      '**`Production`**: `approval`: waive `{"teams":["everybody"],"longestDays":null,"compensate":null}`, new (looser)',
      '**`Production`**: `approval` is of kind `soak` now, and was of kind `approval` (may be looser)',
      '**`Production`**: `approval`: count no longer set (it was 1)',
      '**`Production`**: `approval`: teams no longer set (it was `ai-safety`)',
      '**`Production`**: `approval`: users no longer set (it was an empty list)',
      '**`Production`**: `approval`: independent no longer set (it was false)',
      '**`Production`**: `approval`: minutes 1, new',
    ])
  })

  it('is how long and how often gates may be waived, which is bounded where the policy says nothing', () => {
    const bounds: [string, string] = ['gates:', 'waivers: { longest-days: 2, most-open: 1 }\ngates:']
    expect(told(bounds)).toEqual(['`waivers.longestDays` 30 → 2 (stricter)', '`waivers.mostOpen` 3 → 1 (stricter)'])
    const [without, within] = [policy(HEAD + COLUMNS + GATES), policy(HEAD + COLUMNS + GATES.replace(...bounds))]
    expect(differences(within, without).map(differenceWords)).toEqual([
      '`waivers.longestDays` 2 → 30 (looser)',
      '`waivers.mostOpen` 1 → 3 (looser)',
    ])
    expect(told(['gates:', 'waivers: {}\ngates:'])).toEqual([])
  })

  it('comes first where it lets more through', () => {
    expect(
      told(['0.9', '0.95'], ['[approval]', '[]'], ['limit: 3', 'limit: 1']).map((one) => /\w+(?=\)$)/.exec(one)?.[0]),
    ).toEqual(['looser', 'stricter', 'stricter'])
  })

  it('says that a policy came or went', () => {
    const one = policy(HEAD + COLUMNS + GATES)
    expect(differences(null, one).map(differenceWords)).toEqual(['There is a policy now (stricter)'])
    expect(differences(one, null).map(differenceWords)).toEqual(['There is no policy any more (looser)'])
    expect(differences(null, null)).toEqual([])
  })

  it('calls nothing stricter of a gate that no column asks for', () => {
    expect(told(['[README.md]', '[README.md, SAFETY.md]'])).toEqual(['`docs`: paths gains `SAFETY.md`'])
  })
})

describe('keys of another version', () => {
  const base = policy(HEAD + COLUMNS + GATES)
  const words = (before: object, after: object) =>
    differences({ ...base, ...before } as Policy, { ...base, ...after } as Policy).map(differenceWords)

  it('are told as they stand, and ways around gates as looser', () => {
    const gates = { ...base.gates }
    const [name = '', gate] =
      Object.entries(gates).find(([name]) => base.columns.some(({ enter }) => enter.includes(name))) ?? []
    const waivable = {
      gates: { ...gates, [name]: { ...gate, waive: { teams: ['leads'], longestDays: 7, compensate: null } } },
    }
    expect(words({}, waivable)).toEqual([expect.stringMatching(/waive.*new \(looser\)$/)])
    expect(words(waivable, {})).toEqual([expect.stringMatching(/waive.*\(stricter\)$/)])
    expect(words({}, { budgets: { risk: { total: 12, reset: 'monthly' } } })).toEqual([
      '`budgets.risk.total` 12, new (stricter)',
      '`budgets.risk.reset` `monthly`, new',
    ])
  })

  it('never throw, and are never missed', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()), (a, b) => {
        const [before, after] = [
          JSON.parse(JSON.stringify({ more: { ...a } })),
          JSON.parse(JSON.stringify({ more: { ...b } })),
        ]
        const found = words(before, after)
        expect(words(after, before).length > 0).toBe(found.length > 0)
        for (const one of found) expect(one).not.toMatch(/[\n\r]|undefined/)
      }),
    )
  })
})

it('shows hostile names as typed, and nobody is notified', () => {
  const hostile = HEAD + COLUMNS.replaceAll('Staging', '"<b>@acme/all</b> [x](http://evil)`"') + GATES
  const [first] = differences(policy(hostile), policy(hostile.replace('limit: 3', 'limit: 4'))).map(differenceWords)
  expect(first).toBe("The limit of **`<b>@acme/all</b> [x](http://evil)'`**: 3 → 4 (looser)")
})
