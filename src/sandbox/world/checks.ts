// Writes check runs within GitHub's limits, and commit statuses.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import type { App } from './app.ts'
import type { Annotation, CheckAction, CheckConclusion, CheckRun, CheckStatus, CommitStatus } from './check.ts'
import { commitAt } from './git.ts'
import { nodeId } from './node-id.ts'
import { checkRunPayload } from './payloads/check.ts'
import { Refusal } from './refusal.ts'
import type { Repository } from './repository.ts'
import { branchOf, createSuite, settleSuite, suiteOf } from './suites.ts'
import type { World } from './world.ts'

/** GitHub's limit for a summary and a text, in characters. */
const OUTPUT_LIMIT = 65_535
const ANNOTATIONS_PER_REQUEST = 50
const ANNOTATION_BYTES = 64 * 1024
/** More runs of one name than that in a suite, and the oldest are deleted. */
const RUNS_OF_ONE_NAME = 1_000

type CheckOutput = { title?: string; summary?: string; text?: string; annotations?: Annotation[] }

/** What may be written on a check run; a conclusion completes it. */
export type CheckWish = {
  name?: string
  externalId?: string
  detailsUrl?: string
  status?: CheckStatus
  conclusion?: CheckConclusion | null
  startedAt?: string
  completedAt?: string
  output?: CheckOutput
  actions?: CheckAction[]
}

