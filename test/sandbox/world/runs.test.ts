import { expect, test } from 'vitest'
import { expireArtifact, readArtifact, uploadArtifact } from '../../../src/sandbox/world/artifacts.ts'
import { addJob, finishJob, startJob } from '../../../src/sandbox/world/jobs.ts'
import { createTag, pushCommit } from '../../../src/sandbox/world/repositories.ts'
import { cancelRun, dispatchWorkflow, finishRun, rerunRun, startRun } from '../../../src/sandbox/world/runs.ts'
import { disableWorkflow, findWorkflow } from '../../../src/sandbox/world/workflows.ts'
import { acme } from './acme.ts'

const FILE = 'evaluate.yml'

test('a dispatch is refused in the ways GitHub refuses it', () => {
  const { world, app, mallory, repository } = acme()
  const head = repository.refs.get('refs/heads/main') ?? ''
  const dispatch = (wish: { ref: string; inputs?: Record<string, unknown> }, file = FILE) => {
    return () => dispatchWorkflow(world, app.bot, repository, file, wish)
  }
  expect(dispatch({ ref: head, inputs: { andon: '{}' } })).toThrow(`No ref found for: ${head}`)
  expect(dispatch({ ref: 'main' }, 'nothing.yml')).toThrow('Not Found')
  expect(dispatch({ ref: 'main' })).toThrow("Required input 'andon' not provided")
  expect(dispatch({ ref: 'main', inputs: { andon: '1', extra: '2' } })).toThrow('Unexpected inputs provided: ["extra"]')
  expect(dispatch({ ref: 'main', inputs: { andon: '1', mode: 'slow' } })).toThrow(
    "Provided value 'slow' for input 'mode'",
  )
  expect(dispatch({ ref: 'main', inputs: { andon: 'x'.repeat(65_536) } })).toThrow('inputs are too large')
  const many = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`i${i}`, '1']))
  expect(dispatch({ ref: 'main', inputs: many })).toThrow('No more than 25 properties are allowed; 26 were supplied.')
  expect(() => dispatchWorkflow(world, mallory, repository, FILE, { ref: 'main' })).toThrow('Not Found')
  disableWorkflow(world, findWorkflow(world, repository, FILE), true)
  expect(dispatch({ ref: 'main', inputs: { andon: '1' } })).toThrow('disabled workflow')
})

test('the file must be on the default branch, but the version at the ref is what runs', () => {
  const { world, ada, app, repository } = acme()
  pushCommit(world, ada, repository, 'side', { files: { '.github/workflows/new.yml': 'on: workflow_dispatch\n' } })
  const inputs = { andon: '1' }
  expect(() => dispatchWorkflow(world, app.bot, repository, 'new.yml', { ref: 'side' })).toThrow('Not Found')
  pushCommit(world, ada, repository, 'side', { files: { [`.github/workflows/${FILE}`]: 'on: push\n' } })
  expect(() => dispatchWorkflow(world, app.bot, repository, FILE, { ref: 'side', inputs })).toThrow(
    "Workflow does not have 'workflow_dispatch' trigger",
  )
  const head = repository.refs.get('refs/heads/main') ?? ''
  createTag(world, ada, repository, 'v1', head)
  expect(dispatchWorkflow(world, app.bot, repository, FILE, { ref: 'v1', inputs })).toMatchObject({
    sha: head,
    branch: 'v1',
  })
})

test('a run is queued with its defaults, told to the runner, and named by whoever can', () => {
  const { world, app, repository, heard } = acme()
  const queued: number[] = []
  world.on('run-queued', (run) => queued.push(run.id))
  world.nameRun = (run) => `andon ${run.inputs.andon}`
  const run = dispatchWorkflow(world, app.bot, repository, FILE, { ref: 'main', inputs: { andon: '7' } })
  expect(queued).toEqual([run.id])
  expect(run).toMatchObject({
    inputs: { andon: '7', mode: 'quick' },
    displayTitle: 'andon 7',
    runNumber: 1,
    attempt: 1,
  })
  startRun(world, run)
  const job = addJob(world, run, 'evaluate')
  startJob(world, job)
  finishJob(world, job, 'success')
  finishRun(world, run, 'success')
  expect(heard().filter((line) => line.startsWith('workflow'))).toEqual([
    'workflow_run.requested by andon[bot]',
    'workflow_run.in_progress by andon[bot]',
    'workflow_job.queued by andon[bot]',
    'workflow_job.in_progress by andon[bot]',
    'workflow_job.completed by andon[bot]',
    'workflow_run.completed by andon[bot]',
  ])
})

test('the payload of a run holds neither inputs nor outputs', () => {
  const { world, app, repository, sent } = acme()
  dispatchWorkflow(world, app.bot, repository, FILE, { ref: 'main', inputs: { andon: 'secret-word' } })
  const told = sent.find(({ event }) => event === 'workflow_run')
  expect(told?.payload.workflow_run).toMatchObject({
    path: `.github/workflows/${FILE}`,
    event: 'workflow_dispatch',
    run_attempt: 1,
  })
  expect(JSON.stringify(told?.payload)).not.toContain('secret-word')
})

test('whoever may write runs it again, without a new "requested"', () => {
  const { world, app, bo, mallory, repository, heard } = acme()
  const run = dispatchWorkflow(world, app.bot, repository, FILE, { ref: 'main', inputs: { andon: '1' } })
  expect(() => rerunRun(world, bo, run)).toThrow('already running')
  finishRun(world, run, 'failure')
  expect(() => cancelRun(world, bo, run)).toThrow('Cannot cancel a workflow run that is completed.')
  heard()
  expect(() => rerunRun(world, mallory, run)).toThrow('Not Found')
  rerunRun(world, bo, run)
  expect(run).toMatchObject({ attempt: 2, status: 'queued', conclusion: null, actor: app.bot, triggeringActor: bo })
  expect(heard()).toEqual([])
})

test("an organization's rule can make every dispatched run fail at once", () => {
  const { world, app, repository } = acme()
  world.quirks.blockDispatch = true
  const run = dispatchWorkflow(world, app.bot, repository, FILE, { ref: 'main', inputs: { andon: '1' } })
  expect(run).toMatchObject({ status: 'completed', conclusion: 'failure', jobs: [] })
})

test('artifacts have a digest, one of each name in an attempt, and an end', () => {
  const { world, app, ada, repository, wait } = acme()
  const run = dispatchWorkflow(world, app.bot, repository, FILE, { ref: 'main', inputs: { andon: '1' } })
  const artifact = uploadArtifact(world, run, 'andon-evidence', new TextEncoder().encode('{}'), {
    zipped: false,
    days: 1,
  })
  expect(artifact.digest).toBe('sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a')
  expect(() => uploadArtifact(world, run, 'andon-evidence', new Uint8Array())).toThrow('already exists')
  finishRun(world, run, 'success')
  rerunRun(world, ada, run)
  uploadArtifact(world, run, 'andon-evidence', new Uint8Array())
  expect(run.artifacts.map(({ name, attempt }) => [name, attempt])).toEqual([
    ['andon-evidence', 1],
    ['andon-evidence', 2],
  ])
  expect(readArtifact(world, artifact)).toHaveLength(2)
  wait(86_401)
  expect(() => readArtifact(world, artifact)).toThrow('Artifact has expired')
  expireArtifact(world, artifact)
  expect(artifact.expired).toBe(true)
})
