// The repository's own frame: workflows that can be trusted, and issue forms that GitHub can read.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readTemplate } from '../src/sandbox/runner/read-template.ts'

const root = join(import.meta.dirname, '..')
const files = (pattern: string) => globSync(pattern, { cwd: root }).sort()
const text = (path: string) => readFileSync(join(root, path), 'utf8')
const workflows = files('.github/workflows/*.yml')

describe.each(workflows)('%s', (path) => {
  test('is a workflow by GitHub’s own parser', () => {
    expect(readTemplate('workflow', path, text(path))).toMatchObject({ ok: true })
  })

  test('pins each action by its full commit, with the version beside it', () => {
    const uses = text(path)
      .split('\n')
      .filter((line) => /\buses:/.test(line))
    expect(uses.length).toBeGreaterThan(0)
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  test('has one commit for each action everywhere', () => {
    const pins = workflows.flatMap((other) => [...text(other).matchAll(/uses: ([\w/-]+)@([0-9a-f]{40} # \S+)/g)])
    const known = new Map(pins.map((pin) => [pin[1], pin[2]]))
    for (const pin of pins) expect(pin[2]).toBe(known.get(pin[1]))
  })

  test('asks for the least: nothing is written but by the one job that publishes', () => {
    const workflow = parse(text(path))
    expect([{}, { contents: 'read' }]).toContainEqual(workflow.permissions)
    const writing = Object.entries<{ permissions?: Record<string, string> }>(workflow.jobs)
      .filter(([, job]) => Object.values(job.permissions ?? {}).includes('write'))
      .map(([name]) => name)
    expect(writing).toEqual(path.endsWith('release.yml') ? ['publish'] : [])
  })

  test('puts nothing that others write into a script', () => {
    const workflow = parse(text(path))
    const scripts = Object.values<{ steps: { run?: string }[] }>(workflow.jobs).flatMap((job) =>
      job.steps.map((step) => step.run ?? ''),
    )
    for (const script of scripts) expect(script).not.toMatch(/\$\{\{(?!\s*matrix\.)/)
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target')
  })

  test('ends by itself', () => {
    for (const job of Object.values<{ 'timeout-minutes'?: number }>(parse(text(path)).jobs))
      expect(job['timeout-minutes']).toBeLessThanOrEqual(60)
  })
})

test.each(files('.github/ISSUE_TEMPLATE/*.yml').filter((path) => !path.endsWith('config.yml')))(
  '%s is a form with one id for each answer',
  (path) => {
    const form = parse(text(path))
    expect(Object.keys(form)).toEqual(['name', 'description', 'labels', 'body'])
    const ids = form.body.map((field: { id: string }) => field.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const field of form.body) {
      expect(['input', 'textarea', 'dropdown', 'checkboxes']).toContain(field.type)
      expect(field.attributes.label).toBeTypeOf('string')
    }
  },
)

test('CI runs on the Node versions that package.json admits', () => {
  const { engines } = JSON.parse(text('package.json'))
  expect(parse(text('.github/workflows/ci.yml')).jobs.test.strategy.matrix.node).toEqual([22, 24])
  expect(engines.node).toBe('>=22.22')
})
