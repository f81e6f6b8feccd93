// Workflows and their runs: to list, to read, to run again and to cancel.

import { type Answer, type Call, notFound, ok, page } from '../server/exchange.ts'
import { runPayload, workflowPayload } from '../world/payloads/run.ts'
import type { Workflow, WorkflowRun } from '../world/run.ts'
import { findWorkflow, workflowsOf } from '../world/workflows.ts'
import { repositoryOf } from './target.ts'

/** GitHub answers no query for runs beyond this, whatever `total_count` says. */
const mostFound = 1000

export function listWorkflows(call: Call): Answer {
  const workflows = workflowsOf(call.world, repositoryOf(call))
  const shape = (workflow: Workflow) => workflowPayload(call.world, workflow)
  return page(call, workflows, shape, (shown, total_count) => ({ total_count, workflows: shown }))
}

export function getWorkflow(call: Call): Answer {
  return ok(workflowPayload(call.world, findWorkflow(call.world, repositoryOf(call), call.path.workflow_id ?? '')))
}

export function listWorkflowRuns(call: Call): Answer {
  const repository = repositoryOf(call)
  const workflow = findWorkflow(call.world, repository, call.path.workflow_id ?? '')
  return listed(
    call,
    repository.runs.filter((run) => run.workflow === workflow),
  )
}

export function listRuns(call: Call): Answer {
  return listed(call, repositoryOf(call).runs)
}

export function getRun(call: Call): Answer {
  return ok(shown(call, runOf(call)))
}

function listed(call: Call, runs: WorkflowRun[]): Answer {
  const { actor, branch, event, status, created, check_suite_id, head_sha } = call.query
  const listed = call.world.time() - call.settings.runsListedAfterSeconds * 1000
  const found = runs
    .filter((run) => Date.parse(run.createdAt) <= listed)
    .filter((run) => actor === undefined || run.actor.login.toLowerCase() === String(actor).toLowerCase())
    .filter((run) => branch === undefined || run.branch === branch)
    .filter((run) => event === undefined || run.event === event)
    .filter((run) => status === undefined || run.status === status || run.conclusion === status)
    .filter((run) => created === undefined || inRange(run.createdAt, String(created)))
    .filter((run) => check_suite_id === undefined || run.suite.id === check_suite_id)
    .filter((run) => head_sha === undefined || run.sha === head_sha)
    .sort((a, b) => b.id - a.id)
  const answer = page(
    call,
    found.slice(0, mostFound),
    (run) => shown(call, run),
    (workflow_runs) => ({
      total_count: found.length,
      workflow_runs,
    }),
  )
  return answer
}

function shown(call: Call, run: WorkflowRun) {
  const payload = runPayload(call.world, run)
  return call.query.exclude_pull_requests === true ? { ...payload, pull_requests: [] } : payload
}

/** GitHub's date search: `2026-01-01`, `>=…`, `<…`, `a..b`, with `*` for an open end. Dates without a time mean the whole day. */
function inRange(at: string, range: string): boolean {
  const time = Date.parse(at)
  const between = range.split('..')
  if (between.length === 2) {
    const [from = '*', to = '*'] = between
    return (from === '*' || time >= startOf(from)) && (to === '*' || time <= endOf(to))
  }
  const [, sign = '', date = ''] = /^(>=|<=|>|<)?(.*)$/.exec(range) ?? []
  switch (sign) {
    case '>=':
      return time >= startOf(date)
    case '>':
      return time > endOf(date)
    case '<=':
      return time <= endOf(date)
    case '<':
      return time < startOf(date)
    default:
      return time >= startOf(date) && time <= endOf(date)
  }
}

const startOf = (date: string): number => Date.parse(date)
const endOf = (date: string): number => Date.parse(date) + (date.length === 10 ? 86_399_999 : 0)

export function runOf(call: Call): WorkflowRun {
  const repository = repositoryOf(call)
  const run = call.world.workflowRuns.get(Number(call.path.run_id))
  if (!run || run.repository !== repository) throw notFound()
  return run
}
