// Jobs of a workflow run: each is a check run of GitHub Actions, with steps and a log.
import { announce } from './announce.ts'
import type { CheckConclusion, CheckRun } from './check.ts'
import { nodeId } from './node-id.ts'
import { checkRunPayload } from './payloads/check.ts'
import { jobPayload, runPage } from './payloads/run.ts'
import type { Job, WorkflowRun } from './run.ts'
import type { World } from './world.ts'

export function addJob(world: World, run: WorkflowRun, name: string, labels: string[] = ['ubuntu-latest']): Job {
  const id = world.nextId('check-run')
  const check: CheckRun = {
    kind: 'CheckRun',
    id,
    node: nodeId('CheckRun', run.repository.id, id),
    suite: run.suite,
    name,
    externalId: world.nextHex('job', 32),
    detailsUrl: `${runPage(world, run)}/job/${id}`,
    status: 'queued',
    conclusion: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    actions: [],
    startedAt: world.now(),
    completedAt: null,
  }
  run.suite.runs.push(check)
  world.checkRuns.set(id, check)
  world.register(check)
  // On GitHub a job and its check run share their id.
  const job: Job = { id, node: check.node, run, attempt: run.attempt, name, check, labels, steps: [], log: '' }
  run.jobs.push(job)
  tell(world, job, 'queued', 'created')
  return job
}

export function startJob(world: World, job: Job): void {
  job.check.status = 'in_progress'
  job.check.startedAt = world.now()
  tell(world, job, 'in_progress', null)
}

export function finishJob(world: World, job: Job, conclusion: CheckConclusion): void {
  job.check.status = 'completed'
  job.check.conclusion = conclusion
  job.check.completedAt = world.now()
  tell(world, job, 'completed', 'completed')
}

function tell(world: World, job: Job, action: string, checkAction: string | null): void {
  const { repository, triggeringActor: by } = job.run
  announce(world, { event: 'workflow_job', action, by, repository, body: { workflow_job: jobPayload(world, job) } })
  if (checkAction) {
    const body = { check_run: checkRunPayload(world, job.check, 'webhook') }
    announce(world, { event: 'check_run', action: checkAction, by, repository, body })
  }
  world.changed({ what: 'run', run: job.run })
}
