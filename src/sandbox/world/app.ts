// GitHub Apps of the sandbox, what they may do, and where they are installed.
import type { Organization, Owner, Person } from './account.ts'
import type { Repository } from './repository.ts'

export type AccessLevel = 'read' | 'write' | 'admin'

/** By GitHub's names: `checks`, `actions`, `organization_projects`, `contents`, `members`, `issues`, … */
export type Permissions = Record<string, AccessLevel>

/** `publicKeys` are PEM texts that verify the app's JWTs; `webhook` is where its events are sent. */
export type App = {
  kind: 'App'
  id: number
  node: string
  clientId: string
  slug: string
  name: string
  description: string | null
  owner: Owner
  bot: Person
  permissions: Permissions
  events: string[]
  webhook: { url: string; secret: string; active: boolean } | null
  publicKeys: string[]
  createdAt: string
  updatedAt: string
}

/** `permissions` and `events` are what the owner accepted, which may lag behind what the app asks for. */
export type Installation = {
  kind: 'Installation'
  id: number
  node: string
  app: App
  account: Organization | Person
  permissions: Permissions
  events: string[]
  repositories: 'all' | Set<number>
  suspendedAt: string | null
  createdAt: string
  updatedAt: string
}

/**
 * On whose behalf a request comes. An installation's token may be narrowed to fewer permissions and repositories;
 * `run` names the workflow run whose GITHUB_TOKEN it is.
 */
export type Viewer =
  | {
      as: 'installation'
      installation: Installation
      permissions: Permissions
      repositories: 'all' | Set<number>
      run: number | null
    }
  | { as: 'app'; app: App }
  | { as: 'user'; person: Person }
  | { as: 'nobody' }

/** The viewer an installation's full token speaks for. */
export function installationViewer(installation: Installation): Viewer {
  const { permissions, repositories } = installation
  return { as: 'installation', installation, permissions, repositories, run: null }
}

/** Does this installation (or its narrowed token) reach that repository? */
export function reaches(
  scope: { installation: Installation; repositories: 'all' | Set<number> },
  repository: Repository,
): boolean {
  const { installation } = scope
  if (installation.account !== repository.owner || installation.suspendedAt) return false
  if (installation.repositories !== 'all' && !installation.repositories.has(repository.id)) return false
  return scope.repositories === 'all' || scope.repositories.has(repository.id)
}
