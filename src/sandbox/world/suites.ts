// Check suites: one for each app and commit, made by a push or by the first check run.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import { type App, reaches } from './app.ts'
import type { CheckConclusion, CheckRun, CheckSuite } from './check.ts'
import { nodeId } from './node-id.ts'
import { suitePayload } from './payloads/check.ts'
import type { Repository } from './repository.ts'
import type { World } from './world.ts'

/** After a push: a suite for every installed app with `checks: write` that has not been switched off for it. */
export function createAutomaticSuites(
  world: World,
  by: Person,
  repository: Repository,
  push: { sha: string; before: string | null; branch: string },
): void {
  for (const installation of world.installations.values()) {
    const { app } = installation
    if (installation.permissions.checks !== 'write') continue
    if (!reaches({ installation, repositories: 'all' }, repository)) continue
    if (repository.withoutAutomaticSuites.has(app.id)) continue
    if (suiteOf(repository, app, push.sha)) continue
    const suite = createSuite(world, repository, app, push)
    const body = { check_suite: suitePayload(world, suite) }
    announce(world, { event: 'check_suite', action: 'requested', by, repository, body, only: app })
  }
}

export function suiteOf(repository: Repository, app: App, sha: string): CheckSuite | null {
  return repository.suites.get(sha)?.find((suite) => suite.app === app) ?? null
}

export function createSuite(
  world: World,
  repository: Repository,
  app: App,
  at: { sha: string; before: string | null; branch: string | null },
): CheckSuite {
  const id = world.nextId('check-suite')
  const suite: CheckSuite = {
    kind: 'CheckSuite',
    id,
    node: nodeId('CheckSuite', repository.id, id),
    repository,
    app,
    sha: at.sha,
    before: at.before,
    branch: at.branch,
    status: 'queued',
    conclusion: null,
    runs: [],
    workflowRun: null,
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  const suites = repository.suites.get(at.sha) ?? []
  repository.suites.set(at.sha, [...suites, suite])
  world.checkSuites.set(id, suite)
  return world.register(suite)
}

/** The branch whose tip is that commit; null where there is none, as for a fork's head. */
export function branchOf(repository: Repository, sha: string): string | null {
  for (const [ref, tip] of repository.refs) {
    if (tip === sha && ref.startsWith('refs/heads/')) return ref.slice('refs/heads/'.length)
  }
  return null
}

const WORST: CheckConclusion[] = [
  'failure',
  'startup_failure',
  'timed_out',
  'cancelled',
  'action_required',
  'stale',
  'success',
  'neutral',
  'skipped',
]

/** Draws the suite's state from its runs, and says so once all are complete. */
export function settleSuite(world: World, by: Person, suite: CheckSuite): void {
  const latest = latestRuns(suite)
  const done = latest.every((run) => run.status === 'completed')
  const was = suite.status
  suite.status = done ? 'completed' : latest.some((run) => run.status === 'in_progress') ? 'in_progress' : 'queued'
  suite.conclusion = done
    ? (WORST.find((conclusion) => latest.some((run) => run.conclusion === conclusion)) ?? null)
    : null
  suite.updatedAt = world.now()
  if (done && was !== 'completed') {
    const body = { check_suite: suitePayload(world, suite) }
    announce(world, { event: 'check_suite', action: 'completed', by, repository: suite.repository, body })
  }
}

/** The newest run of each name, oldest name first. */
export function latestRuns(suite: CheckSuite): CheckRun[] {
  const byName = new Map<string, CheckRun>()
  for (const run of suite.runs) byName.set(run.name, run)
  return [...byName.values()]
}
