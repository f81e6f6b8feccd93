// The README of each action says what its `action.yml` says, and its example is a workflow that can run.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { actions } from '../../action/bundle.ts'
import { documentAction } from '../../action/document.ts'

const root = join(import.meta.dirname, '../../action')
const text = (action: string, file: string) => readFileSync(join(root, action, file), 'utf8')

test.each(actions())('%s: the tables are those of action.yml', (action) => {
  const readme = text(action, 'README.md')
  expect(documentAction(text(action, 'action.yml'), readme)).toBe(readme)
})

test.each(actions())('%s: every YAML block can be parsed', (action) => {
  const blocks = [...text(action, 'README.md').matchAll(/```yaml\n(.*?)```/gs)]
  expect(blocks.length).toBeGreaterThan(0)
  for (const block of blocks) expect(parse(block[1] ?? '')).toBeTypeOf('object')
})

test('a changed input changes the table', () => {
  const readme = text('evaluate', 'README.md')
  const changed = text('evaluate', 'action.yml').replace('Name of the suite.', 'Name | of the suite.')
  expect(documentAction(changed, readme)).toContain('Name \\| of the suite.')
})

test('the action runs on the Node that GitHub ships, from the bundle', () => {
  expect(parse(text('evaluate', 'action.yml')).runs).toEqual({ using: 'node24', main: 'dist/index.js' })
})

test('every input that the code reads is declared, and every declared one is read', () => {
  const code = text('evaluate', 'inputs.ts')
  const read = [...code.matchAll(/get\w*Input\('(\w+)'\)/g)].map((match) => match[1])
  expect([...new Set(read)].sort()).toEqual(Object.keys(parse(text('evaluate', 'action.yml')).inputs).sort())
})
