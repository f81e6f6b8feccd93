// Check runs: made and changed by apps alone, read by whoever may.

import { type Answer, type Call, notFound, ok, page, text } from '../server/exchange.ts'
import type { App } from '../world/app.ts'
import type { CheckRun } from '../world/check.ts'
import { type CheckWish, createCheckRun, rerequestCheckRun, updateCheckRun } from '../world/checks.ts'
import { checkRunPayload } from '../world/payloads/check.ts'
import { Refusal } from '../world/refusal.ts'
import { resolveRevision } from '../world/repositories.ts'
import { latestRuns } from '../world/suites.ts'
import { whoActs } from './dispatch.ts'
import { repositoryOf } from './target.ts'

export function createCheck(call: Call): Answer {
  const repository = repositoryOf(call)
  const app = appOf(call)
  const wish = { ...wishOf(call), name: text(call, 'name') ?? '' }
  const run = createCheckRun(call.world, app, repository, text(call, 'head_sha') ?? '', wish)
  return ok(checkRunPayload(call.world, run, 'rest'), 201)
}

export function updateCheck(call: Call): Answer {
  const run = checkOf(call)
  return ok(checkRunPayload(call.world, updateCheckRun(call.world, appOf(call), run, wishOf(call)), 'rest'))
}

export function getCheck(call: Call): Answer {
  return ok(checkRunPayload(call.world, checkOf(call), 'rest'))
}

export function rerequestCheck(call: Call): Answer {
  const run = checkOf(call)
  rerequestCheckRun(call.world, whoActs(call), run)
  return ok({}, 201)
}

/** Of a branch, tag or commit; `filter=latest` (the default) gives the newest of each name and app. */
export function listChecksForRef(call: Call): Answer {
  const repository = repositoryOf(call)
  const sha = resolveRevision(repository, String(call.path.ref))
  if (!sha) throw new Refusal('invalid', `No commit found for SHA: ${call.path.ref}`)
  const { check_name, status, filter, app_id } = call.query
  const runs = (repository.suites.get(sha) ?? [])
    .flatMap((suite) => (filter === 'all' ? suite.runs : latestRuns(suite)))
    .filter((run) => check_name === undefined || run.name === check_name)
    .filter((run) => status === undefined || run.status === status)
    .filter((run) => app_id === undefined || run.suite.app.id === app_id)
    .sort((a, b) => b.id - a.id)
  const shape = (run: CheckRun) => checkRunPayload(call.world, run, 'rest')
  return page(call, runs, shape, (check_runs, total_count) => ({ total_count, check_runs }))
}

/** Only an app may write checks; GitHub says so to everybody else. */
function appOf(call: Call): App {
  if (call.viewer.as !== 'installation') throw new Refusal('forbidden', 'You must authenticate via a GitHub App.')
  return call.viewer.installation.app
}

function wishOf(call: Call): CheckWish {
  const { body } = call
  const names = {
    name: 'name',
    externalId: 'external_id',
    detailsUrl: 'details_url',
    status: 'status',
    conclusion: 'conclusion',
    startedAt: 'started_at',
    completedAt: 'completed_at',
    output: 'output',
    actions: 'actions',
  } as const
  const given = Object.entries(names).filter(([, key]) => body[key] !== undefined)
  return Object.fromEntries(given.map(([name, key]) => [name, body[key]])) as CheckWish
}

function checkOf(call: Call): CheckRun {
  const repository = repositoryOf(call)
  const run = call.world.checkRuns.get(Number(call.path.check_run_id))
  if (!run || run.suite.repository !== repository) throw notFound()
  return run
}
