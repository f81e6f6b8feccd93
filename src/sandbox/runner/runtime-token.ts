// The token by which a job's steps speak to the artifact service: a JWT that names the run and the job.
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'

export type JobIdentity = { runBackendId: string; jobBackendId: string }

export class RuntimeTokens {
  readonly #key = randomBytes(32)

  /** Valid as long as this runner: a token of another one is refused. */
  issue(): { token: string; identity: JobIdentity } {
    const identity = { runBackendId: randomUUID(), jobBackendId: randomUUID() }
    const seconds = Math.floor(Date.now() / 1000)
    const claims = {
      scp: `Actions.Results:${identity.runBackendId}:${identity.jobBackendId}`,
      iat: seconds,
      exp: seconds + 24 * 3600,
    }
    const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
    return { token: `${body}.${this.#sign(body).toString('base64url')}`, identity }
  }

  /** The job that the token was issued to; null for any other token. */
  read(token: string): JobIdentity | null {
    const cut = token.lastIndexOf('.')
    const signature = Buffer.from(token.slice(cut + 1), 'base64url')
    const expected = this.#sign(token.slice(0, Math.max(cut, 0)))
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return null
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const [, runBackendId = '', jobBackendId = ''] = String(claims.scp).split(':')
    return claims.exp > Date.now() / 1000 ? { runBackendId, jobBackendId } : null
  }

  #sign(body: string): Buffer {
    return createHmac('sha256', this.#key).update(body).digest()
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
