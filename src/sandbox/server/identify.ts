// Finds out on whose behalf a request comes, or answers as GitHub does to bad credentials.
import type { App, Viewer } from '../world/app.ts'
import type { World } from '../world/world.ts'
import { readAppJwt } from './jwt.ts'
import type { Tokens } from './tokens.ts'

/** `caller` is the name in the request log and the account that the rate limits are counted on. */
export type Identified = { viewer: Viewer; caller: string }
export type Unidentified = { status: number; message: string }

export function identify(world: World, tokens: Tokens, authorization: string | undefined): Identified | Unidentified {
  if (!authorization) return { viewer: { as: 'nobody' }, caller: 'nobody' }
  const [scheme = '', given = ''] = authorization.trim().split(/\s+/)
  const basic = scheme.toLowerCase() === 'basic'
  if (!basic && !['bearer', 'token'].includes(scheme.toLowerCase())) return badCredentials
  const token = basic ? passwordOf(given) : given
  if (token.startsWith('ghs_') || token.startsWith('ghp_')) return byToken(tokens.viewerOf(token))
  // Anything of three parts is taken for an app's JWT, as GitHub does.
  if (token.split('.').length !== 3 || scheme.toLowerCase() !== 'bearer') return badCredentials
  const read = readAppJwt(token, Math.floor(world.time() / 1000), (issuer) => appOf(world, issuer)?.publicKeys ?? null)
  if ('status' in read) return read
  const app = appOf(world, read.iss)
  return app ? { viewer: { as: 'app', app }, caller: `app:${app.id}` } : badCredentials
}

const badCredentials: Unidentified = { status: 401, message: 'Bad credentials' }

function byToken(found: ReturnType<Tokens['viewerOf']>): Identified | Unidentified {
  if (found === 'unknown') return badCredentials
  if (found === 'suspended') return { status: 403, message: 'This installation has been suspended' }
  switch (found.as) {
    case 'installation':
      return {
        viewer: found,
        caller: found.run === null ? `installation:${found.installation.id}` : `job:${found.run}`,
      }
    case 'user':
      return { viewer: found, caller: `person:${found.person.login}` }
    case 'app':
      return { viewer: found, caller: `app:${found.app.id}` }
    case 'nobody':
      return { viewer: found, caller: 'nobody' }
    default:
      return found satisfies never
  }
}

function appOf(world: World, issuer: string): App | undefined {
  return [...world.apps.values()].find((app) => String(app.id) === issuer || app.clientId === issuer)
}

function passwordOf(encoded: string): string {
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}
