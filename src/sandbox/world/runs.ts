// Workflow runs: dispatched, run again, cancelled, and told how they went by whoever runs them.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import type { CheckConclusion } from './check.ts'
import { actionsApp } from './install.ts'
import { nodeId } from './node-id.ts'
import { runPayload, workflowPayload } from './payloads/run.ts'
import { Refusal } from './refusal.ts'
import type { Repository } from './repository.ts'
import { requireRole } from './roles.ts'
import type { Workflow, WorkflowRun } from './run.ts'
import { createSuite } from './suites.ts'
import { fillInputs, findWorkflow, readTrigger, textAt } from './workflows.ts'
import type { World } from './world.ts'

const RERUN_LIMIT = 50

/**
 * `workflow_dispatch`: the file must be on the default branch, and it is the version at `ref` that runs. `ref` is a
 * branch or tag, never a commit. Throws GitHub's 404 and 422.
 */
export function dispatchWorkflow(
  world: World,
  by: Person,
  repository: Repository,
  idOrFile: string | number,
  wish: { ref: string; inputs?: Record<string, unknown> },
): WorkflowRun {
  requireRole(by, repository, 'write')
  const workflow = findWorkflow(world, repository, idOrFile)
  const ref = [`refs/heads/${wish.ref}`, `refs/tags/${wish.ref}`, wish.ref].find(
    (name) => name.startsWith('refs/') && !name.startsWith('refs/pull/') && repository.refs.has(name),
  )
  const sha = ref ? repository.refs.get(ref) : undefined
  if (!ref || !sha) throw new Refusal('invalid', `No ref found for: ${wish.ref}`)
  if (workflow.state !== 'active')
    throw new Refusal('invalid', "Cannot trigger a 'workflow_dispatch' on a disabled workflow")
  const trigger = readTrigger(textAt(repository, sha, workflow.path) ?? '')
  if (!trigger?.events.includes('workflow_dispatch')) {
    throw new Refusal('invalid', "Workflow does not have 'workflow_dispatch' trigger")
  }
  const inputs = fillInputs(trigger, wish.inputs ?? {})
  return queueRun(world, by, workflow, { event: 'workflow_dispatch', sha, ref, inputs })
}

/** A new run of a workflow at a commit, for whatever event; runners hear `run-queued`. */
function queueRun(
  world: World,
  by: Person,
  workflow: Workflow,
  wish: { event: string; sha: string; ref: string; inputs?: Record<string, string>; title?: string },
): WorkflowRun {
  const { repository } = workflow
  const id = world.nextId('workflow-run')
  const branch = wish.ref.replace(/^refs\/(heads|tags)\//, '')
  const suite = createSuite(world, repository, actionsApp(world), { sha: wish.sha, before: null, branch })
  suite.workflowRun = id
  workflow.runs += 1
  const run: WorkflowRun = {
    kind: 'WorkflowRun',
    id,
    node: nodeId('WorkflowRun', repository.id, id),
    repository,
    workflow,
    path: workflow.path,
    event: wish.event,
    displayTitle: wish.title ?? workflow.name,
    runNumber: workflow.runs,
    attempt: 1,
    sha: wish.sha,
    branch,
    ref: wish.ref,
    actor: by,
    triggeringActor: by,
    inputs: wish.inputs ?? {},
    status: 'queued',
    conclusion: null,
    suite,
    jobs: [],
    artifacts: [],
    createdAt: world.now(),
    startedAt: world.now(),
    updatedAt: world.now(),
  }
  run.displayTitle = world.nameRun(run, textAt(repository, wish.sha, workflow.path) ?? '') ?? run.displayTitle
  repository.runs.push(run)
  world.workflowRuns.set(id, run)
  world.register(run)
  tell(world, by, run, 'requested')
  if (world.quirks.blockDispatch && run.event === 'workflow_dispatch') finishRun(world, run, 'failure')
  else world.emit('run-queued', run)
  return run
}

/** The runner has begun. */
export function startRun(world: World, run: WorkflowRun): void {
  run.status = 'in_progress'
  run.suite.status = 'in_progress'
  run.updatedAt = world.now()
  tell(world, run.triggeringActor, run, 'in_progress')
}

export function finishRun(world: World, run: WorkflowRun, conclusion: CheckConclusion): void {
  if (run.status === 'completed') return
  run.status = 'completed'
  run.conclusion = conclusion
  run.updatedAt = world.now()
  Object.assign(run.suite, { status: 'completed', conclusion, updatedAt: world.now() })
  tell(world, run.triggeringActor, run, 'completed')
}

/** Asks the runner to stop; it ends the run as cancelled. */
export function cancelRun(world: World, by: Person, run: WorkflowRun): void {
  requireRole(by, run.repository, 'write')
  if (run.status === 'completed') throw new Refusal('conflict', 'Cannot cancel a workflow run that is completed.')
  world.emit('run-cancelled', run)
}

/** Everybody who may write can run it again, with the inputs it had; there is no `requested` event this time. */
export function rerunRun(world: World, by: Person, run: WorkflowRun): WorkflowRun {
  requireRole(by, run.repository, 'write')
  if (run.status !== 'completed') throw new Refusal('forbidden', 'This workflow is already running')
  if (run.attempt > RERUN_LIMIT)
    throw new Refusal('forbidden', `A workflow run can be re-run at most ${RERUN_LIMIT} times.`)
  run.attempt += 1
  run.triggeringActor = by
  run.status = 'queued'
  run.conclusion = null
  run.startedAt = world.now()
  run.updatedAt = world.now()
  Object.assign(run.suite, { status: 'queued', conclusion: null })
  world.changed({ what: 'run', run })
  world.emit('run-queued', run)
  return run
}

function tell(world: World, by: Person, run: WorkflowRun, action: string): void {
  const body = { workflow_run: runPayload(world, run), workflow: workflowPayload(world, run.workflow) }
  announce(world, { event: 'workflow_run', action, by, repository: run.repository, body })
  world.changed({ what: 'run', run })
}
