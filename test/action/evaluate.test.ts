// The action from end to end, as a process of its own that talks to an artifact service.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evidenceSchema } from '../../src/core/facts/evidence.ts'
import { type ArtifactService, startArtifactService } from './support/artifact-service.ts'
import { failed, promptfoo, row } from './support/promptfoo.ts'
import { fixture, SHA } from './support/read.ts'
import { REQUEST, runStep } from './support/step.ts'

let service: ArtifactService
beforeAll(async () => {
  service = await startArtifactService()
})
afterAll(() => service.close())

const worse = { 'results.json': fixture('promptfoo-candidate-worse.json') }
const off = { upload: 'false' }

test('results become the artifact `andon-evidence`, a summary and outputs', async () => {
  const files = { ...worse, 'results.junit.xml': fixture('promptfoo-candidate-worse.junit.xml') }
  const step = await runStep({ files, inputs: { results: '*.json\n*.xml' }, env: service.env })
  expect(step.code, step.log).toBe(0)
  const artifact = service.artifacts.get('andon-evidence')
  expect(Object.keys(artifact ?? {})).toEqual(['evidence.json'])
  const evidence = evidenceSchema.parse(JSON.parse(artifact?.['evidence.json'] ?? ''))
  expect(evidence).toMatchObject({ request: '01JR', sha: SHA, tool: { name: 'promptfoo', version: '0.123.1' } })
  expect(evidence.metrics.accuracy).toMatchObject({ value: 44 / 60, n: 60 })
  expect(evidence.cases).toHaveLength(60)
  expect(step.log).toContain('60 results: 44 passed, 16 failed, 0 errored, 0 unscored.')
  expect(step.summary).toContain('| accuracy | 0.7333 | 0.05757 | 60 | min 0.9 (missed) |')
  expect(JSON.parse(step.outputs.metrics ?? '')).toEqual(evidence.metrics)
  expect(step.outputs.digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(step.outputs.evidence).toMatch(/evidence\.json$/)
})

test('a missed criterion does not fail the step: the workflow measures, Andon judges', async () => {
  const step = await runStep({ files: worse, inputs: off })
  expect(step.code).toBe(0)
})

test('an artifact that the service refuses fails the step with a sentence', async () => {
  const refusing = await startArtifactService({ refuses: true })
  const step = await runStep({ files: worse, env: refusing.env })
  await refusing.close()
  expect(step.code).toBe(1)
  expect(step.log).toMatch(/^::error::The evidence could not be uploaded .*already exists/m)
  expect(step.log).not.toMatch(/^::error::.*::add-mask::x/m)
  expect(step.outputs).toEqual({})
})

describe('bad input fails the step with one sentence of file, place and remedy, and hands nothing in', () => {
  async function refused(step: Parameters<typeof runStep>[0]): Promise<string> {
    const before = service.artifacts.size
    service.artifacts.clear()
    const ended = await runStep({ ...step, env: service.env })
    expect(ended.code, ended.log).toBe(1)
    expect(service.artifacts.size, `${before} before`).toBe(0)
    expect(ended.outputs).toEqual({})
    expect(ended.log).not.toContain('    at ')
    return ended.log.trim()
  }

  test('a broken file among good ones', async () => {
    const log = await refused({ files: { ...worse, 'b.json': '{"results": [' } })
    expect(log).toBe(
      '::error::b.json: line 1, column 14: it is not valid JSON from here on. Was the run cut short while it wrote the file?',
    )
  })

  test('no file at all', async () => {
    expect(await refused({ inputs: { results: 'out/*.json' } })).toContain(
      '::error::out/*.json: no file matches this line',
    )
  })

  test('a file over 100 MB', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'andon-big-'))
    writeFileSync(join(workspace, 'big.json'), '{')
    truncateSync(join(workspace, 'big.json'), 101 * 1024 * 1024)
    expect(await refused({ workspace })).toContain('::error::big.json: it is 101 MB large; at most 100 MB are read.')
    rmSync(workspace, { recursive: true })
  })

  test('inputs that are none, all at once', async () => {
    const log = await refused({ inputs: { results: '', metrics: 'accuracy', upload: 'maybe' } })
    expect(log).toMatch(/not `name = source`.*%0A.*`results` is empty.*%0A.*`upload` is neither/)
  })

  test.each([
    ['nobody asked', null, 'There is no request'],
    ['no JSON', '{', 'The request is not valid JSON.'],
    ['another version', { ...REQUEST, andon: 2 }, '`andon`'],
    ['a commit that is none', { ...REQUEST, sha: 'main' }, '`sha`'],
    ['too long', `"${'x'.repeat(70_000)}"`, 'longer than 65535'],
  ])('a request: %s', async (_, request, sentence) => {
    expect(await refused({ files: worse, request })).toContain(sentence)
  })
})

