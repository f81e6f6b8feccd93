// The walls of docs/architecture.md stand: in the sources as they are, and by examples of each that is broken.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { brokenWalls } from './support/walls.ts'

const root = join(import.meta.dirname, '..')
const sources = globSync(['src/**/*.ts', 'action/**/*.ts'], { cwd: root, exclude: (name) => name === 'dist' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.includes('.generated.') && !path.includes('/dist/'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

test('the sources are there to be looked at', () => {
  expect(sources.length).toBeGreaterThan(30)
})

test('no wall is broken', () => {
  expect(brokenWalls(sources)).toEqual([])
})

test('nine files in ten have under 200 lines', () => {
  const long = sources.filter((source) => source.text.trimEnd().split('\n').length >= 200)
  expect(long.length / sources.length, long.map((source) => source.path).join('\n')).toBeLessThanOrEqual(0.1)
})

describe('each wall is seen when it breaks', () => {
  const broken = (path: string, code: string, more: Record<string, string> = {}) =>
    brokenWalls([
      { path, text: `// Holds something.\n${code}\n` },
      ...Object.entries(more).map(([other, text]) => ({ path: other, text: `// Holds something.\n${text}\n` })),
    ]).join('\n')

  test.each([
    [
      'the core and a package',
      'src/core/facts/a.ts',
      "import { x } from 'node:fs'",
      'the core uses only zod, yaml, croner',
    ],
    ['the core and a package with a subpath', 'src/core/facts/a.ts', "import x from 'ulid/x'", 'the core uses only'],
    [
      'the core and another room',
      'src/core/decision/a.ts',
      "import type { X } from '../../github/port.ts'",
      'nothing but itself',
    ],
    [
      'a lower floor and a higher one',
      'src/core/facts/a.ts',
      "import { x } from '../gates/gate.ts'",
      'facts ← statistics ← gates',
    ],
    ['a floor that is none', 'src/core/other/a.ts', "import { x } from '../facts/a.ts'", 'only the floors'],
    ['the clock', 'src/core/facts/a.ts', 'export const at = Date.now()', 'the core is pure'],
    ['randomness', 'src/core/policy/a.ts', 'export const x = Math.random()', 'the core is pure'],
    ['a hidden import', 'src/core/policy/a.ts', "const x = await import('node:fs')", 'the core is pure'],
    [
      'Octokit in the flow',
      'src/flow/a.ts',
      "import { Octokit } from '@octokit/rest'",
      'only src/github knows Octokit',
    ],
    [
      'Octokit in an action',
      'action/evaluate/a.ts',
      "import { Octokit } from '@octokit/core'",
      'only src/github knows Octokit',
    ],
    [
      'the client in the sandbox',
      'src/sandbox/a.ts',
      "import { graphql } from '@octokit/graphql'",
      'only src/github knows Octokit',
    ],
    [
      'the flow behind GitHub’s port',
      'src/flow/a.ts',
      "import { x } from '../github/client.ts'",
      'through their ports',
    ],
    [
      'the flow behind the ledger’s port',
      'src/flow/a.ts',
      "import { x } from '../ledger/store.ts'",
      'through their ports',
    ],
    [
      'an action and a gate',
      'action/evaluate/a.ts',
      "import { x } from '../../src/core/gates/gate.ts'",
      'core/facts and core/statistics only',
    ],
    [
      'the app and an action',
      'src/sandbox/a.ts',
      "import { x } from '../../action/bundle.ts'",
      'without actions and tests',
    ],
    ['a re-export', 'src/flow/a.ts', "export { x } from '../ledger/store.ts'", 'through their ports'],
    [
      'an import over several lines',
      'src/flow/a.ts',
      "import {\n  type A,\n  b,\n} from '../ledger/store.ts'",
      'through their ports',
    ],
    ['an import at run time', 'src/flow/a.ts', "const a = await import('../github/client.ts')", 'through their ports'],
    ['a vague name', 'src/flow/utils.ts', '', 'named utils.ts'],
    ['a vague folder', 'src/web/helpers/a.ts', '', 'named helpers'],
    ['a long file', 'src/web/a.ts', '\n'.repeat(400).replaceAll('\n', '//\n'), '300 at most'],
  ])('%s', (_, path, code, why) => {
    expect(broken(path, code)).toContain(why)
  })

  test('a gate that imports a gate, or the list of gates', () => {
    const index = { 'src/core/gates/index.ts': "import { a } from './a.ts'\nimport { b } from './b.ts'" }
    expect(broken('src/core/gates/a.ts', "import { b } from './b.ts'", index)).toContain(
      'gates never import each other',
    )
    expect(broken('src/core/gates/a.ts', "import { all } from './index.ts'", index)).toContain(
      'gates never import each other',
    )
    expect(
      broken('src/core/gates/a.ts', "import { x } from './gate.ts'\nimport { y } from './shared-by-gates.ts'", index),
    ).toBe('')
  })

  test('rooms that import each other in a circle', () => {
    const more = {
      'src/cli/b.ts': "import { c } from '../sandbox/c.ts'",
      'src/sandbox/c.ts': "import { a } from '../web/deep/a.ts'",
    }
    expect(broken('src/web/deep/a.ts', "import { b } from '../../cli/b.ts'", more)).toContain(
      'src/web → src/cli → src/sandbox → src/web: folders may not import each other in a circle.',
    )
  })

  test('a file that does not say what it is for', () => {
    const sentence = 'does not open with a sentence'
    expect(brokenWalls([{ path: 'src/web/a.ts', text: 'export const a = 1\n' }]).join()).toContain(sentence)
    expect(brokenWalls([{ path: 'src/web/a.ts', text: '// a thing\nexport const a = 1\n' }]).join()).toContain(sentence)
    expect(brokenWalls([{ path: 'src/cli/a.ts', text: '#!/usr/bin/env node\n// Starts the command.\n' }])).toEqual([])
  })

  test('what is allowed, or only told in a comment, breaks nothing', () => {
    expect(
      broken('src/core/gates/freeze.ts', "import { Cron } from 'croner'\nimport { x } from '../statistics/mean.ts'"),
    ).toBe('')
    expect(
      broken('src/sandbox/a.ts', "import { schema } from '@octokit/graphql-schema'\nimport { parse } from 'graphql'"),
    ).toBe('')
    expect(
      broken(
        'src/flow/a.ts',
        "import type { GitHub } from '../github/port.ts'\n// import { x } from '../github/client.ts'",
      ),
    ).toBe('')
    expect(
      broken(
        'action/evaluate/a.ts',
        "import { x } from '../../src/core/facts/a.ts'\nimport { y } from '../shared/b.ts'",
      ),
    ).toBe('')
  })
})
