// Binds the runner to the sandbox's world: its runs come from there, and all that happens is told there.

import type { Permissions } from '../world/app.ts'
import { deleteArtifact, uploadArtifact } from '../world/artifacts.ts'
import type { Annotation as CheckAnnotation } from '../world/check.ts'
import { filesAt } from '../world/git.ts'
import { addJob, finishJob, startJob } from '../world/jobs.ts'
import { organizationSimple, simpleUser } from '../world/payloads/account.ts'
import { repositoryPayload } from '../world/payloads/repository.ts'
import { resolveRevision } from '../world/repositories.ts'
import { fullName, type Repository } from '../world/repository.ts'
import type { Artifact, Job, WorkflowRun } from '../world/run.ts'
import { finishRun, startRun } from '../world/runs.ts'
import type { World } from '../world/world.ts'
import { githubContext } from './environment.ts'
import { objectsOf } from './git-objects.ts'
import type { RunnerHost, RunnerOptions, RunOrder, StepReport } from './host.ts'
import type { Annotation } from './log-commands.ts'
import { Runner } from './runner.ts'
import { tokenPermissions } from './token-permissions.ts'
import { readWorkflow, runTitle, typedInputs } from './workflow-file.ts'

export type WorldParts = {
  /** Mints the GITHUB_TOKEN of a run. */
  token: (run: WorkflowRun, permissions: Permissions) => string
  /** A signed link to an artifact's bytes. */
  link: (artifact: Artifact) => string
  /** By `owner/name`. */
  secrets?: (repository: string) => Record<string, string>
  variables?: (repository: string) => Record<string, string>
}

/** From now on the world's queued runs are carried out, and named by their `run-name`; `stop` ends that. */
export async function startWorldRunner(world: World, parts: WorldParts, options: RunnerOptions = {}): Promise<Runner> {
  const host = worldHost(world, parts)
  const runner = await Runner.start(host, options)
  world.nameRun = (run, text) => titleOf(world, host, run, text)
  world.on('run-queued', (run) => runner.take(orderOf(world, run)))
  world.on('run-cancelled', (run) => runner.cancel(run.id, run.attempt))
  return runner
}

/** The world as a runner sees it. */
function worldHost(world: World, parts: WorldParts): RunnerHost {
  const jobs = new Map<number, Job>()
  const runOf = (order: RunOrder) => known(world.workflowRuns.get(order.id), `run ${order.id}`)
  const jobOf = (id: number) => known(jobs.get(id), `job ${id}`)
  return {
    urls: { server: serverUrl(world.url), api: world.api, graphql: `${world.url}/api/graphql` },
    commit(order, name, ref) {
      const repository = world.repositories.get(name.toLowerCase())
      // A run's token reads its own repository and public ones.
      if (!repository || (repository.private && repository !== runOf(order).repository)) return null
      const sha = resolveRevision(repository, ref)
      return sha ? { sha, files: contentAt(repository, sha), objects: objectsOf(repository.git, sha) } : null
    },
    variables: (repository) => parts.variables?.(repository) ?? {},
    secrets: (repository) => parts.secrets?.(repository) ?? {},
    token: (order, permissions) => parts.token(runOf(order), tokenPermissions(permissions)),
    runStarted: (order) => startRun(world, runOf(order)),
    runEnded: (order, conclusion) => finishRun(world, runOf(order), conclusion),
    jobQueued(order, { name, labels }) {
      const job = addJob(world, runOf(order), name, labels)
      jobs.set(job.id, job)
      return job.id
    },
    jobStarted(_, id, steps) {
      takeSteps(world, jobOf(id), steps)
      startJob(world, jobOf(id))
    },
    stepChanged(order, id, steps) {
      takeSteps(world, jobOf(id), steps)
      world.changed({ what: 'run', run: runOf(order) })
    },
    jobEnded(order, id, end) {
      const job = jobOf(id)
      job.log = end.log
      job.check.annotations = end.annotations.map((one) => checkAnnotation(one, order.path))
      finishJob(world, job, end.conclusion)
      jobs.delete(id)
    },
    keepArtifact(order, artifact) {
      return uploadArtifact(world, runOf(order), artifact.name, artifact.bytes, { zipped: artifact.zipped }).id
    },
    removeArtifact(_, id) {
      const artifact = world.artifacts.get(id)
      if (artifact) deleteArtifact(world, artifact)
    },
    artifactLink: (id) => parts.link(known(world.artifacts.get(id), `artifact ${id}`)),
  }
}

/** The order for a run of the world, with the event that its steps can read. */
function orderOf(world: World, run: WorkflowRun): RunOrder {
  const { repository } = run
  const { owner } = repository
  return {
    id: run.id,
    number: run.runNumber,
    attempt: run.attempt,
    repository: fullName(repository),
    ref: run.ref,
    sha: run.sha,
    path: run.path,
    event: run.event,
    actor: run.actor.login,
    triggeringActor: run.triggeringActor.login,
    inputs: run.inputs,
    payload: {
      ...(run.event === 'workflow_dispatch' ? { inputs: run.inputs, workflow: run.path } : {}),
      ref: run.ref,
      repository: repositoryPayload(world, repository),
      ...(owner.kind === 'Organization' ? { organization: organizationSimple(world, owner) } : {}),
      sender: simpleUser(world, run.actor),
    },
  }
}

// null where the file or its `run-name` cannot be read: the run itself will say so.
function titleOf(world: World, host: RunnerHost, run: WorkflowRun, text: string): string | null {
  const read = readWorkflow(run.path, text)
  if (!read.ok) return null
  const order = orderOf(world, run)
  const github = githubContext({ order, host, workflow: read.value.name, job: '', folders: null, token: '' })
  try {
    return runTitle(read.value, {
      github,
      inputs: typedInputs(read.value, run.inputs),
      vars: host.variables(order.repository),
    })
  } catch {
    return null
  }
}

function contentAt(repository: Repository, sha: string) {
  const content = [...filesAt(repository.git, sha)].flatMap(([path, id]) => {
    const blob = repository.git.get(id)
    if (blob?.type !== 'blob') return []
    // The world keeps no modes: a script says by its first line that it is one.
    const executable = blob.bytes[0] === 0x23 && blob.bytes[1] === 0x21
    return [[path, { bytes: blob.bytes, executable }] as const]
  })
  return new Map(content)
}

// The artifact client takes any other host for a server of its own that has no such service.
function serverUrl(url: string): string {
  const parsed = new URL(url)
  if (/(^github\.com|\.ghe\.com|\.localhost)$/.test(parsed.hostname)) return parsed.origin
  parsed.hostname = 'github.localhost'
  return parsed.origin
}

function takeSteps(world: World, job: Job, steps: StepReport[]): void {
  const now = world.now()
  job.steps = steps.map(({ name, number, status, conclusion }) => {
    const before = job.steps.find((step) => step.number === number)
    const startedAt = before?.startedAt ?? (status === 'queued' ? null : now)
    const completedAt = before?.completedAt ?? (status === 'completed' ? now : null)
    return { name, number, status, conclusion, startedAt, completedAt }
  })
}

function checkAnnotation(one: Annotation, path: string): CheckAnnotation {
  const line = one.line ?? 1
  return {
    path: one.file ?? path,
    start_line: line,
    end_line: line,
    annotation_level: one.level,
    message: one.message,
    ...(one.title ? { title: one.title } : {}),
  }
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`The world has no ${name}`)
  return found
}
