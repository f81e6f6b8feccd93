// Ways around a lock: what it mentions is given another meaning, its cards another risk, its column another place.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { type Bases, combine, NO_BASES } from '../../../src/core/policy/inherit.ts'
import { readPresets } from '../../../src/presets.ts'

const REMEDY = 'A locked rule may be tightened here, and loosened only where it is locked.'

/** What is wrong with a repository's lines on top of the organization's, without the file and the remedy. */
function problems(under: string, over: string, bases: Bases = NO_BASES): string[] {
  const combined = combine(
    { repository: 'acme/.github', path: 'andon.yml', text: `version: 1\n${under}` },
    { repository: 'acme/bot', path: 'andon.yml', text: `version: 1\n${over}\n` },
    bases,
  )
  if (combined === null || combined.ok) return []
  return combined.problems.map((problem) => {
    expect(problem).toMatchObject({ file: 'acme/bot/andon.yml', line: expect.any(Number), remedy: REMEDY })
    return sentence(problem).replace('acme/bot/andon.yml, ', '').replace(` ${REMEDY}`, '')
  })
}

const BOARD = 'board: { project: 12 }\n'
const columns = (...lines: string[]) => `columns: [${lines.join(', ')}]`
/** A board whose one gate is `a`; line 3 holds the columns, line 4 the gate. */
const gated = (gate: string, more = '') =>
  `${BOARD}${columns('{ name: Todo }', '{ name: Live, enter: [a] }')}\ngates: { a: { ${gate} } }\n${more}`
const all = (text: string) => `locked: true\n${text}`

describe('cards do not get another risk than a locked rule counts on:', () => {
  const RISKS = 'risk: { low: { labels: [low] }, high: { labels: [high] } }\n'

  it.each([
    [
      'a risk that a condition names',
      gated('kind: approval, teams: [x], when: { risk: [high] }, locked: true', RISKS),
      'risk: { high: { labels: [never] } }',
      'line 2, column 25: `risk.high.labels` must stay `["high"]`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'one before it, which takes its cards',
      gated('kind: approval, teams: [x], when: { risk: [high] }, locked: true', RISKS),
      'risk: { low: { labels: [low, high] } }',
      'line 2, column 24: `risk.low.labels` must stay `["low"]`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a risk that a count names',
      gated('kind: approval, teams: [x], count: { default: 1, high: 3 }, locked: true', RISKS),
      'risk: { high: { labels: [never] } }',
      'line 2, column 25: `risk.high.labels` must stay `["high"]`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a risk that a budget weighs',
      gated('kind: budget, of: risk, weights: { default: 1, high: 5 }, limit: 9, window: 7d, locked: true', RISKS),
      'risk: { high: { labels: [never] } }',
      'line 2, column 25: `risk.high.labels` must stay `["high"]`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a risk that a freeze excepts',
      gated(
        'kind: freeze, windows: [{ cron: "0 0 * * *", minutes: 5, zone: UTC, except: { risk: [low] } }], locked: true',
        RISKS,
      ),
      'risk: { low: { labels: [low], paths: ["**"] } }',
      'line 2, column 38: `risk.low.paths` must stay absent: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a risk that a limit counts',
      `${BOARD}columns: [{ name: Todo }, { name: Live, limit: { per-risk: { high: 1 } }, locked: true }]\n${RISKS}`,
      'risk: { high: { labels: [never] } }',
      'line 2, column 25: `risk.high.labels` must stay `["high"]`: it is locked with the column `Live` in acme/.github/andon.yml, line 3.',
    ],
    [
      'a new risk, where a condition names `default`',
      gated('kind: approval, teams: [x], when: { risk: [high, default] }, locked: true', RISKS),
      'risk: { mine: { paths: ["**"] } }',
      'line 2, column 15: `risk.mine` must not be added: the list of risks is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a new risk, where a limit names `default` and there was none',
      `${BOARD}columns: [{ name: Todo }, { name: Live, limit: { per-risk: { default: 1 } }, locked: true }]\n`,
      'risk: { mine: { paths: ["**"] } }',
      'line 2, column 15: `risk.mine` must not be added: the list of risks is locked with the column `Live` in acme/.github/andon.yml, line 3.',
    ],
    [
      'a kind that gives a risk',
      gated(
        'kind: approval, teams: [x], when: { risk: [high] }, locked: true',
        'risk: { high: { changes: [model] } }\nchanges: { model: { label: m } }\n',
      ),
      'changes: { model: { label: never } }',
      'line 2, column 28: `changes.model.label` must stay `m`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a risk that is locked itself, widened',
      gated('kind: manifest', 'risk: { low: { labels: [low], locked: true } }\n'),
      'risk: { low: { labels: [low, high] } }',
      'line 2, column 24: `risk.low.labels` must stay `["low"]`: it is locked in acme/.github/andon.yml, line 5.',
    ],
  ])('%s', (_, under, over, told) => expect(problems(under, over)).toEqual([told]))

  it('but may get new ones that take none from them', () => {
    const under = gated(
      'kind: approval, teams: [x], count: { default: 1, high: 3 }, when: { risk: [high] }, locked: true',
      RISKS,
    )
    expect(problems(under, 'risk: { mine: { labels: [mine] } }')).toEqual([])
  })
})