describe('the commit that was tested', () => {
  const folder = mkdtempSync(join(tmpdir(), 'andon-checkout-'))
  const workspace = join(folder, 'candidate')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: workspace,
      encoding: 'utf8',
    }).trim()
  let head = ''
  beforeAll(() => {
    mkdirSync(workspace)
    git('init', '-q')
    git('commit', '-q', '--allow-empty', '-m', 'one')
    head = git('rev-parse', 'HEAD')
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const at = (sha: string, inputs: Record<string, string> = {}, where = workspace) =>
    runStep({ files: worse, workspace: where, request: { ...REQUEST, sha }, inputs: { ...off, sha: '', ...inputs } })

  test('is the checkout’s HEAD', async () => {
    expect((await at(head)).code).toBe(0)
  })

  test('is not handed in where another one is checked out, whatever `sha` says', async () => {
    for (const sha of ['', SHA]) {
      const step = await at(SHA, { sha })
      expect(step.code).toBe(1)
      expect(step.log).toContain(`Andon asked for ${SHA.slice(0, 12)}, but ${head.slice(0, 12)} is checked out.`)
      expect(step.log).toContain('give actions/checkout `fromJSON(inputs.andon).sha`')
    }
  })

  test('may be checked out into a folder of its own', async () => {
    expect((await at(head, { checkout: 'candidate' }, folder)).log).toContain('60 results')
  })

  test('has to be told where there is no .git, not even in a folder above', async () => {
    const step = await at(head, { checkout: 'nested' })
    expect(step.code).toBe(1)
    expect(step.log).toContain('the checkout folder has no .git, and the input `sha` is empty')
    expect((await at(SHA, { checkout: 'nested', sha: SHA })).code).toBe(0)
    expect((await at(SHA, { checkout: 'nested', sha: head })).log).toContain(
      `says that ${head.slice(0, 12)} was tested`,
    )
  })

  test('is not read from a .git that cannot be read', async () => {
    const step = await runStep({
      files: { ...worse, '.git/HEAD': 'ref: refs/heads/none' },
      inputs: { ...off, sha: SHA },
    })
    expect(step.log).toContain('its HEAD could not be read')
  })
})

test('a case description full of workflow commands commands nothing', async () => {
  const evil = '::set-env name=PATH::/tmp\n::add-mask::secret\r\n::error::owned ##[set-output name=x]y'
  const rows = [
    failed(evil),
    row('b', { namedScores: { [evil]: 1 }, testCase: { description: evil, assert: [{ metric: evil }] } }),
  ]
  const tool = {
    ...promptfoo([...rows, failed('c', { testCase: { assert: [{ metric: evil }] } })]),
    metadata: { promptfooVersion: evil },
  }
  const step = await runStep({
    files: { 'a\n::error::b.json': JSON.stringify(tool) },
    request: { ...REQUEST, gate: 'g', criteria: { [evil]: {} } },
    inputs: off,
  })
  expect(step.code, step.log).toBe(0)
  for (const line of step.log.split(/\r?\n/).filter((one) => one.trim().startsWith('::')))
    expect(line).toMatch(/^::warning::/)
  expect(step.log).not.toContain('##[')
  expect(step.summary).not.toMatch(/^::/m)
  expect(Object.keys(step.outputs)).toEqual(['evidence', 'digest', 'metrics'])
})

test('with `upload: false` the evidence is written, and its upload left to the workflow', async () => {
  service.artifacts.clear()
  const step = await runStep({ files: worse, inputs: off, env: service.env })
  expect(service.artifacts.size).toBe(0)
  expect(readdirSync(dirname(step.outputs.evidence ?? ''))).toEqual(['evidence.json'])
})
