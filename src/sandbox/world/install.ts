// Makes GitHub Apps and installs them on organizations and people.
import type { Organization, Owner, Person } from './account.ts'
import { announceInstallation } from './announce.ts'
import type { App, Installation, Permissions } from './app.ts'
import { nodeId } from './node-id.ts'
import { createPerson } from './organize.ts'
import { installationPayload } from './payloads/account.ts'
import { fullName, type Repository } from './repository.ts'
import type { World } from './world.ts'

/** The slug of the app whose tokens workflows get; it exists in every world that has run a workflow. */
const ACTIONS_SLUG = 'github-actions'
/** The app that GitHub's built-in board workflows act as. */
const BOARD_SLUG = 'github-project-automation'

/** A new app with its bot account `<slug>[bot]`. */
export function createApp(
  world: World,
  slug: string,
  more: {
    owner: Owner
    id?: number
    name?: string
    permissions: Permissions
    events: string[]
    webhook?: App['webhook']
    publicKeys?: string[]
  },
): App {
  const id = more.id ?? world.nextId('app')
  const bot = createPerson(world, `${slug}[bot]`, { kind: 'Bot' })
  const app: App = {
    kind: 'App',
    id,
    node: nodeId('App', id),
    clientId: `Iv23li${world.nextHex('client', 14)}`,
    slug,
    name: more.name ?? slug,
    description: null,
    owner: more.owner,
    bot,
    permissions: { metadata: 'read', ...more.permissions },
    events: more.events,
    webhook: more.webhook ?? null,
    publicKeys: more.publicKeys ?? [],
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  bot.app = app
  world.apps.set(id, app)
  return world.register(app)
}

/** Installs the app; without `repositories` on all that there are and will be. */
export function installApp(
  world: World,
  by: Person,
  app: App,
  account: Organization | Person,
  more: { repositories?: Repository[]; permissions?: Permissions; events?: string[] } = {},
): Installation {
  const id = world.nextId('installation')
  const installation: Installation = {
    kind: 'Installation',
    id,
    node: nodeId('Installation', id),
    app,
    account,
    permissions: { ...(more.permissions ?? app.permissions) },
    events: [...(more.events ?? app.events)],
    repositories: more.repositories ? new Set(more.repositories.map((repository) => repository.id)) : 'all',
    suspendedAt: null,
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  world.installations.set(id, installation)
  tell(world, by, installation, 'created')
  return installation
}

export function uninstallApp(world: World, by: Person, installation: Installation): void {
  world.installations.delete(installation.id)
  tell(world, by, installation, 'deleted')
}

export function suspendInstallation(world: World, by: Person, installation: Installation, suspended: boolean): void {
  installation.suspendedAt = suspended ? world.now() : null
  tell(world, by, installation, suspended ? 'suspend' : 'unsuspend')
}

/** The owner accepts other permissions than before; a permission given as `undefined` is taken away. */
export function acceptPermissions(
  world: World,
  by: Person,
  installation: Installation,
  permissions: Record<string, Permissions[string] | undefined>,
): void {
  for (const [name, level] of Object.entries(permissions)) {
    if (level === undefined) delete installation.permissions[name]
    else installation.permissions[name] = level
  }
  installation.updatedAt = world.now()
  tell(world, by, installation, 'new_permissions_accepted')
}

/** GitHub's own app behind GITHUB_TOKEN and the checks of workflow jobs. */
export function actionsApp(world: World): App {
  return (
    [...world.apps.values()].find((app) => app.slug === ACTIONS_SLUG) ??
    createApp(world, ACTIONS_SLUG, {
      id: 15368,
      owner: github(world),
      name: 'GitHub Actions',
      permissions: { actions: 'write', checks: 'write', contents: 'write', issues: 'write', pull_requests: 'write' },
      events: [],
    })
  )
}

/** The account that GitHub's built-in board workflows act as. */
export function boardAutomation(world: World): Person {
  const bot = world.people.get(`${BOARD_SLUG}[bot]`)
  return bot ?? createApp(world, BOARD_SLUG, { id: 54585, owner: github(world), permissions: {}, events: [] }).bot
}

/** GitHub itself, as the owner of its own apps. */
function github(world: World): Person {
  return world.people.get('github') ?? createPerson(world, 'github')
}

function tell(world: World, by: Person, installation: Installation, action: string): void {
  const repositories = [...world.repositories.values()]
    .filter((repository) => repository.owner === installation.account)
    .filter((repository) => installation.repositories === 'all' || installation.repositories.has(repository.id))
    .map((repository) => ({
      id: repository.id,
      node_id: repository.node,
      name: repository.name,
      full_name: fullName(repository),
      private: repository.private,
    }))
  const body = { installation: installationPayload(world, installation), repositories, requester: null }
  announceInstallation(world, installation, by, 'installation', action, body)
}
