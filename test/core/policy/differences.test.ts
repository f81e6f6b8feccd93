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
      '**`Staging`**: `spend`: `when-spent` `{"approvals":2,"teams":["sre"],"users":[]}`, new (looser)',
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
      '**`Production`**: `approval`: waive `{"teams":["everybody"]}`, new (looser)',
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
    expect(told(bounds)).toEqual(['`waivers.longest-days` 30 → 2 (stricter)', '`waivers.most-open` 3 → 1 (stricter)'])
    const [without, within] = [policy(HEAD + COLUMNS + GATES), policy(HEAD + COLUMNS + GATES.replace(...bounds))]
    expect(differences(within, without).map(differenceWords)).toEqual([
      '`waivers.longest-days` 2 → 30 (looser)',
      '`waivers.most-open` 1 → 3 (looser)',
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

describe('what lets more through, in whatever key it stands', () => {
  const asking = (gate: string, more = '') =>
    `columns: [{ name: A }, { name: B, enter: [g] }]\ngates: { g: ${gate} }\n${more}`
  const moving = (rule: string, more = '') => `columns: [{ name: A }, { name: B${rule} }]\n${more}`
  const frozen = (except: string) =>
    asking(
      `{ kind: freeze, windows: [{ weekly: { from: "Fri 16:00", to: "Mon 08:00" }, zone: UTC${except} }, { from: "2030-12-20T00:00", to: "2031-01-04T00:00", zone: UTC }] }`,
      'risk: { high: { labels: [h] }, low: { labels: [l] } }\n',
    )
  const lane = (keys: string) => asking('{ kind: manifest }', `emergency: { skips: [g], ${keys} }\n`)

  it.each<[string, string, string, string[], string[]]>([
    [
      'movers',
      moving(', movers: { teams: [x], users: [y, z] }'),
      moving(''),
      ['Everybody may move cards into **`B`** now, and before only teams `x`, and users `y`, `z` (looser)'],
      ['Only teams `x`, and users `y`, `z` may move cards into **`B`** now (stricter)'],
    ],
    [
      'one mover more',
      moving(', movers: { teams: [x] }'),
      moving(', movers: { teams: [x, y] }'),
      ['**`B`**: `movers.teams` gains `y` (looser)'],
      ['**`B`**: `movers.teams` loses `y` (stricter)'],
    ],
    [
      'a limit by risk',
      moving(', limit: { per-risk: { high: 1 } }', 'risk: { high: { labels: [h] } }\n'),
      moving(', limit: { per-risk: { high: 3 } }', 'risk: { high: { labels: [h] } }\n'),
      ['The limit of **`B`** for risk `high`: 1 → 3 (looser)'],
      ['The limit of **`B`** for risk `high`: 3 → 1 (stricter)'],
    ],
    [
      'a column that takes cards by itself',
      moving(', limit: 3'),
      moving(', limit: 3, pull: true'),
      ['**`B`** takes ready cards by itself now (looser)'],
      ['**`B`** no longer takes cards by itself (stricter)'],
    ],
    [
      'while the gates are open',
      moving(', while-waiting: return'),
      moving(''),
      ['While its gates are open, a card waits in **`B`** (looser)'],
      ['While its gates are open, a card goes back from **`B`** and comes forward by itself (stricter)'],
    ],
    [
      'where an agent may go',
      moving('', 'agents: { c: { login: c, may-enter: [A] } }\n'),
      moving('', 'agents: { c: { login: c, may-enter: [A, B] } }\n'),
      ['Agent `c`: `may-enter` gains `B` (looser)'],
      ['Agent `c`: `may-enter` loses `B` (stricter)'],
    ],
    [
      'an agent as such',
      moving('', 'agents: { c: { login: c } }\n'),
      moving(''),
      ['The agent `c` is gone (looser)'],
      ['The agent `c` is new (stricter)'],
    ],
    [
      'how much a card weighs',
      asking('{ kind: budget, of: risk, limit: 5, window: 7d, weights: { default: 3 } }'),
      asking('{ kind: budget, of: risk, limit: 5, window: 7d, weights: { default: 1 } }'),
      ['**`B`**: `g`: `weights.default` 3 → 1 (looser)'],
      ['**`B`**: `g`: `weights.default` 1 → 3 (stricter)'],
    ],
    [
      'how long a gate may be waived',
      asking('{ kind: manifest, waive: { teams: [x], longest-days: 2 } }'),
      asking('{ kind: manifest, waive: { teams: [x] } }'),
      ['**`B`**: `g`: `waive.longest-days` no longer set (it was 2) (looser)'],
      ['**`B`**: `g`: `waive.longest-days` 2, new (stricter)'],
    ],
    [
      'which cards a freeze excepts',
      frozen(''),
      frozen(', except: { risk: [low] }'),
      ['**`B`**: `g`: `windows.1.except` `{"risk":["low"]}`, new (looser)'],
      ['**`B`**: `g`: `windows.1.except` no longer set (it was `{"risk":["low"]}`) (stricter)'],
    ],
    [
      'one more of them',
      frozen(', except: { risk: [low] }'),
      frozen(', except: { risk: [low, high] }'),
      ['**`B`**: `g`: `windows.1.except.risk` gains `high` (looser)'],
      ['**`B`**: `g`: `windows.1.except.risk` loses `high` (stricter)'],
    ],
    [
      'what else they must be',
      frozen(', except: { risk: [low], changes: [k] }').concat('changes: { k: { label: k } }\n'),
      frozen(', except: { risk: [low] }').concat('changes: { k: { label: k } }\n'),
      ['**`B`**: `g`: `windows.1.except.changes` no longer set (it was `k`) (looser)'],
      ['**`B`**: `g`: `windows.1.except.changes` `k`, new (stricter)'],
    ],
    [
      'the emergency lane',
      lane('teams: [x], review-hours: 4'),
      lane('teams: [x, y], review-hours: 40'),
      ['`emergency.teams` gains `y` (looser)', '`emergency.review-hours` 4 → 40 (looser)'],
      ['`emergency.teams` loses `y` (stricter)', '`emergency.review-hours` 40 → 4 (stricter)'],
    ],
  ])('is told as looser: %s', (_, before, after, looser, stricter) => {
    const [old, now] = [policy(HEAD + before), policy(HEAD + after)]
    expect(differences(old, now).map(differenceWords)).toEqual(looser)
    expect(differences(now, old).map(differenceWords)).toEqual(stricter)
  })

  it.each<[string, string, string, string[]]>([
    [
      'another hold label',
      moving(''),
      moving('', 'labels: { hold: stop }\n'),
      ['The label that holds a card is `stop` now, and was `andon: hold` (may be looser)'],
    ],
    [
      'columns in another order',
      'columns: [{ name: A }, { name: B }]\n',
      'columns: [{ name: B }, { name: A }]\n',
      ['The columns are in another order: `B`, `A`, and were `A`, `B` (may be looser)'],
    ],
    [
      'risks in another order',
      moving('', 'risk: { high: { labels: [h] }, low: { labels: [l] } }\n'),
      moving('', 'risk: { low: { labels: [l] }, high: { labels: [h] } }\n'),
      ['risk in another order: `low`, `high` (may be looser)'],
    ],
    [
      'what marks a risk: its cards then meet the gates of another',
      moving('', 'risk: { high: { labels: [h, i] } }\n'),
      moving('', 'risk: { high: { labels: [h] } }\n'),
      ['Risk `high`: labels loses `i` (may be looser)'],
    ],
    [
      'more cards of a risk',
      moving('', 'risk: { low: { labels: [l] } }\n'),
      moving('', 'risk: { low: { labels: [l, h] } }\n'),
      ['Risk `low`: labels gains `h` (may be looser)'],
    ],
    [
      'another window of freezing',
      frozen(''),
      frozen('').replace('Mon 08:00', 'Sun 08:00'),
      ['**`B`**: `g`: `windows.1.weekly.to` `Mon 08:00` → `Sun 08:00` (may be looser)'],
    ],
  ])('may be looser where nobody can tell: %s', (_, before, after, words) => {
    expect(differences(policy(HEAD + before), policy(HEAD + after)).map(differenceWords)).toEqual(words)
  })
})

it('calls what runs after a move neither stricter nor looser', () => {
  const before = 'columns: [{ name: A }, { name: B }]\n'
  const after = 'columns: [{ name: A }, { name: B, then: [w] }]\nworkflows: { w: { file: w.yml } }\n'
  expect(differences(policy(HEAD + before), policy(HEAD + after)).map(differenceWords)).toEqual([
    '**`B`** now runs `w` once a move into it is granted',
    'The workflow `w` is new',
  ])
})

it('tells of each board that is governed no longer', () => {
  const [two = '', three = ''] = ['[13]', '[13, 14]'].map(
    (also) => HEAD.replace('12', `12, also: ${also}`) + COLUMNS + GATES,
  )
  const words = (before: string, after: string) => differences(policy(before), policy(after)).map(differenceWords)
  expect(words(three, two)).toEqual(['`board.also` loses 14 (looser)'])
  expect(words(two, three)).toEqual(['`board.also` gains 14 (stricter)'])
  expect(words(two, two.replace('12', '15'))).toEqual([
    'The policy governs board 15 now, and governed board 12 (may be looser)',
  ])
})

describe('keys of another version', () => {
  const base = policy(HEAD + COLUMNS + GATES)
  const words = (before: object, after: object) =>
    differences({ ...base, ...before } as Policy, { ...base, ...after } as Policy).map(differenceWords)

  it('are told as they stand, and may mean anything', () => {
    const gates = { ...base.gates }
    const [name = '', gate] =
      Object.entries(gates).find(([name]) => base.columns.some(({ enter }) => enter.includes(name))) ?? []
    const waivable = {
      gates: { ...gates, [name]: { ...gate, waive: { teams: ['leads'], longestDays: 7, compensate: null } } },
    }
    expect(words({}, waivable)).toEqual([expect.stringMatching(/waive.*new \(looser\)$/)])
    expect(words(waivable, {})).toEqual([expect.stringMatching(/waive.*\(stricter\)$/)])
    expect(words({}, { budgets: { risk: { total: 12, reset: 'monthly' } } })).toEqual([
      '`budgets.risk.total` 12, new (may be looser)',
      '`budgets.risk.reset` `monthly`, new (may be looser)',
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
