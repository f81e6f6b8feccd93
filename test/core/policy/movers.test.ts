// Movers and agents in a policy: what they become, names that stand for nothing, and rules that do not go together.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'

const policy = (movers: string, agents = '', gate = 'kind: manifest') => `version: 1
board: { project: 12 }
agents:
  coder: { login: "acme-coder[bot]"${agents} }
columns:
  - name: Backlog
  - name: Production
    enter: [ready]
    movers: ${movers}
gates:
  ready: { ${gate} }
  always: { kind: manifest }
`
const read = (text: string) => {
  const parsed = parsePolicy(text.replace('enter: [ready]', 'enter: [ready, always]'), 'p')
  return parsed.ok ? (parsed.warnings ?? []).map(sentence) : parsed.problems.map(sentence)
}

describe('movers and agents', () => {
  it('become what the program reads, and are absent where a policy does not use them', () => {
    const parsed = parsePolicy(policy('{ teams: [release], agents: [coder] }', ', may-enter: [Production]'))
    expect(parsed.ok && parsed.value.columns.map(({ movers }) => movers)).toEqual([
      undefined,
      { teams: ['release'], users: [], bots: [], agents: ['coder'] },
    ])
    expect(parsed.ok && parsed.value.agents).toEqual([
      { name: 'coder', login: 'acme-coder[bot]', mayEnter: ['Production'] },
    ])
  })

  it.each([
    [
      'nobody',
      '{}',
      '',
      'p, line 9, column 13: `movers` names nobody: give `teams`, `users`, `bots` or `agents`, or leave it out.',
    ],
    [
      'an agent that is not there',
      '{ agents: [codr] }',
      '',
      'p, line 9, column 24: `codr` is no agent of this policy. Did you mean `coder`?',
    ],
    [
      'a bot without its mark',
      '{ bots: [deploy] }',
      '',
      'p, line 9, column 22: Name a bot by its login with `[bot]` at the end, in quotes, as in `"deploy-bot[bot]"`.',
    ],
    [
      'a column that is not there',
      '{ users: [ann] }',
      ', may-enter: [Produktion]',
      'p, line 4, column 50: `Produktion` is no column of this policy. Did you mean `Production`?',
    ],
    [
      'an agent as a bot',
      '{ bots: ["Acme-Coder[bot]"] }',
      '',
      'p, line 9, column 22: `Acme-Coder[bot]` is the agent `coder`, which counts by that name alone. Name `coder` in `agents` of `movers`.',
    ],
    [
      'an agent that may not enter',
      '{ agents: [coder] }',
      ', may-enter: [Backlog]',
      'p, line 9, column 24: The agent `coder` never enters `Production`: it is not in its `may-enter`. Add the column there, or take the agent out here.',
    ],
    [
      'an agent that movers leave out',
      '{ users: [ann] }',
      ', may-enter: [Production]',
      'p, line 4, column 50: The agent `coder` never enters `Production`: the column’s `movers` do not name it. Add the agent there, or take the column out here.',
    ],
  ])('that name %s are told', (_, movers, agents, said) => expect(read(policy(movers, agents))).toEqual([said]))

  it.each([
    [
      'without a limit',
      '',
      'p, line 6, column 5: A column that pulls cards needs a `limit`: without one it would take every card that is ready. Give the column a `limit`.',
    ],
    [
      'as the first one',
      'first',
      'p, line 5, column 5: The first column has none before it to pull cards from. Leave `pull` out.',
    ],
  ])('a column cannot pull %s', (_, which, said) => {
    const columns = which
      ? '  - name: Backlog\n    pull: true\n  - name: Staging\n'
      : '  - name: Backlog\n  - name: Staging\n    pull: true\n'
    const parsed = parsePolicy(`version: 1\nboard: { project: 12 }\ncolumns:\n${columns}`, 'p')
    expect(parsed.ok ? [] : parsed.problems.map(sentence)).toEqual([said])
  })

  it('are names that `when` must know', () => {
    expect(read(policy('{ users: [ann] }', '', 'kind: manifest, when: { agents: [codr] }'))).toEqual([
      'p, line 11, column 45: `codr` is no agent of this policy. Did you mean `coder`?',
    ])
  })

  it('guard no card that no agent touched', () => {
    const parsed = parsePolicy(policy('{ users: [ann] }', '', 'kind: manifest, when: { agents: true }'), 'p')
    expect(parsed.ok && parsed.warnings?.map(sentence)[0]).toContain(
      'A card could enter `Production` with no gate that decides',
    )
  })
})
