// Every policy that we publish can be read, and what is generated from the schema is up to date.
import { globSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { staleFiles } from '../../../src/cli/generate.ts'
import { sentence } from '../../../src/core/facts/problem.ts'
import { combine } from '../../../src/core/policy/inherit.ts'
import { policyJsonSchema } from '../../../src/core/policy/reference.ts'
import { readPresets } from '../../../src/presets.ts'

const root = new URL('../../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const find = (pattern: string) => globSync(pattern, { cwd: root, exclude: ['node_modules/**'] })

const policies = find('policies/**/{.github/andon.yml,andon.yml}').map((path): [string, string] => [path, read(path)])
/** A block of a page is a policy where it begins with the version. */
const blocks = ['README.md', ...find('docs/**/*.md')].flatMap((path) =>
  [...(find(path).length > 0 ? read(path) : '').matchAll(/^```ya?ml\n((?:#.*\n)*version: 1\n[\s\S]*?)^```/gm)].map(
    ([, text = ''], at): [string, string] => [`${path}, block ${at + 1}`, text],
  ),
)

const problems = (text: string) => {
  const source = { repository: '', path: 'andon.yml', text }
  const parsed = combine(null, source, { presets: readPresets(), organization: [] })
  if (parsed === null) throw new Error('no policy')
  return [...(parsed.ok ? [] : parsed.problems), ...(parsed.warnings ?? [])].map(sentence)
}

it('the presets are found', () =>
  expect(policies.map(([path]) => path)).toContain('policies/starter/.github/andon.yml'))

it.each([...policies, ...blocks])('%s has no problem and leaves no doubt', (_, text) =>
  expect(problems(text)).toEqual([]),
)

it('what is generated is up to date: else run node src/cli/generate.ts', () => expect(staleFiles(root)).toEqual([]))

describe('the JSON Schema for editors', () => {
  const validate = new Ajv2020({ strict: false }).compile(policyJsonSchema())
  const accepts = (more: object) => validate({ version: 1, ...more })
  it('takes what a policy may be', () => {
    expect(accepts({ board: { project: 1 }, gates: { a: { kind: 'approval', teams: ['x'] } } })).toBe(true)
    expect(accepts({ columns: [{ name: 'A', limit: { 'per-owner': 1 } }] })).toBe(true)
  })
  it('refuses unknown keys and kinds, and what a later version brings', () => {
    expect(accepts({ colums: [] })).toBe(false)
    expect(accepts({ gates: { a: { kind: 'canary' } } })).toBe(false)
    expect(accepts({ columns: [{ name: 'A', stay: ['x'] }] })).toBe(false)
    expect(
      accepts({ gates: { a: { kind: 'evaluation', workflow: 'a.yml', metrics: { m: { compare: 'production' } } } } }),
    ).toBe(false)
  })
  it('tells what each key means', () => {
    const told = JSON.stringify(policyJsonSchema())
    for (const key of ['while-waiting', 'independent', 'per-owner', 'timeout-minutes'])
      expect(told).toContain(`"${key}":{`)
    expect(told).toContain('How many different people must approve.')
  })
})
