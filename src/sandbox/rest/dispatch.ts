// Starts a workflow by hand, and runs one again or cancels it.

import { type Answer, type Call, notFound, ok } from '../server/exchange.ts'
import { actorOf } from '../world/access.ts'
import type { Person } from '../world/account.ts'
import { runPage } from '../world/payloads/run.ts'
import { Refusal } from '../world/refusal.ts'
import { cancelRun, dispatchWorkflow, rerunRun } from '../world/runs.ts'
import { runOf } from './runs.ts'
import { repositoryOf } from './target.ts'

/**
 * Under API version 2022-11-28 the run's id comes only on demand; under 2026-03-10 always, and the demand is refused.
 * Older hosts do not know the demand at all.
 */
export function createDispatch(call: Call): Answer {
  const repository = repositoryOf(call)
  const { ref, inputs, return_run_details: details } = call.body
  const newer = call.apiVersion === '2026-03-10'
  if (details !== undefined && (newer || call.settings.rejectRunDetails)) {
    throw new Refusal('invalid', 'Invalid request.\n\n"return_run_details" is not a permitted key.')
  }
  const run = dispatchWorkflow(call.world, whoActs(call), repository, call.path.workflow_id ?? '', {
    ref: String(ref),
    inputs: (inputs ?? {}) as Record<string, unknown>,
  })
  if (!newer && details !== true) return { status: 204 }
  const address = `${call.world.api}/repos/${repository.owner.login}/${repository.name}/actions/runs/${run.id}`
  return ok({ workflow_run_id: run.id, run_url: address, html_url: runPage(call.world, run) })
}

export function rerun(call: Call): Answer {
  rerunRun(call.world, whoActs(call), runOf(call))
  return ok({}, 201)
}

export function cancel(call: Call): Answer {
  cancelRun(call.world, whoActs(call), runOf(call))
  return ok({}, 202)
}

/** The account in whose name the caller acts: an app's is its bot. */
export function whoActs(call: Call): Person {
  const actor = actorOf(call.viewer)
  if (!actor) throw notFound()
  return actor
}
