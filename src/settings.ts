// Reads the settings from the environment and refuses a start that would be unsafe or cannot work.

import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

export type Settings = {
  appId: number
  privateKey: string
  /** The secret in force, and the one before it while a rotation lasts. */
  webhookSecrets: string[]
  host: string
  port: number
  apiUrl: string
  graphqlUrl: string
  databaseUrl: string | undefined
  folder: string
  sweepSeconds: number
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
}

/** One sentence that names the setting. */
export class SettingsProblem extends Error {}

const SHORTEST_SECRET = 16
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

/** Reads one variable; a blank one is not given. */
function from(env: NodeJS.ProcessEnv): (name: string) => string | undefined {
  return (name) => env[name]?.trim() || undefined
}

/** Throws a `SettingsProblem` that holds one sentence; a secret's value is never part of it. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = from(env)
  return {
    ...readIdentity(env),
    webhookSecrets: secrets(given('WEBHOOK_SECRET'), given('WEBHOOK_SECRET_PREVIOUS')),
    host: given('HOST') ?? '127.0.0.1',
    port: whole('PORT', given('PORT') ?? '3000', 0, 65_535),
    ...readEndpoints(env),
    databaseUrl: databaseUrl(given('DATABASE_URL')),
    folder: given('ANDON_DATA') ?? './.andon',
    sweepSeconds: whole('ANDON_SWEEP_SECONDS', given('ANDON_SWEEP_SECONDS') ?? '300', 5, 86_400),
    logLevel: level(given('LOG_LEVEL') ?? 'info'),
  }
}

/** The part of the settings that says who asks GitHub: enough for what only reads. */
export function readIdentity(env: Record<string, string | undefined>): Pick<Settings, 'appId' | 'privateKey'> {
  const given = from(env)
  const id = required(given('APP_ID'), 'APP_ID', 'the number GitHub shows on the page of your app')
  return {
    appId: whole('APP_ID', id, 1, Number.MAX_SAFE_INTEGER),
    privateKey: privateKey(given('PRIVATE_KEY'), given('PRIVATE_KEY_PATH')),
  }
}

/** Where GitHub is. */
export function readEndpoints(env: Record<string, string | undefined>): Pick<Settings, 'apiUrl' | 'graphqlUrl'> {
  const given = from(env)
  return endpoints(given('GHE_HOST'), given('GHE_PROTOCOL'))
}

function required(value: string | undefined, name: string, what: string): string {
  if (value === undefined) throw new SettingsProblem(`${name} is missing: set it to ${what}.`)
  return value
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) {
    const range = most === Number.MAX_SAFE_INTEGER ? 'a whole number' : `a whole number from ${least} to ${most}`
    throw new SettingsProblem(`${name} must be ${range}, and is "${text.slice(0, 40)}".`)
  }
  return value
}

function privateKey(inline: string | undefined, path: string | undefined): string {
  if (inline === undefined && path === undefined) {
    throw new SettingsProblem(
      'PRIVATE_KEY is missing: set it, or PRIVATE_KEY_PATH to the file of the key that GitHub made for your app.',
    )
  }
  const pem = inline === undefined ? readKey(path ?? '') : decode(inline)
  try {
    createPrivateKey(pem)
  } catch {
    const name = inline === undefined ? 'PRIVATE_KEY_PATH' : 'PRIVATE_KEY'
    throw new SettingsProblem(`${name} does not hold a private key in PEM form ("-----BEGIN … PRIVATE KEY-----").`)
  }
  return pem
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingsProblem(
      `PRIVATE_KEY_PATH cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'} for "${path}".`,
    )
  }
}

/** As Probot takes it: with escaped line breaks, or in base 64. */
function decode(key: string): string {
  const pem = key.replace(/\\n/g, '\n')
  return pem.includes('-----BEGIN') ? pem : Buffer.from(key, 'base64').toString('utf8')
}

function secrets(secret: string | undefined, previous: string | undefined): string[] {
  const present = required(secret, 'WEBHOOK_SECRET', 'the webhook secret of your app')
  const named: [string, string][] = [
    ['WEBHOOK_SECRET', present],
    ...(previous ? [['WEBHOOK_SECRET_PREVIOUS', previous] as [string, string]] : []),
  ]
  for (const [name, value] of named) {
    if (value === 'development')
      throw new SettingsProblem(
        `${name} is "development", which everybody knows: choose a random one, as \`openssl rand -hex 32\` makes it.`,
      )
    if (value.length < SHORTEST_SECRET)
      throw new SettingsProblem(
        `${name} has ${value.length} characters, which is too weak: use at least ${SHORTEST_SECRET}, as \`openssl rand -hex 32\` makes it.`,
      )
    if (new Set(value).size < 4)
      throw new SettingsProblem(`${name} is too weak: choose a random one, as \`openssl rand -hex 32\` makes it.`)
  }
  return named.map(([, value]) => value)
}

function endpoints(host: string | undefined, protocol = 'https'): { apiUrl: string; graphqlUrl: string } {
  if (host === undefined) return { apiUrl: 'https://api.github.com', graphqlUrl: 'https://api.github.com/graphql' }
  if (protocol !== 'https' && protocol !== 'http') throw new SettingsProblem('GHE_PROTOCOL must be "https" or "http".')
  if (!/^[A-Za-z0-9.-]+(:\d+)?$/.test(host))
    throw new SettingsProblem('GHE_HOST must be a host name alone, as in "github.example.com".')
  return { apiUrl: `${protocol}://${host}/api/v3`, graphqlUrl: `${protocol}://${host}/api/graphql` }
}

function databaseUrl(url: string | undefined): string | undefined {
  if (url !== undefined && !/^postgres(ql)?:\/\//.test(url))
    throw new SettingsProblem('DATABASE_URL must begin with "postgres://".')
  return url
}

function level(text: string): Settings['logLevel'] {
  const parsed = z.enum(LEVELS).safeParse(text)
  if (!parsed.success) throw new SettingsProblem(`LOG_LEVEL must be one of ${LEVELS.join(', ')}.`)
  return parsed.data
}
