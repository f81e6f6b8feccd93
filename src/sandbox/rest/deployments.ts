// Deployments and their statuses, with the two defaults that bite: auto_merge, and all contexts required.

import { type Answer, type Call, notFound, ok, page } from '../server/exchange.ts'
import type { Person } from '../world/account.ts'
import { ancestors } from '../world/git.ts'
import { nodeId } from '../world/node-id.ts'
import { appPayload, simpleUser } from '../world/payloads/account.ts'
import { repositoryApi } from '../world/payloads/address.ts'
import { Refusal } from '../world/refusal.ts'
import { resolveRevision } from '../world/repositories.ts'
import { defaultHead, type Repository } from '../world/repository.ts'
import { latestRuns } from '../world/suites.ts'
import { whoActs } from './dispatch.ts'
import { repositoryOf } from './target.ts'

type Status = {
  id: number
  state: string
  description: string
  environment: string
  url: string
  logUrl: string
  by: Person
  at: string
}
type Deployment = {
  id: number
  repository: Repository
  sha: string
  ref: string
  task: string
  payload: unknown
  environment: string
  description: string | null
  transient: boolean
  production: boolean
  by: Person
  at: string
  statuses: Status[]
}

/** The world has no deployments of its own: nothing else in it depends on them. */
const kept = new WeakMap<Repository, Deployment[]>()

export function listDeployments(call: Call): Answer {
  const repository = repositoryOf(call)
  const { query } = call
  const wanted = (name: string, value: string) =>
    query[name] === undefined || query[name] === 'none' || query[name] === value
  const found = (kept.get(repository) ?? [])
    .filter((one) => wanted('sha', one.sha) && wanted('ref', one.ref) && wanted('task', one.task))
    .filter((one) => wanted('environment', one.environment))
    .reverse()
  return page(call, found, (one) => deploymentPayload(call, one))
}

export function createDeployment(call: Call): Answer {
  const repository = repositoryOf(call)
  const { body } = call
  const ref = String(body.ref)
  const sha = resolveRevision(repository, ref)
  if (!sha) throw new Refusal('invalid', `No ref found for: ${ref}`)
  const head = defaultHead(repository)
  // `auto_merge` is true unless said otherwise: a ref behind the default branch is merged, and nothing deployed.
  if (body.auto_merge !== false && head && !ancestors(repository.git, sha).has(head)) {
    return ok({ message: `Auto-merged ${repository.defaultBranch} into ${ref} on deployment.` }, 202)
  }
  requireContexts(repository, sha, body.required_contexts as string[] | undefined)
  const environment = String(body.environment ?? 'production')
  const deployment: Deployment = {
    id: call.world.nextId('deployment'),
    repository,
    sha,
    ref,
    task: String(body.task ?? 'deploy'),
    payload: body.payload ?? {},
    environment,
    description: typeof body.description === 'string' ? body.description : null,
    transient: body.transient_environment === true,
    production:
      body.production_environment === undefined ? environment === 'production' : body.production_environment === true,
    by: whoActs(call),
    at: call.world.now(),
    statuses: [],
  }
  kept.set(repository, [...(kept.get(repository) ?? []), deployment])
  return ok(deploymentPayload(call, deployment), 201)
}

/** Every context must have succeeded unless the caller names which, or none by an empty list. */
function requireContexts(repository: Repository, sha: string, required: string[] | undefined): void {
  const runs = (repository.suites.get(sha) ?? []).flatMap(latestRuns)
  const statuses = repository.statuses.get(sha) ?? []
  const good = new Map<string, boolean>()
  for (const run of runs) good.set(run.name, ['success', 'neutral', 'skipped'].includes(run.conclusion ?? ''))
  for (const status of statuses) good.set(status.context, status.state === 'success')
  const asked = required ?? [...good.keys()]
  const bad = asked.filter((context) => good.get(context) !== true)
  if (bad.length > 0) throw new Refusal('conflict', `Conflict: Commit status checks failed for ${bad.join(', ')}.`)
}

export function listDeploymentStatuses(call: Call): Answer {
  const deployment = deploymentOf(call)
  return page(call, [...deployment.statuses].reverse(), (status) => statusPayload(call, deployment, status))
}

export function createDeploymentStatus(call: Call): Answer {
  const deployment = deploymentOf(call)
  const { body } = call
  const description = String(body.description ?? '')
  if (description.length > 140) {
    throw new Refusal('invalid', 'description is too long (maximum is 140 characters)', { field: 'description' })
  }
  const status: Status = {
    id: call.world.nextId('deployment-status'),
    state: String(body.state),
    description,
    environment: String(body.environment ?? deployment.environment),
    url: String(body.environment_url ?? ''),
    logUrl: String(body.log_url ?? body.target_url ?? ''),
    by: whoActs(call),
    at: call.world.now(),
  }
  deployment.statuses.push(status)
  if (status.state === 'success' && body.auto_inactive !== false) retireOthers(call, deployment, status)
  return ok(statusPayload(call, deployment, status), 201)
}

/** Earlier deployments to the same environment become inactive, but never those to production or a transient one. */
function retireOthers(call: Call, deployment: Deployment, status: Status): void {
  for (const other of kept.get(deployment.repository) ?? []) {
    if (other === deployment || other.environment !== deployment.environment) continue
    if (other.production || other.transient || other.statuses.at(-1)?.state !== 'success') continue
    other.statuses.push({ ...status, id: call.world.nextId('deployment-status'), state: 'inactive' })
  }
}

function deploymentOf(call: Call): Deployment {
  const found = kept.get(repositoryOf(call))?.find((one) => one.id === call.path.deployment_id)
  if (!found) throw notFound()
  return found
}

function deploymentPayload(call: Call, one: Deployment) {
  const api = repositoryApi(call.world, one.repository)
  return {
    url: `${api}/deployments/${one.id}`,
    id: one.id,
    node_id: nodeId('Event', one.repository.id, one.id),
    sha: one.sha,
    ref: one.ref,
    task: one.task,
    payload: one.payload,
    original_environment: one.environment,
    environment: one.environment,
    description: one.description,
    creator: simpleUser(call.world, one.by),
    created_at: one.at,
    updated_at: one.statuses.at(-1)?.at ?? one.at,
    statuses_url: `${api}/deployments/${one.id}/statuses`,
    repository_url: api,
    transient_environment: one.transient,
    production_environment: one.production,
    performed_via_github_app: one.by.app ? appPayload(call.world, one.by.app) : null,
  }
}

function statusPayload(call: Call, deployment: Deployment, one: Status) {
  const { url, repository_url } = deploymentPayload(call, deployment)
  return {
    url: `${url}/statuses/${one.id}`,
    id: one.id,
    node_id: nodeId('Event', deployment.repository.id, deployment.id, one.id),
    state: one.state,
    creator: simpleUser(call.world, one.by),
    description: one.description,
    environment: one.environment,
    target_url: one.logUrl,
    created_at: one.at,
    updated_at: one.at,
    deployment_url: url,
    repository_url,
    environment_url: one.url,
    log_url: one.logUrl,
    performed_via_github_app: one.by.app ? appPayload(call.world, one.by.app) : null,
  }
}
