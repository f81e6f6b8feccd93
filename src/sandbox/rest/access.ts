// Who may call which operation: the kind of token, and the app's permission that it must hold.

import type { Operation } from '../schemas/rest.ts'
import { type Answer, failure } from '../server/exchange.ts'
import type { Viewer } from '../world/app.ts'
import { NOT_ACCESSIBLE } from '../world/refusal.ts'

/** `app`: only the app's own JWT. `installation`: only an installation's token. `anyone`: any valid token, or none. */
export type Requirement = 'app' | 'installation' | 'anyone' | 'token' | readonly Permission[]

/** `name=level`, as GitHub's `x-accepted-github-permissions` header says it. Of a list, one is enough. */
type Permission = `${string}=${'read' | 'write'}`

type Rule = [pattern: RegExp, read: Requirement, write?: Requirement]

const threads = { read: ['issues=read', 'pull_requests=read'], write: ['issues=write', 'pull_requests=write'] } as const

/** First match wins. */
const rules: Rule[] = [
  [/ \/app\b/, 'app', 'app'],
  [/\/installation$/, 'app'],
  [/ \/installation\/repositories$/, 'installation'],
  [/ \/(rate_limit|meta)$/, 'anyone'],
  [/ \/users\//, 'token'],
  [/\/actions\//, ['actions=read'], ['actions=write']],
  [/\/check-runs/, ['checks=read'], ['checks=write']],
  [/\/issues$/, ['issues=read'], ['issues=write']],
  [/\/issues\//, threads.read, threads.write],
  [/\/pulls/, ['pull_requests=read']],
  [/\/(contents|git)\//, ['contents=read']],
  [/\/collaborators\//, ['metadata=read']],
  [/\/deployments/, ['deployments=read'], ['deployments=write']],
  [/\/teams\//, ['members=read']],
  [/\/projectsV2/, ['organization_projects=read'], ['organization_projects=write']],
  [/ \/repos\/\{owner\}\/\{repo\}$/, ['metadata=read']],
]

/** What an operation asks of its caller. Throws for one that nobody has thought of: that is a bug. */
function requirementOf(operation: Operation): Requirement {
  for (const [pattern, read, write] of rules) {
    if (!pattern.test(operation)) continue
    const wanted = operation.startsWith('GET ') ? read : write
    if (wanted) return wanted
  }
  throw new Error(`no permission is written down for ${operation}`)
}

/** GitHub's refusal of a caller whose kind of token does not fit; null: go on. What permission it needs is `target.ts`'s. */
export function refuseCaller(operation: Operation, viewer: Viewer): Answer | null {
  const wanted = requirementOf(operation)
  if (wanted === 'anyone') return null
  if (wanted === 'app') {
    return viewer.as === 'app' ? null : failure(401, 'A JSON web token could not be decoded', operation)
  }
  if (viewer.as === 'nobody') return failure(401, 'Requires authentication', operation)
  if (wanted === 'installation') {
    const message =
      'You must authenticate with an installation access token in order to list repositories for an installation.'
    return viewer.as === 'installation' ? null : failure(403, message, operation)
  }
  return viewer.as === 'app' && wanted !== 'token' ? failure(403, NOT_ACCESSIBLE, operation) : null
}

/** The permissions of which one must be held, and at which level. */
export function permissionsOf(operation: Operation): { names: string[]; level: 'read' | 'write' } {
  const wanted = requirementOf(operation)
  if (typeof wanted === 'string') throw new Error(`${operation} asks for no permission`)
  const pairs = wanted.map((permission) => permission.split('='))
  return { names: pairs.map(([name = '']) => name), level: pairs[0]?.[1] === 'write' ? 'write' : 'read' }
}

/** The header that names what would have been enough. */
export function acceptedPermissions(operation: Operation): string | null {
  const wanted = requirementOf(operation)
  return typeof wanted === 'string' ? null : wanted.join('; ')
}
