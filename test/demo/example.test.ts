// The example is what it says: a policy without a doubt, changes that Andon can read, and a model that scores as told.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readPromptfoo } from '../../action/evaluate/readers/promptfoo.ts'
import { findManifest, manifestPaths, parseManifest } from '../../src/core/facts/manifest.ts'
import { openColumns } from '../../src/core/policy/doubts.ts'
import { parsePolicy } from '../../src/core/policy/parse.ts'
import { readChanges } from '../../src/sandbox/example/change-file.ts'
import { exampleRunner } from '../../src/sandbox/example/example.ts'
import { readWorkflow } from '../../src/sandbox/runner/workflow-file.ts'

const EXAMPLE = new URL('../../src/sandbox/example/', import.meta.url)
const ROUTER = fileURLToPath(new URL('support-router/', EXAMPLE))
const CHANGES = readChanges(new URL('changes/', EXAMPLE))
const read = (path: string) => readFileSync(join(ROUTER, path), 'utf8')

describe('the policy', () => {
  const parsed = parsePolicy(read('.github/andon.yml'))

  it('has no problem, and leaves only its two ends open', () => {
    expect(parsed).toMatchObject({ ok: true })
    if (!parsed.ok) return
    expect(openColumns(parsed.value)).toEqual(['Backlog', 'Done'])
    expect(parsed.value.columns.map(({ name }) => name)).toEqual([
      'Backlog',
      'Ready for Evaluation',
      'Staging',
      'Production',
      'Done',
    ])
  })

  it('asks a workflow that GitHub can read and that takes the one input', () => {
    const path = '.github/workflows/andon-evaluate.yml'
    expect(readWorkflow(path, read(path))).toMatchObject({ ok: true })
    expect(read(path)).toMatch(/workflow_dispatch:\n {4}inputs:\n {6}andon:/)
    expect(parsed.ok && parsed.value.gates['offline-eval']?.settings).toMatchObject({ workflow: 'andon-evaluate.yml' })
  })
})

describe('the changes', () => {
  it.each(CHANGES.filter(({ branch }) => branch).map((change) => [change.name, change] as const))(
    '%s declares what it changes, by paths that are there',
    (_, { body, files }) => {
      const found = findManifest({ pull: body, issue: null, file: null })
      const manifest = found && parseManifest(found)
      expect(manifest).toMatchObject({ ok: true })
      if (!manifest?.ok) return
      for (const path of manifestPaths(manifest.value)) expect(files[path] ?? read(path)).not.toBe('')
    },
  )

  it('are enough to fill Staging, with one that has no manifest', () => {
    expect(CHANGES.filter(({ branch }) => branch).length).toBeGreaterThanOrEqual(6)
    expect(CHANGES.filter(({ body }) => !findManifest({ pull: null, issue: body, file: null }))).toHaveLength(1)
  })
})

describe('the evaluation', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'andon-example-'))
    cpSync(ROUTER, folder, { recursive: true })
    symlinkSync(exampleRunner().nodeModules ?? '', join(folder, 'node_modules'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const evaluate = (): { passed: number; cases: number; errored: number; scores: number } => {
    execFileSync(process.execPath, ['evals/run.mjs'], { cwd: folder })
    const results = readPromptfoo(JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')))
    if (!results.ok) throw new Error(results.problems[0]?.message)
    const { cases } = results.value
    const count = (outcome: string) => cases.filter((one) => one.outcome === outcome).length
    const scores = cases.reduce((sum, one) => sum + (one.scores.get('accuracy') ?? 0), 0)
    return { passed: count('passed'), errored: count('errored'), cases: cases.length, scores }
  }

  it.each([
    ['production', {}, 56],
    ...CHANGES.filter(({ branch }) => branch).map(({ name, files }) => {
      const passed: Record<string, number> = { '1-calmer': 44, '3-praise': 57, '4-both-ends': 54, '5-thanks': 56 }
      return [name, files, passed[name] ?? 59] as [string, Record<string, string>, number]
    }),
  ] as [string, Record<string, string>, number][])('of %s is real: %j gets %i of 60', (_, files, passed) => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
    expect(evaluate()).toEqual({ passed, scores: passed, errored: 0, cases: 60 })
  })

  it('counts a case that it could not measure as an error, and ends well', () => {
    writeFileSync(join(folder, 'evals/golden.jsonl'), `${read('evals/golden.jsonl')}{"id":"broken","want":"praise"}\n`)
    expect(evaluate()).toEqual({ passed: 56, scores: 56, errored: 1, cases: 61 })
  })
})
