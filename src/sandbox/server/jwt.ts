// Reads and checks a GitHub App's JSON Web Token as GitHub does: RS256 only, ten minutes at most.
import { createPublicKey, type KeyObject, verify } from 'node:crypto'

export type Claims = { iss: string; iat: number; exp: number }
export type JwtProblem = { status: 401 | 404; message: string }

const undecodable: JwtProblem = { status: 401, message: 'A JSON web token could not be decoded' }

/**
 * The app that signed, or GitHub's refusal. `keysOf` gives the public keys (PEM) of an app by its id or client id; null: no such app; `now`
 * in seconds. The words of the refusals are those that clients look for to correct their clock.
 */
export function readAppJwt(
  token: string,
  now: number,
  keysOf: (issuer: string) => readonly string[] | null,
): Claims | JwtProblem {
  const parts = token.split('.')
  const [head = '', body = '', signature = ''] = parts
  const header = decode(head)
  const claims = decode(body)
  if (parts.length !== 3 || !header || !claims || header.alg !== 'RS256') return undecodable
  const issuer = String(claims.iss ?? '')
  const pems = keysOf(issuer)
  if (!pems) return { status: 404, message: 'Integration not found' }
  const signed = Buffer.from(`${head}.${body}`)
  const mark = Buffer.from(signature, 'base64url')
  if (!pems.some((pem) => verify('RSA-SHA256', signed, publicKey(pem), mark))) return undecodable
  const { iat, exp } = claims
  if (!Number.isInteger(exp) || (exp as number) <= now) {
    return {
      status: 401,
      message:
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    }
  }
  if (!Number.isInteger(iat) || (iat as number) > now) {
    return {
      status: 401,
      message: "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    }
  }
  if ((exp as number) > now + 600 || (exp as number) - (iat as number) > 600) {
    return { status: 401, message: "'Expiration time' claim ('exp') is too far in the future" }
  }
  return { iss: issuer, iat: iat as number, exp: exp as number }
}

function decode(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const keys = new Map<string, KeyObject>()

function publicKey(pem: string): KeyObject {
  const known = keys.get(pem)
  if (known) return known
  const made = createPublicKey(pem)
  keys.set(pem, made)
  return made
}