describe('cards do not get another kind than a locked rule counts on:', () => {
  const KINDS = 'changes: { prompt: { label: p }, model: { label: m, requires: [model] } }\n'
  const ASKED = gated('kind: approval, teams: [x], when: { changes: [model] }, locked: true', KINDS)

  it.each([
    [
      'another label',
      ASKED,
      'changes: { model: { label: never, requires: [model] } }',
      'line 2, column 28: `changes.model.label` must stay `m`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'its label on a kind before it',
      ASKED,
      'changes: { prompt: { label: m } }',
      'line 2, column 29: `changes.prompt.label` must stay `p`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a new kind, whose label goes before the word of the manifest',
      ASKED,
      'changes: { anything: { label: bug } }',
      'line 2, column 22: `changes.anything` must not be added: the list of kinds is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'less of the manifest',
      gated('kind: manifest, locked: true', KINDS),
      'changes: { model: { label: m } }',
      'line 2, column 12: `changes.model.requires` must keep `model`: it is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
    [
      'a kind of which the manifest needs nothing',
      gated('kind: manifest, locked: true', KINDS),
      'changes: { nothing: {} }',
      'line 2, column 21: `changes.nothing` must not be added: the list of kinds is locked with the gate `a` in acme/.github/andon.yml, line 4.',
    ],
  ])('%s', (_, under, over, told) => expect(problems(under, over)).toEqual([told]))

  it('but may get kinds where there are none, and no locked rule asks for one', () => {
    expect(problems(gated('kind: manifest, locked: true'), KINDS)).toEqual([])
    expect(
      problems(gated('kind: approval, teams: [x], locked: true', KINDS), 'changes: { docs: { label: d } }'),
    ).toEqual([])
  })
})

describe('nobody is somebody else than a locked rule counts on:', () => {
  const AGENTS = 'agents: { helper: { login: help }, coder: { login: code, may-enter: [Live] } }\n'

  it.each([
    [
      'an agent that a condition asks for',
      'kind: approval, teams: [x], when: { agents: true }, locked: true',
      'coder',
      'other',
    ],
    [
      'one before it, which takes its login',
      'kind: approval, teams: [x], when: { agents: [coder] }, locked: true',
      'helper',
      'code',
    ],
    ['one that would count as an approver', 'kind: approval, teams: [x], locked: true', 'coder', 'other'],
  ])('%s', (_, gate, name, login) => {
    const was = name === 'coder' ? 'code' : 'help'
    expect(problems(gated(gate, AGENTS), `agents: { ${name}: { login: ${login} } }`)).toEqual([
      `line 2, column ${22 + name.length}: \`agents.${name}.login\` must stay \`${was}\`: it is locked with the gate \`a\` in acme/.github/andon.yml, line 4.`,
    ])
  })

  it('one whom a locked column lets move', () => {
    const under = `${BOARD}columns: [{ name: Todo }, { name: Live, movers: { agents: [coder] }, locked: true }]\n${AGENTS}`
    expect(problems(under, 'agents: { coder: { login: other } }')).toEqual([
      'line 2, column 27: `agents.coder.login` must stay `code`: it is locked with the column `Live` in acme/.github/andon.yml, line 3.',
    ])
  })

  it('but an agent that is not locked may enter more', () =>
    expect(problems(gated('kind: manifest, locked: true', AGENTS), 'agents: { coder: { login: code } }')).toEqual([]))
})

describe('a locked budget is not emptied by weights:', () => {
  const budget = (weights: string) => `kind: budget, of: risk, limit: 5, window: 7d${weights}`
  const RISK = 'risk: { high: { labels: [high] } }\n'

  it.each([
    [
      'cards that weigh nothing',
      '',
      '{ default: 0 }',
      'line 2, column 81: `gates.a.weights.default` must be at least 1',
    ],
    [
      'one risk that does',
      '{ default: 3 }',
      '{ default: 3, high: 0 }',
      'line 2, column 90: `gates.a.weights.high` must be at least 3',
    ],
    [
      'one that is left out',
      '{ default: 1, high: 4 }',
      '{ default: 2 }',
      'line 2, column 70: `gates.a.weights` must be at least 4 at risk `high`',
    ],
    ['none at all', '{ default: 2 }', '', 'line 2, column 10: `gates.a.weights` must be at least 2'],
  ])('%s', (_, before, after, told) => {
    const [was, now] = [before, after].map((weights) => budget(weights && `, weights: ${weights}`))
    expect(problems(gated(`${was}, locked: true`, RISK), `gates: { a: { ${now} } }`)).toEqual([
      `${told}: it is locked in acme/.github/andon.yml, line 4.`,
    ])
  })

  it('but may weigh more', () => {
    const over = `gates: { a: { ${budget(', weights: { default: 3, high: 4 }')} } }`
    expect(problems(gated(`${budget(', weights: { default: 2, high: 4 }')}, locked: true`, RISK), over)).toEqual([])
  })
})

describe('a column that asks for a locked gate', () => {
  const GATES = 'gates: { g: { kind: manifest, locked: true }, s: { kind: soak, minutes: 60, locked: true } }\n'
  const under = (...lines: string[]) => `${BOARD}${columns(...lines)}\n${GATES}`
  const [FIRST, STAGING, MONITORING] = ['{ name: Todo }', '{ name: Staging }', '{ name: Monitoring }']
  const [LIVE, SOAKED, LEFT] = [
    '{ name: Live, enter: [g] }',
    '{ name: Live, enter: [s] }',
    '{ name: Live, leave: [g] }',
  ]
  const by = (gate: string) => `with the gate \`${gate}\` in acme/.github/andon.yml, line 4`
  const itself = 'in acme/.github/andon.yml, line 3'
  const LOCKED = '{ name: Live, enter: [g], locked: true }'

  it.each([
    [
      'asks for it',
      [FIRST, LIVE],
      [FIRST, '{ name: Live }'],
      'line 2, column 27: `columns[1].enter` must keep `g`',
      by('g'),
    ],
    [
      'asks for it on the same side',
      [FIRST, LIVE],
      [FIRST, LEFT],
      'line 2, column 27: `columns[1].enter` must keep `g`',
      by('g'),
    ],
    ['is there', [FIRST, LIVE], [FIRST, '{ name: Go }'], 'line 2, column 10: `columns` must hold `Live`', by('g')],
    [
      'comes after those that it came after',
      [FIRST, LIVE],
      [LIVE, FIRST],
      'line 2, column 11: `columns[0]` must come after `Todo`',
      by('g'),
    ],
    [
      'comes before those that it led to',
      [FIRST, LIVE, MONITORING],
      [FIRST, MONITORING, LIVE],
      'line 2, column 49: `columns[2]` must come before `Monitoring`',
      by('g'),
    ],
    [
      'does so, too, where it is locked itself',
      [FIRST, LOCKED],
      [LIVE, FIRST],
      'line 2, column 11: `columns[0]` must come after `Todo`',
      itself,
    ],
    [
      'stays the first one',
      [LOCKED, MONITORING],
      [FIRST, LIVE, MONITORING],
      'line 2, column 27: `columns[1]` must come first',
      itself,
    ],
    [
      'counts the time in the column before it',
      [FIRST, STAGING, SOAKED],
      [FIRST, STAGING, '{ name: Parking }', SOAKED],
      'line 2, column 65: `columns[3]` must come directly after `Staging`, where `s` counts the time',
      by('s'),
    ],
    [
      'guards the way into the one after it',
      [FIRST, LEFT, MONITORING],
      [FIRST, LEFT, '{ name: Parking }', MONITORING],
      'line 2, column 27: `columns[1]` must come directly before `Monitoring`, the way that `g` guards',
      by('g'),
    ],
  ])('%s', (_, before, after, told, lock) =>
    expect(problems(under(...before), columns(...after))).toEqual([`${told}: it is locked ${lock}.`]),
  )

  it('may have more before it and behind it', () =>
    expect(
      problems(under(FIRST, STAGING, LIVE), columns(FIRST, STAGING, '{ name: Canary }', LIVE, MONITORING)),
    ).toEqual([]))

  it('is reached one column at a time', () =>
    expect(problems(under(FIRST, STAGING, LIVE), 'moves: { forward: any }')).toEqual([
      'line 2, column 19: `moves.forward` must stay `next`: it is locked with the gate `g` in acme/.github/andon.yml, line 4.',
    ]))
})

describe('a file that is locked as a whole', () => {
  it.each([
    ['moves that it does not write', 'moves: { forward: any }', 'line 2, column 19: `moves.forward` must stay `next`'],
    [
      'the label that holds cards',
      'labels: { hold: nobody }',
      'line 2, column 17: `labels.hold` must stay `andon: hold`',
    ],
    [
      'waivers that it does not write',
      'waivers: { most-open: 9 }',
      'line 2, column 23: `waivers.most-open` must be at most 3',
    ],
  ])('locks %s', (_, over, told) =>
    expect(problems(all(gated('kind: manifest')), over)).toEqual([
      `${told}: it is locked in acme/.github/andon.yml, line 2.`,
    ]),
  )

  it('locks what it extends, and what the company’s own file says over it', () => {
    const base = {
      repository: 'acme/.github',
      path: 'policies/base.yml',
      text: 'version: 1\ngates: { b: { kind: soak, minutes: 9 } }\n',
    }
    const under = all(gated('kind: manifest', 'extends: policies/base.yml\n'))
    expect(problems(under, 'gates: { b: { kind: soak, minutes: 1 } }', { presets: {}, organization: [base] })).toEqual([
      'line 2, column 36: `gates.b.minutes` must be at least 9: it is locked in acme/.github/andon.yml, line 2.',
    ])
  })

  it('does not lock what lies below it and is none of its own', () => {
    const file = (name: string, text: string) => ({
      repository: 'acme/.github',
      path: `policies/${name}.yml`,
      text: `version: 1\n${text}`,
    })
    const organization = [
      file('a', 'gates: { b: { kind: soak, minutes: 9 } }\n'),
      file('b', 'locked: true\ngates: { c: { kind: soak, minutes: 9 } }\n'),
    ]
    const under = gated('kind: manifest', 'extends: [policies/a.yml, policies/b.yml]\n')
    const soak = (name: string) => `gates: { ${name}: { kind: soak, minutes: 1 } }`
    expect(problems(under, soak('b'), { presets: {}, organization })).toEqual([])
    expect(problems(under, soak('c'), { presets: {}, organization })).toEqual([
      'line 2, column 36: `gates.c.minutes` must be at least 9: it is locked in acme/.github/policies/b.yml, line 3.',
    ])
  })

  it('`andon/regulated@1` locks the kinds of `andon/llm-delivery@1`, and lets a company name its labels for moves', () => {
    const regulated = (over: string) =>
      problems(`extends: andon/regulated@1\n${BOARD}`, over, { presets: readPresets(), organization: [] })
    expect(
      regulated('changes: { model-version: { label: never, requires: [model, datasets, guardrails, rollback] } }'),
    ).toEqual([
      'line 2, column 36: `changes.model-version.label` must stay `change: model`: it is locked in andon/regulated@1, line 5.',
    ])
    expect(regulated('labels: { move: { "go live": Production } }')).toEqual([])
  })
})

it('no layer lets an emergency skip a locked gate', () => {
  const over = 'emergency: { teams: [x], skips: [a] }'
  expect(problems(gated('kind: manifest, locked: true'), over)).toEqual([
    'line 2, column 33: `emergency.skips` must not name `a`: it is locked in acme/.github/andon.yml, line 4.',
  ])
  const lane = 'emergency: { teams: [x], skips: [b], locked: true }\n'
  const two = gated('kind: manifest, locked: true }, b: { kind: manifest', lane)
  expect(problems(two, over.replace('[a]', '[a, b]'))).toEqual([
    'line 2, column 33: `emergency.skips` must not add `a`: it is locked in acme/.github/andon.yml, line 5.',
  ])
})

describe('a section is locked by its own word:', () => {
  it('labels', () =>
    expect(
      problems(gated('kind: manifest', 'labels: { hold: stop, locked: true }\n'), 'labels: { hold: nobody }'),
    ).toEqual(['line 2, column 17: `labels.hold` must stay `stop`: it is locked in acme/.github/andon.yml, line 5.']))

  it('an emergency by the locked gate that it skips', () => {
    const under = gated(
      'kind: manifest, locked: true',
      'emergency: { teams: [incident], skips: [a], review-hours: 4 }\n',
    )
    const lock = 'it is locked with the gate `a` in acme/.github/andon.yml, line 4.'
    expect(problems(under, 'emergency: { teams: [everybody], skips: [a], review-hours: 720 }')).toEqual([
      `line 2, column 21: \`emergency.teams\` must not add \`everybody\`: ${lock}`,
      `line 2, column 60: \`emergency.review-hours\` must be at most 4: ${lock}`,
    ])
    expect(problems(under, 'emergency: { teams: [incident], skips: [a], review-hours: 2 }')).toEqual([])
  })
})

it('what a layer between tightens is locked with what it mentions then', () => {
  const text = gated('kind: approval, teams: [x], locked: true')
  const base = { repository: 'acme/.github', path: 'policies/base.yml', text: `version: 1\n${text}` }
  const under =
    'extends: policies/base.yml\ngates: { a: { kind: approval, teams: [x], count: { default: 1, high: 2 } } }\nrisk: { high: { labels: [high] } }\n'
  expect(problems(under, 'risk: { high: { labels: [never] } }', { presets: {}, organization: [base] })).toEqual([
    'line 2, column 25: `risk.high.labels` must stay `["high"]`: it is locked with the gate `a` in acme/.github/policies/base.yml, line 4.',
  ])
})