/** A check run by the app on a commit that the repository knows; its suite is made where there is none. */
export function createCheckRun(
  world: World,
  app: App,
  repository: Repository,
  sha: string,
  wish: CheckWish & { name: string },
): CheckRun {
  if (wish.name === '') throw new Refusal('invalid', 'Invalid request.\n\n"name" wasn\'t supplied.', { field: 'name' })
  if (!commitAt(repository.git, sha))
    throw new Refusal('invalid', `No commit found for SHA: ${sha}`, { field: 'head_sha' })
  checkWish(wish)
  const branch = branchOf(repository, sha)
  const suite = suiteOf(repository, app, sha) ?? createSuite(world, repository, app, { sha, before: null, branch })
  const id = world.nextId('check-run')
  const run: CheckRun = {
    kind: 'CheckRun',
    id,
    node: nodeId('CheckRun', repository.id, id),
    suite,
    name: wish.name,
    externalId: null,
    detailsUrl: null,
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
  apply(world, run, wish)
  suite.runs.push(run)
  world.checkRuns.set(id, run)
  world.register(run)
  forgetOldest(world, run)
  tell(world, app.bot, run, 'created')
  if (run.status === 'completed') tell(world, app.bot, run, 'completed')
  settleSuite(world, app.bot, suite)
  world.changed({ what: 'check', repository, sha })
  return run
}

/** Changes a check run of the app's own. Annotations are added to those it has. */
export function updateCheckRun(world: World, app: App, run: CheckRun, wish: CheckWish): CheckRun {
  if (run.suite.app !== app) {
    throw new Refusal(
      'forbidden',
      `Invalid app_id \`${run.suite.app.id}\` - check run can only be modified by the GitHub App that created it.`,
    )
  }
  checkWish(wish)
  const wasCompleted = run.status === 'completed'
  apply(world, run, wish)
  if (run.status === 'completed' && !wasCompleted) tell(world, app.bot, run, 'completed')
  settleSuite(world, app.bot, run.suite)
  world.changed({ what: 'check', repository: run.suite.repository, sha: run.suite.sha })
  return run
}

/** Somebody presses "Re-run": only the owning app hears of it, and the run itself stays as it is. */
export function rerequestCheckRun(world: World, by: Person, run: CheckRun): void {
  run.suite.status = 'queued'
  run.suite.conclusion = null
  tell(world, by, run, 'rerequested')
}

/** Somebody presses one of the app's own buttons. */
export function requestAction(world: World, by: Person, run: CheckRun, identifier: string): void {
  if (!run.actions.some((action) => action.identifier === identifier)) throw new Refusal('not-found', 'Not Found')
  tell(world, by, run, 'requested_action', { requested_action: { identifier } })
}

export function createStatus(
  world: World,
  by: Person,
  repository: Repository,
  sha: string,
  wish: { state: CommitStatus['state']; context?: string; description?: string; targetUrl?: string },
): CommitStatus {
  if (!commitAt(repository.git, sha)) throw new Refusal('invalid', `No commit found for SHA: ${sha}`)
  const id = world.nextId('status')
  const status: CommitStatus = {
    kind: 'StatusContext',
    id,
    node: nodeId('StatusContext', repository.id, id),
    repository,
    sha,
    state: wish.state,
    context: wish.context ?? 'default',
    description: wish.description ?? null,
    targetUrl: wish.targetUrl ?? null,
    creator: by,
    createdAt: world.now(),
  }
  repository.statuses.set(sha, [...(repository.statuses.get(sha) ?? []), status])
  return world.register(status)
}

function apply(world: World, run: CheckRun, wish: CheckWish): void {
  if (wish.name) run.name = wish.name
  if (wish.externalId !== undefined) run.externalId = wish.externalId
  if (wish.detailsUrl !== undefined) run.detailsUrl = wish.detailsUrl
  if (wish.startedAt) run.startedAt = wish.startedAt
  if (wish.status) run.status = wish.status
  if (wish.conclusion) {
    run.status = 'completed'
    run.conclusion = wish.conclusion
  } else if (wish.status && wish.status !== 'completed') run.conclusion = null
  run.completedAt = run.status === 'completed' ? (wish.completedAt ?? run.completedAt ?? world.now()) : null
  if (wish.output) {
    if (wish.output.title !== undefined) run.title = wish.output.title
    if (wish.output.summary !== undefined) run.summary = wish.output.summary
    if (wish.output.text !== undefined) run.text = wish.output.text
    run.annotations.push(...(wish.output.annotations ?? []))
  }
  if (wish.actions) run.actions = wish.actions
}

function checkWish(wish: CheckWish): void {
  const { output, actions } = wish
  if (wish.status === 'completed' && !wish.conclusion) {
    throw invalid('A completed check run must have a conclusion.', 'conclusion')
  }
  if (wish.conclusion === 'stale') throw invalid('`stale` can only be set by GitHub.', 'conclusion')
  if (output) {
    if (output.title === undefined || output.summary === undefined) {
      throw invalid('For \'properties/output\', "title" and "summary" must both be supplied.', 'output')
    }
    for (const key of ['summary', 'text'] as const) {
      const length = output[key]?.length ?? 0
      if (length > OUTPUT_LIMIT)
        throw invalid(`Only ${OUTPUT_LIMIT} characters are allowed; ${length} were supplied.`, key)
    }
    const count = output.annotations?.length ?? 0
    if (count > ANNOTATIONS_PER_REQUEST) {
      throw invalid(`No more than ${ANNOTATIONS_PER_REQUEST} items are allowed; ${count} were supplied.`, 'annotations')
    }
    for (const { message, start_line } of output.annotations ?? []) {
      if (message === '' || Buffer.byteLength(message) > ANNOTATION_BYTES || start_line < 1)
        throw invalid('An annotation has a message of up to 64 KB and a line from 1.', 'annotations')
    }
  }
  if (actions && actions.length > 3)
    throw invalid(`No more than 3 items are allowed; ${actions.length} were supplied.`, 'actions')
  for (const action of actions ?? []) {
    if (action.label.length > 20 || action.description.length > 40 || action.identifier.length > 20) {
      throw invalid('An action takes a label of 20, a description of 40 and an identifier of 20 characters.', 'actions')
    }
  }
}

function invalid(message: string, field: string): Refusal {
  return new Refusal('invalid', `Invalid request.\n\n${message}`, { field })
}

function forgetOldest(world: World, added: CheckRun): void {
  const { suite } = added
  const same = suite.runs.filter((run) => run.name === added.name)
  for (const run of same.slice(0, Math.max(0, same.length - RUNS_OF_ONE_NAME))) {
    suite.runs.splice(suite.runs.indexOf(run), 1)
    world.checkRuns.delete(run.id)
    world.nodes.delete(run.node)
  }
}

function tell(world: World, by: Person, run: CheckRun, action: string, more: Record<string, unknown> = {}): void {
  const { repository, app } = run.suite
  const body = { check_run: checkRunPayload(world, run, 'webhook'), ...more }
  const own = action === 'rerequested' || action === 'requested_action'
  announce(world, { event: 'check_run', action, by, repository, body, ...(own ? { only: app } : {}) })
}
