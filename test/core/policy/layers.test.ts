// What a policy extends: presets and the organization's own files, each once, and no circles.
import { describe, expect, it } from 'vitest'
import { sentence } from '../../../src/core/facts/problem.ts'
import { type Bases, combine } from '../../../src/core/policy/inherit.ts'

const source = (repository: string, path: string, text: string) => ({ repository, path, text })
const organization = (text: string) => source('acme/.github', '.github/andon.yml', text)
const repository = (text: string) => source('acme/bot', '.github/andon.yml', text)

const PRESET = `version: 1
board: { project: 1 }
columns:
  - name: Todo
  - name: Done
    enter: [ready]
gates:
  ready: { kind: manifest, requires: [prompts] }
`

function bases(files: Record<string, string> = {}): Bases {
  return {
    presets: { 'andon/small@1': PRESET },
    organization: Object.entries(files).map(([name, text]) => source('acme/.github', `policies/${name}.yml`, text)),
  }
}

const read = (text: string, files: Record<string, string> = {}, under: string | null = null) => {
  const combined = combine(under === null ? null : organization(under), repository(text), bases(files))
  if (combined === null) throw new Error('no policy')
  return combined
}
const value = (...args: Parameters<typeof read>) => {
  const combined = read(...args)
  if (!combined.ok) throw new Error(combined.problems.map(sentence).join('\n'))
  return combined.value
}
const problems = (...args: Parameters<typeof read>) => {
  const combined = read(...args)
  return combined.ok ? [] : combined.problems.map(sentence)
}

describe('a policy that extends another', () => {
  it('has all that a preset has, but for its board', () => {
    const policy = value('version: 1\nextends: andon/small@1\nboard: { project: 7 }\n')
    expect(policy.columns.map(({ name }) => name)).toEqual(['Todo', 'Done'])
    expect(policy.board.project).toBe(7)
    expect(problems('version: 1\nextends: andon/small@1\n')).toEqual([
      'acme/bot/.github/andon.yml, line 1, column 1: `board` is missing. Name the board, as in `board: { project: 12 }`.',
    ])
  })

  it('wins over what it extends, and of several the later wins', () => {
    const files = {
      a: 'version: 1\ngates: { ready: { kind: manifest, requires: [model] }, a: { kind: checks } }\n',
      b: 'version: 1\ngates: { ready: { kind: manifest, requires: [datasets] } }\n',
    }
    const text = (more: string) =>
      `version: 1\nextends: [andon/small@1, policies/a.yml, policies/b.yml]\nboard: { project: 7 }\n${more}`
    expect(value(text(''), files).gates.ready?.settings).toEqual({ requires: ['datasets'] })
    expect(
      value(text('gates: { ready: { kind: manifest, requires: [rollback] } }\n'), files).gates.ready?.settings,
    ).toEqual({ requires: ['rollback'] })
    expect(Object.keys(value(text(''), files).gates)).toEqual(['ready', 'a'])
  })

  it('lies with all it extends on top of the organization’s', () => {
    const under = 'version: 1\nextends: policies/base.yml\nboard: { project: 7 }\n'
    const files = {
      base: PRESET.replace('board: { project: 1 }\n', ''),
      more: 'version: 1\ngates: { ready: { kind: manifest, requires: [model] } }\n',
    }
    expect(value('version: 1\nextends: policies/more.yml\n', files, under).gates.ready?.settings).toEqual({
      requires: ['model'],
    })
  })

  it('takes a file that several extend once, where it lies lowest', () => {
    const under =
      'version: 1\nextends: andon/small@1\nboard: { project: 7 }\ngates: { ready: { kind: manifest, requires: [model] } }\n'
    expect(value('version: 1\nextends: andon/small@1\n', {}, under).gates.ready?.settings).toEqual({
      requires: ['model'],
    })
  })

  it.each([
    [
      'a preset that is not there',
      'extends: andon/smal@1',
      {},
      'line 2, column 10: `andon/smal@1` is no preset of this version of Andon. There are: `andon/small@1`.',
    ],
    [
      'another version of one',
      'extends: andon/small@2',
      {},
      'line 2, column 10: `andon/small@2` is no preset of this version of Andon. There are: `andon/small@1`.',
    ],
    [
      'one without its version',
      'extends: andon/small',
      {},
      'line 2, column 10: Name a preset with its version, as in `andon/regulated@1`, or a file of the organization, as in `policies/base.yml`.',
    ],
    [
      'a file that is not there',
      'extends: policies/bose.yml',
      { base: 'version: 1\n' },
      'line 2, column 10: `policies/bose.yml` is nothing that can be extended. Did you mean `policies/base.yml`?',
    ],
    [
      'a file where the organization has none',
      'extends: policies/base.yml',
      {},
      'line 2, column 10: `policies/base.yml` is nothing that can be extended: the organization’s `.github` repository has no files under `policies/`. Add the file there, or extend a preset, as in `andon/regulated@1`.',
    ],
    [
      'something else',
      'extends: https://example.com/base.yml',
      {},
      'line 2, column 10: Name a preset with its version, as in `andon/regulated@1`, or a file of the organization, as in `policies/base.yml`.',
    ],
  ])('may not name %s', (_, line, files, told) => {
    // The columns, and the gate, may stand in what could not be found: nothing is said of them.
    expect(
      problems(`version: 1\n${line}\nboard: { project: 7 }\nemergency: { teams: [a], skips: [b] }\n`, files),
    ).toEqual([`acme/bot/.github/andon.yml, ${told}`])
  })

  it('is told the circle, where what it extends leads back to itself', () => {
    const files = {
      a: 'version: 1\nextends: policies/b.yml\n',
      b: 'version: 1\nextends: [andon/small@1, policies/a.yml]\n',
      c: 'version: 1\nextends: policies/c.yml\n',
    }
    const text = (name: string) =>
      `version: 1\nextends: policies/${name}.yml\nboard: { project: 7 }\ncolumns: [{ name: A }]\n`
    expect(problems(text('a'), files)).toEqual([
      'acme/.github/policies/b.yml, line 2, column 26: This extends itself: `policies/a.yml` → `policies/b.yml` → `policies/a.yml`. Take one of these `extends` out.',
    ])
    expect(problems(text('c'), files)).toEqual([
      'acme/.github/policies/c.yml, line 2, column 10: This extends itself: `policies/c.yml` → `policies/c.yml`. Take one of these `extends` out.',
    ])
  })

  it('is not in force where what it extends is broken: the problem names the file that is', () => {
    expect(
      problems('version: 1\nextends: policies/base.yml\nboard: { project: 7 }\ncolumns: [{ name: A }]\n', {
        base: 'version: 1\ngates: { a: { kind: manifset } }\n',
      }),
    ).toEqual([
      'acme/.github/policies/base.yml, line 2, column 21: `manifset` is no kind of gate. Did you mean `manifest`?',
    ])
    expect(problems('version: 1\n', {}, 'version: 1\nboard: {')).toEqual([
      'acme/.github/.github/andon.yml, line 2, column 9: This is not YAML: Flow map in block collection must be sufficiently indented and end with a }.',
    ])
  })
})
