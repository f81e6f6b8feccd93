// Makes and reads the sandbox's tokens: installations', people's, and a workflow run's GITHUB_TOKEN.
import { createHmac, randomBytes } from 'node:crypto'
import type { Person } from '../world/account.ts'
import type { Installation, Permissions, Viewer } from '../world/app.ts'
import type { WorkflowRun } from '../world/run.ts'
import type { World } from '../world/world.ts'

type Grant =
  | {
      to: 'installation'
      installation: Installation
      permissions: Permissions | null
      repositories: 'all' | Set<number>
      run: number | null
      until: number
    }
  | { to: 'person'; person: Person }

export type Tokens = ReturnType<typeof startTokens>

/** Why a token is no good: `unknown` also when it has expired or its installation was removed. */
export type TokenProblem = 'unknown' | 'suspended'

const hour = 3_600_000
const levels = ['read', 'write', 'admin'] as const

export function startTokens(world: World) {
  const grants = new Map<string, Grant>()
  const secret = randomBytes(32)

  /** The new stateless form of GitHub's tokens: about 520 characters, dots and underscores in it. */
  function mint(appId: number, until: number): string {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const payload = {
      exp: Math.floor(until / 1000),
      iss: 'https://github.example',
      jti: randomBytes(16).toString('hex'),
      // Filled up to the length that GitHub's have, since lengths are what careless code breaks on.
      fill: randomBytes(118).toString('hex'),
    }
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(payload)}`
    return `ghs_${appId}_${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  }

  function prune(): void {
    const now = world.time()
    for (const [token, grant] of grants) if (grant.to === 'installation' && grant.until <= now) grants.delete(token)
  }

  return {
    /** A token of an installation for one hour. `permissions` null: all that the installation has, also later. */
    forInstallation(
      installation: Installation,
      scope: { permissions?: Permissions | null; repositories?: 'all' | Set<number> } = {},
    ): { token: string; expiresAt: number } {
      if (grants.size > 10_000) prune()
      const until = world.time() + hour
      const token = mint(installation.app.id, until)
      const { permissions = null, repositories = 'all' } = scope
      grants.set(token, { to: 'installation', installation, permissions, repositories, run: null, until })
      return { token, expiresAt: until }
    },

    /** The GITHUB_TOKEN of a run: bound to its repository, with the permissions that the workflow asks for. */
    forRun(run: WorkflowRun, permissions: Permissions): string {
      const app = run.suite.app
      const until = world.time() + 24 * hour
      const token = mint(app.id, until)
      const { repository } = run
      const installation: Installation = {
        kind: 'Installation',
        id: 0,
        node: '',
        app,
        account: repository.owner,
        permissions,
        events: [],
        repositories: new Set([repository.id]),
        suspendedAt: null,
        createdAt: run.createdAt,
        updatedAt: run.createdAt,
      }
      const repositories = new Set([repository.id])
      grants.set(token, { to: 'installation', installation, permissions, repositories, run: run.id, until })
      return token
    },

    /** A personal token, for the demo's people and for tests. */
    forPerson(person: Person): string {
      const token = `ghp_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x')}`
      grants.set(token, { to: 'person', person })
      return token
    },

    revoke: (token: string): boolean => grants.delete(token),

    /** Whom a token speaks for now: an installation may have been removed, suspended or have lost a permission since. */
    viewerOf(token: string): Viewer | TokenProblem {
      const grant = grants.get(token)
      if (!grant) return 'unknown'
      if (grant.to === 'person') return { as: 'user', person: grant.person }
      const { installation, repositories, run } = grant
      if (grant.until <= world.time()) return 'unknown'
      if (run === null && world.installations.get(installation.id) !== installation) return 'unknown'
      if (installation.suspendedAt) return 'suspended'
      const permissions = grant.permissions
        ? lesser(grant.permissions, installation.permissions)
        : installation.permissions
      return { as: 'installation', installation, permissions, repositories, run }
    },
  }
}

/** True where `granted` is at least `wanted`. */
export function covers(granted: string | undefined, wanted: string): boolean {
  return granted !== undefined && levels.indexOf(granted as 'read') >= levels.indexOf(wanted as 'read')
}

function lesser(one: Permissions, other: Permissions): Permissions {
  const both: Permissions = {}
  for (const [name, level] of Object.entries(one)) {
    const rival = other[name]
    if (rival) both[name] = covers(rival, level) ? level : rival
  }
  return both
}
