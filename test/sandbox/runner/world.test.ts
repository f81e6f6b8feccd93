// The runner on the sandbox's world: a dispatch there becomes a real run, told by webhooks, kept with its artifacts.
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Runner } from '../../../src/sandbox/runner/runner.ts'
import { startWorldRunner } from '../../../src/sandbox/runner/world-host.ts'
import { checkWebhook } from '../../../src/sandbox/schemas/webhook.ts'
import type { Organization, Person } from '../../../src/sandbox/world/account.ts'
import type { Permissions } from '../../../src/sandbox/world/app.ts'
import { createApp, installApp } from '../../../src/sandbox/world/install.ts'
import { createOrganization, createPerson } from '../../../src/sandbox/world/organize.ts'
import { createRepository, pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { defaultHead, type Repository } from '../../../src/sandbox/world/repository.ts'
import { cancelRun, dispatchWorkflow, rerunRun } from '../../../src/sandbox/world/runs.ts'
import { type Emission, World } from '../../../src/sandbox/world/world.ts'

const WORKFLOW = `name: Evaluate
run-name: andon \${{ fromJSON(inputs.andon).request }}
on: { workflow_dispatch: { inputs: { andon: { required: true, type: string } } } }
permissions: { contents: read, pull-requests: write, id-token: write }
jobs:
  evaluate:
    runs-on: ubuntu-latest
    steps:
      - { uses: actions/checkout@v7, with: { ref: "\${{ fromJSON(inputs.andon).sha }}" } }
      - run: |
          echo "prompt is $(cat prompt.txt), server is $GITHUB_SERVER_URL, api is $GITHUB_API_URL"
          echo '{"andon":1}' > evidence.json
          echo "::warning file=prompt.txt,line=1::a little long"
      - { uses: actions/upload-artifact@v7, with: { name: andon-evidence, path: evidence.json } }
`
const project = join(import.meta.dirname, '../../..')
const PATIENT = `on: workflow_dispatch
jobs: { a: { runs-on: x, steps: [{ run: sleep 60 }] } }
`

let world: World
let runner: Runner
let ada: Person
let acme: Organization
let repository: Repository
let heard: Emission[]
let minted: Permissions[]

beforeEach(async () => {
  world = new World({ url: 'http://127.0.0.1:4000' })
  ada = createPerson(world, 'ada')
  acme = createOrganization(world, 'acme', { owner: ada })
  repository = createRepository(world, ada, acme, 'bot', {
    files: {
      'prompt.txt': 'be kind',
      '.github/workflows/eval.yml': WORKFLOW,
      '.github/workflows/patient.yml': PATIENT,
    },
  })
  const events = ['workflow_run', 'workflow_job']
  const app = createApp(world, 'andon', { owner: acme, permissions: { actions: 'write', checks: 'write' }, events })
  installApp(world, ada, app, acme)
  heard = []
  world.on('webhook', (emission) => heard.push(emission))
  minted = []
  const token = (_: unknown, permissions: Permissions) => `ghs_${minted.push(permissions)}`
  runner = await startWorldRunner(
    world,
    { token, link: ({ id }) => `http://127.0.0.1:4001/${id}` },
    {
      patience: { interrupt: 200, terminate: 200 },
      actionRepositories: { 'andon-dev/andon': project },
      actionSources: { 'action/evaluate/dist/index.js': 'action/evaluate/main.ts' },
    },
  )
})
afterEach(() => runner.stop())

function dispatch(file: string, sha: string | null) {
  const andon = JSON.stringify({ andon: 1, request: '01JABC', sha })
  const inputs = file === 'eval.yml' ? { andon } : {}
  return dispatchWorkflow(world, ada, repository, file, { ref: 'main', inputs })
}

describe('a dispatched run', () => {
  it('is named, carried out on the commit it is told, and told by webhooks that GitHub could have sent', async () => {
    const before = defaultHead(repository)
    pushCommit(world, ada, repository, 'main', { files: { 'prompt.txt': 'be rude' } })
    const run = dispatch('eval.yml', before)
    expect(run.displayTitle).toBe('andon 01JABC')
    expect(run.status).toBe('queued')
    await runner.idle()
    expect([run.status, run.conclusion]).toEqual(['completed', 'success'])
    const [job] = run.jobs
    expect(job?.log).toContain(
      'prompt is be kind, server is http://github.localhost:4000, api is http://127.0.0.1:4000/api/v3',
    )
    expect(job?.steps.map((step) => step.conclusion)).toEqual(Array(5).fill('success'))
    expect(job?.check.annotations[0]).toMatchObject({ path: 'prompt.txt', start_line: 1, annotation_level: 'warning' })
    expect(run.artifacts.map(({ name, zipped }) => ({ name, zipped }))).toEqual([
      { name: 'andon-evidence', zipped: true },
    ])
    expect(minted).toEqual([{ metadata: 'read', contents: 'read', pull_requests: 'write' }])
    const told = heard.filter((one) => one.event.startsWith('workflow_')).map((one) => `${one.event}.${one.action}`)
    expect(told).toEqual([
      'workflow_run.requested',
      'workflow_job.queued',
      'workflow_run.in_progress',
      'workflow_job.in_progress',
      'workflow_job.completed',
      'workflow_run.completed',
    ])
    expect(heard.flatMap((one) => checkWebhook(one.event, one.payload as { action?: string }))).toEqual([])
  })

  it('can be run again, and each attempt keeps its artifact', async () => {
    const run = dispatch('eval.yml', defaultHead(repository))
    await runner.idle()
    rerunRun(world, ada, run)
    await runner.idle()
    expect([run.attempt, run.conclusion]).toEqual([2, 'success'])
    expect(run.artifacts.map((artifact) => artifact.attempt)).toEqual([1, 2])
    expect(run.jobs.map((job) => job.attempt)).toEqual([1, 2])
  })

  it('ends as cancelled when people cancel it', async () => {
    const run = dispatch('patient.yml', null)
    await vi.waitFor(() => expect(run.status).toBe('in_progress'), { timeout: 30_000 })
    cancelRun(world, ada, run)
    await runner.idle()
    expect([run.status, run.conclusion]).toEqual(['completed', 'cancelled'])
  })

  it("stands on a real git commit, which this project's own action demands of what it measures", async () => {
    const text = `run-name: andon \${{ fromJSON(inputs.andon).request }}
on: { workflow_dispatch: { inputs: { andon: { required: true, type: string } } } }
jobs:
  evaluate:
    runs-on: ubuntu-latest
    steps:
      - { uses: actions/checkout@v7, with: { ref: "\${{ fromJSON(inputs.andon).sha }}" } }
      - run: git log --format='subject %s of %an' && git status --short && echo "changes end"
      - run: echo '<testsuite name="golden" tests="2"><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>' > results.xml
      - { uses: andon-dev/andon/action/evaluate@v1, with: { results: results.xml } }
`
    pushCommit(world, ada, repository, 'main', { files: { '.github/workflows/eval.yml': text }, message: 'Measure' })
    const head = defaultHead(repository)
    const run = dispatch('eval.yml', head)
    await runner.idle()
    const log = run.jobs[0]?.log ?? ''
    expect(log).toMatch(/^subject Measure of ada\nchanges end$/m)
    expect([run.conclusion, log]).toEqual(['success', expect.stringContaining('andon-evidence')])
    const [artifact] = run.artifacts
    const evidence = JSON.parse(
      strFromU8(unzipSync(artifact?.bytes ?? new Uint8Array())['evidence.json'] ?? new Uint8Array()),
    )
    expect(evidence).toMatchObject({
      andon: 1,
      request: '01JABC',
      sha: head,
      metrics: { pass_rate: { value: 0.5, n: 2 } },
    })
  })

  it('reads its own repository and public ones, and no other private one', async () => {
    createRepository(world, ada, acme, 'secrets', { private: true, files: { 'key.txt': 'hush' } })
    createRepository(world, ada, acme, 'open', { private: false, files: { 'a.txt': 'for all' } })
    const text = (name: string) => `on: workflow_dispatch
jobs: { a: { runs-on: x, steps: [{ uses: actions/checkout@v7, with: { repository: acme/${name} } }, { run: cat *.txt }] } }
`
    pushCommit(world, ada, repository, 'main', {
      files: { '.github/workflows/patient.yml': text('secrets'), '.github/workflows/open.yml': text('open') },
    })
    const [shut, open] = [dispatch('patient.yml', null), dispatch('open.yml', null)]
    await runner.idle()
    expect([shut.conclusion, open.conclusion]).toEqual(['failure', 'success'])
    expect(JSON.stringify(shut.jobs[0]?.log)).not.toContain('hush')
    expect(open.jobs[0]?.log).toContain('for all')
  })
})
