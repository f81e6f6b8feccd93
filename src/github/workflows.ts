// Starts workflows, and finds and reads their runs.
import { z } from 'zod'
import type { Actor } from '../core/facts/actor.ts'
import { sameActor } from '../core/facts/actor.ts'
import { readAnswer } from './card-answer.ts'
import { GitHubProblem } from './github-problem.ts'
import type { DispatchResult, Run } from './port.ts'
import { inRepository } from './repository-route.ts'
import type { Wire } from './wire.ts'

const DISPATCH = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'
const LIST = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs'
/** GitHub answers no query for runs beyond a thousand. */
const MOST_PAGES = 10
/** GitHub's limit for all inputs together, in characters. */
const INPUT_LIMIT = 65_535

const dispatched = z.object({
  workflow_run_id: z.number(),
  html_url: z.string().optional(),
  run_url: z.string().optional(),
})

const accountSchema = z.object({ login: z.string(), id: z.number(), type: z.string().optional() }).nullish()
const runSchema = z.object({
  id: z.number(),
  display_title: z.string().nullish(),
  name: z.string().nullish(),
  path: z.string(),
  event: z.string(),
  head_branch: z.string().nullable(),
  head_sha: z.string(),
  run_attempt: z.number().optional(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  html_url: z.string(),
  updated_at: z.string().nullish(),
  actor: accountSchema,
})

/**
 * Starts a workflow with one POST. An older GitHub that refuses the wish for the run's id is asked again without it:
 * a refusal started nothing. Throws a `GitHubProblem` where no answer came: the workflow may then run or not.
 */
export async function dispatchWorkflow(
  wire: Wire,
  target: { repository: string; ref: string; file: string; input: string },
): Promise<DispatchResult> {
  if (target.input.length > INPUT_LIMIT) {
    const message = `The question is ${target.input.length} characters long; GitHub takes ${INPUT_LIMIT}.`
    return { ok: false, reason: 'dispatch-refused', message }
  }
  const first = await post(wire, target, true)
  const unknownWish = !first.ok && first.status !== 404 && /return_run_details/.test(first.message)
  const result = unknownWish ? await post(wire, target, false) : first
  if (!result.ok) return { ok: false, reason: reasonOf(result.status, result.message), message: result.message }
  const named = dispatched.safeParse(result.data)
  if (!named.success) return { ok: true, run: null }
  const url = named.data.html_url ?? named.data.run_url ?? ''
  return { ok: true, run: { id: named.data.workflow_run_id, url } }
}

type Posted = { ok: true; data: unknown } | { ok: false; status: number; message: string }

async function post(wire: Wire, target: Parameters<typeof dispatchWorkflow>[1], named: boolean): Promise<Posted> {
  const parameters = {
    ...inRepository(target.repository),
    workflow_id: fileName(target.file),
    ref: target.ref,
    inputs: { andon: target.input },
    ...(named ? { return_run_details: true } : {}),
  }
  try {
    const { data } = await wire.rest({ route: DISPATCH, parameters, urgency: 'verdict', content: 1 })
    return { ok: true, data }
  } catch (error) {
    if (error instanceof GitHubProblem && !error.transient && error.status !== null) {
      return { ok: false, status: error.status, message: error.message }
    }
    throw error
  }
}

function reasonOf(status: number, message: string): 'workflow-missing' | 'workflow-without-input' | 'dispatch-refused' {
  if (status === 404) return 'workflow-missing'
  if (status === 422 && /unexpected inputs|does not have 'workflow_dispatch' trigger/i.test(message)) {
    return 'workflow-without-input'
  }
  return 'dispatch-refused'
}

/**
 * The run whose name holds the request. Anybody who may start a workflow can give a run that name: only runs that
 * the app itself started count, and of those the first.
 */
export async function findRun(
  wire: Wire,
  target: { repository: string; file: string; request: string; since: string },
  self: Actor,
): Promise<Run | null> {
  // Our clock and GitHub's may differ.
  const since = new Date(Date.parse(target.since) - 5 * 60_000).toISOString()
  const parameters = {
    ...inRepository(target.repository),
    workflow_id: fileName(target.file),
    event: 'workflow_dispatch',
    created: `>=${since.slice(0, 19)}Z`,
    per_page: 100,
  }
  const runs: z.infer<typeof runSchema>[] = []
  for (let page = 1; page <= MOST_PAGES; page++) {
    const found = await orNull(() => wire.rest({ route: LIST, parameters: { ...parameters, page }, urgency: 'read' }))
    if (found === null) return null
    const { workflow_runs } = readAnswer(z.object({ workflow_runs: z.array(runSchema) }), found.data)
    runs.push(...workflow_runs)
    if (workflow_runs.length < parameters.per_page) break
  }
  const ours = runs.filter(
    ({ event, display_title, actor }) =>
      event === 'workflow_dispatch' &&
      display_title?.includes(target.request) &&
      actor &&
      sameActor({ login: actor.login, id: actor.id, type: 'Bot' }, self),
  )
  const run = ours.sort((a, b) => a.id - b.id)[0]
  return run ? toRun(run) : null
}

/** A run as it stands now; null where there is no such run (any more). */
export async function readRun(wire: Wire, repository: string, id: number): Promise<Run | null> {
  const parameters = { ...inRepository(repository), run_id: id }
  const found = await orNull(() =>
    wire.rest({ route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}', parameters, urgency: 'read' }),
  )
  return found === null ? null : toRun(readAnswer(runSchema, found.data))
}

function toRun(run: z.infer<typeof runSchema>): Run {
  return {
    id: run.id,
    name: run.display_title ?? run.name ?? '',
    // Some answers carry the ref behind the path, as in `andon.yml@refs/heads/main`.
    path: run.path.split('@')[0] ?? '',
    event: run.event,
    branch: run.head_branch,
    sha: run.head_sha,
    attempt: run.run_attempt ?? 1,
    status: run.status ?? '',
    conclusion: run.conclusion,
    url: run.html_url,
    ...(run.updated_at && { updatedAt: run.updated_at }),
  }
}

/** Null where GitHub knows no such thing. */
export async function orNull<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof GitHubProblem && error.kind === 'not-found') return null
    throw error
  }
}

function fileName(file: string): string {
  return file.replace(/^\.github\/workflows\//, '')
}
