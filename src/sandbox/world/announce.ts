// Sends an event to every app installation that may hear it, with the envelope GitHub puts around it.
import type { Organization, Owner, Person } from './account.ts'
import { type App, type Installation, reaches } from './app.ts'
import { organizationSimple, simpleUser } from './payloads/account.ts'
import { repositoryPayload } from './payloads/repository.ts'
import type { Repository } from './repository.ts'
import type { World } from './world.ts'

/** The permissions of which one must be held (at least `read`) to hear an event. */
const NEEDED: Record<string, string[]> = {
  projects_v2_item: ['organization_projects'],
  projects_v2: ['organization_projects'],
  issues: ['issues'],
  issue_comment: ['issues', 'pull_requests'],
  label: ['issues', 'pull_requests', 'metadata'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  check_run: ['checks'],
  check_suite: ['checks'],
  workflow_run: ['actions'],
  workflow_job: ['actions'],
  push: ['contents'],
  create: ['contents'],
  delete: ['contents'],
  repository_dispatch: ['contents'],
  membership: ['members'],
  organization: ['members'],
  team: ['members'],
  status: ['statuses'],
}

type Announcement = {
  event: string
  action: string | null
  by: Person
  /** The event's own part of the payload. */
  body: Record<string, unknown>
  /** Where the event happens: a repository (its owner follows), or an organization, or an installation itself. */
  repository?: Repository
  owner?: Owner
  /** Only this app hears of it (`check_run.requested_action`, `check_suite.requested`, `installation.*`). */
  only?: App
}

/** Tells the world's webhook listeners, once for each installation that hears the event. */
export function announce(world: World, announcement: Announcement): void {
  const { event, action, repository } = announcement
  const owner = repository?.owner ?? announcement.owner
  for (const installation of world.installations.values()) {
    if (announcement.only && installation.app !== announcement.only) continue
    if (!hears(installation, event, owner, repository)) continue
    const payload: Record<string, unknown> = {
      ...(action === null ? {} : { action }),
      ...announcement.body,
      ...envelope(world, repository, owner, announcement.by),
      installation: { id: installation.id, node_id: installation.node },
    }
    world.emit('webhook', {
      event,
      action,
      payload,
      app: installation.app,
      installationId: installation.id,
      repositoryId: repository?.id ?? null,
      at: world.now(),
    })
  }
}

/** Tells one app of its own installation: these need no subscription. */
export function announceInstallation(
  world: World,
  installation: Installation,
  by: Person,
  event: 'installation' | 'installation_repositories',
  action: string,
  body: Record<string, unknown>,
): void {
  world.emit('webhook', {
    event,
    action,
    payload: { action, ...body, sender: simpleUser(world, by) },
    app: installation.app,
    installationId: installation.id,
    repositoryId: null,
    at: world.now(),
  })
}

function hears(
  installation: Installation,
  event: string,
  owner: Owner | undefined,
  repository: Repository | undefined,
): boolean {
  if (installation.suspendedAt || installation.account !== owner) return false
  if (repository && !reaches({ installation, repositories: 'all' }, repository)) return false
  const needed = NEEDED[event] ?? []
  if (needed.length > 0 && !needed.some((name) => name in installation.permissions)) return false
  // With checks: write an app hears of checks without having asked.
  if (event === 'check_run' || event === 'check_suite') {
    if (installation.permissions.checks === 'write') return true
  }
  return installation.events.includes(event)
}

function envelope(world: World, repository: Repository | undefined, owner: Owner | undefined, by: Person) {
  const organization: Organization | null = owner?.kind === 'Organization' ? owner : null
  return {
    ...(repository ? { repository: repositoryPayload(world, repository) } : {}),
    ...(organization ? { organization: organizationSimple(world, organization) } : {}),
    sender: simpleUser(world, by),
  }
}
