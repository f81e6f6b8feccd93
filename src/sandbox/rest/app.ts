// The app's own routes: its installations, tokens and webhook deliveries.

import { type Answer, type Call, notFound, ok, page, pageUrl } from '../server/exchange.ts'
import { covers } from '../server/tokens.ts'
import type { App, Installation, Permissions } from '../world/app.ts'
import { reaches } from '../world/app.ts'
import type { Delivery } from '../world/delivery.ts'
import { appPayload, installationPayload } from '../world/payloads/account.ts'
import { repositoryPayload } from '../world/payloads/repository.ts'
import { Refusal } from '../world/refusal.ts'
import type { Repository } from '../world/repository.ts'

export function getApp(call: Call): Answer {
  const app = appOf(call)
  const installations = installationsOf(call, app)
  return ok({ ...appPayload(call.world, app), installations_count: installations.length })
}

export function listInstallations(call: Call): Answer {
  return page(call, installationsOf(call, appOf(call)), (one) => installationPayload(call.world, one))
}

export function getInstallation(call: Call): Answer {
  return ok(installationPayload(call.world, installationOf(call)))
}

/** `GET /orgs/{org}/installation`. */
export function getOrganizationInstallation(call: Call): Answer {
  return ok(installationPayload(call.world, installedOn(call, String(call.path.org))))
}

/** `GET /repos/{owner}/{repo}/installation`. */
export function getRepositoryInstallation(call: Call): Answer {
  const repository = call.world.repositories.get(`${call.path.owner}/${call.path.repo}`.toLowerCase())
  const installation = installedOn(call, String(call.path.owner))
  // A suspended installation is still shown here: only its tokens are dead.
  const scope = { installation: { ...installation, suspendedAt: null }, repositories: 'all' as const }
  if (!repository || !reaches(scope, repository)) throw notFound()
  return ok(installationPayload(call.world, installation))
}

/** A token for one hour, narrowed to fewer repositories and permissions where the body says so. */
export function createAccessToken(call: Call): Answer {
  const installation = installationOf(call)
  if (installation.suspendedAt) throw new Refusal('forbidden', 'This installation has been suspended')
  const permissions = (call.body.permissions as Permissions | undefined) ?? null
  for (const [name, level] of Object.entries(permissions ?? {})) {
    if (!covers(installation.permissions[name], level)) {
      throw new Refusal('invalid', 'The permissions requested are not granted to this installation.')
    }
  }
  const chosen = chosenRepositories(call, installation)
  const repositories = chosen ? new Set(chosen.map((repository) => repository.id)) : ('all' as const)
  const { token, expiresAt } = call.tokens.forInstallation(installation, { permissions, repositories })
  const selected = chosen !== null || installation.repositories !== 'all'
  return ok(
    {
      token,
      expires_at: `${new Date(expiresAt).toISOString().slice(0, 19)}Z`,
      permissions: permissions ?? installation.permissions,
      repository_selection: selected ? 'selected' : 'all',
      ...(chosen && { repositories: chosen.map((repository) => repositoryPayload(call.world, repository)) }),
    },
    201,
  )
}

function chosenRepositories(call: Call, installation: Installation): Repository[] | null {
  const ids = call.body.repository_ids as number[] | undefined
  const names = call.body.repositories as string[] | undefined
  if (!ids && !names) return null
  if ((ids?.length ?? 0) + (names?.length ?? 0) > 500)
    throw new Refusal('invalid', 'No more than 500 repositories can be named.')
  const all = [...call.world.repositories.values()].filter((one) => reaches({ installation, repositories: 'all' }, one))
  const chosen = [
    ...(ids ?? []).map((id) => all.find((one) => one.id === id)),
    ...(names ?? []).map((name) => all.find((one) => one.name.toLowerCase() === name.toLowerCase())),
  ]
  if (chosen.includes(undefined)) {
    const message =
      'There is at least one repository that does not exist or is not accessible to the parent installation.'
    throw new Refusal('invalid', message)
  }
  return chosen as Repository[]
}

/** `GET /installation/repositories`: what this very token reaches. */
export function listInstallationRepositories(call: Call): Answer {
  const { viewer, world } = call
  if (viewer.as !== 'installation') throw notFound()
  const seen = [...world.repositories.values()].filter((repository) => reaches(viewer, repository))
  const selection = viewer.repositories === 'all' && viewer.installation.repositories === 'all' ? 'all' : 'selected'
  const shape = (repository: Repository) => repositoryPayload(world, repository)
  return page(call, seen, shape, (repositories, total_count) => ({
    total_count,
    repository_selection: selection,
    repositories,
  }))
}

export function getHookConfig(call: Call): Answer {
  const { webhook } = appOf(call)
  return ok({ content_type: 'json', insecure_ssl: '0', ...(webhook && { secret: '********', url: webhook.url }) })
}

/** The log of three days, newest first, by cursor; `status=failure` leaves out what the app accepted. */
export function listDeliveries(call: Call): Answer {
  const { status, cursor } = call.query
  const size = Math.min(Math.max(Number(call.query.per_page ?? 30), 1), 100)
  const all = call.deliveries
    .logOf(appOf(call))
    .filter((one) => status === undefined || (status === 'success') === succeeded(one))
  // The cursor is the id of the first delivery of the page: new deliveries do not shift it.
  const start = cursor === undefined ? 0 : all.findIndex((one) => one.id <= Number(cursor))
  const shown = start === -1 ? [] : all.slice(start, start + size)
  const next = start === -1 ? undefined : all[start + size]
  const answer = ok(shown.map(deliverySimple))
  if (next) answer.headers = { link: `<${pageUrl(call.url, { cursor: String(next.id) })}>; rel="next"` }
  return answer
}

export function getDelivery(call: Call): Answer {
  const one = deliveryOf(call)
  return ok({ ...deliverySimple(one), url: one.url, request: one.request, response: one.response })
}

export function redeliver(call: Call): Answer {
  const delivery = deliveryOf(call)
  call.deliveries.redeliver(appOf(call), delivery)
  return ok({}, 202)
}

function deliverySimple(one: Delivery) {
  return {
    id: one.id,
    guid: one.guid,
    delivered_at: one.deliveredAt,
    redelivery: one.redelivery,
    duration: one.duration,
    status: one.status,
    status_code: one.statusCode,
    event: one.event,
    action: one.action,
    installation_id: one.installationId,
    repository_id: one.repositoryId,
    throttled_at: one.throttledAt,
  }
}

const succeeded = (one: Delivery): boolean => one.statusCode >= 200 && one.statusCode < 400

function deliveryOf(call: Call): Delivery {
  const found = call.deliveries.logOf(appOf(call)).find((one) => one.id === call.path.delivery_id)
  if (!found) throw notFound()
  return found
}

function appOf(call: Call): App {
  if (call.viewer.as !== 'app') throw notFound()
  return call.viewer.app
}

function installationsOf(call: Call, app: App): Installation[] {
  return [...call.world.installations.values()].filter((installation) => installation.app === app)
}

function installationOf(call: Call): Installation {
  const installation = call.world.installations.get(Number(call.path.installation_id))
  if (!installation || installation.app !== appOf(call)) throw notFound()
  return installation
}

function installedOn(call: Call, login: string): Installation {
  const found = installationsOf(call, appOf(call)).find(
    (one) => one.account.login.toLowerCase() === login.toLowerCase(),
  )
  if (!found) throw notFound()
  return found
}
