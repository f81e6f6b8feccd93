// The one entry to the sandbox: a GitHub on this machine, with its API, its storage and its webhooks.
import { generateKeyPairSync } from 'node:crypto'
import type { RunnerOptions } from './runner/host.ts'
import type { Runner } from './runner/runner.ts'
import { startWorldRunner } from './runner/world-host.ts'
import { type Deliveries, startDeliveries } from './server/deliveries.ts'
import { type Faults, startFaults } from './server/faults.ts'
import { githubLimits, type LimitSettings, type Limits, noLimits, startLimits } from './server/limits.ts'
import { type RequestLog, startRequestLog } from './server/request-log.ts'
import { type ExtraHandler, startServer } from './server/server.ts'
import { defaultSettings, type SandboxSettings } from './server/settings.ts'
import { blobOf, type Storage, startStorage } from './server/storage.ts'
import { startTokens, type Tokens } from './server/tokens.ts'
import type { Organization } from './world/account.ts'
import type { App, Installation, Permissions } from './world/app.ts'
import { createApp, installApp } from './world/install.ts'
import { createOrganization, createPerson } from './world/organize.ts'
import type { Artifact } from './world/run.ts'
import { World } from './world/world.ts'

/** An app to be there from the start. Without `publicKey` (PEM) the sandbox makes a key pair. */
export type AppWish = {
  slug: string
  id?: number
  permissions: Permissions
  events: string[]
  webhook?: { url: string; secret: string }
  publicKey?: string
}

export type SandboxOptions = {
  /** The same seed gives the same ids and the same faults. */
  seed?: number
  clock?: () => Date
  /** An organization and the login of its first owner. */
  organization?: { login: string; owner: string }
  /** Apps, installed on that organization and all its repositories. */
  apps?: AppWish[]
  /** Milliseconds that each request to the API takes at least. */
  latency?: number
  /** GitHub's own unless said otherwise; `none` for benchmarks. */
  limits?: Partial<LimitSettings> | 'none'
  settings?: Partial<SandboxSettings>
  /** Milliseconds that an app may take to answer a webhook; GitHub's 10 s unless said otherwise. */
  webhookTimeoutMs?: number
  /** Given: queued workflow runs are carried out on this machine. Otherwise they wait for whoever finishes them. */
  runner?: RunnerOptions & {
    secrets?: (repository: string) => Record<string, string>
    variables?: (repository: string) => Record<string, string>
  }
  /** Asked in turn for all requests outside the API: the board's page, for one. More may be added later. */
  handlers?: ExtraHandler[]
}

/** An app of the sandbox. `privateKey` is PEM (PKCS #8), and null where the app brought its own public key. */
export type SandboxApp = { app: App; installation: Installation | null; privateKey: string | null }

export type Sandbox = {
  world: World
  organization: Organization | null
  apps: SandboxApp[]
  /** The pages' address; `apiUrl` is a `baseUrl` for Octokit, `graphqlUrl` the GraphQL endpoint. */
  url: string
  apiUrl: string
  graphqlUrl: string
  storageUrl: string
  requests: RequestLog
  webhooks: Deliveries
  faults: Faults
  limits: Limits
  tokens: Tokens
  storage: Storage
  settings: SandboxSettings
  handlers: ExtraHandler[]
  runner: Runner | null
  stop(): Promise<void>
}

/** Starts a sandbox on free ports of the loopback interface. Whoever starts it must stop it. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { seed = 1 } = options
  const world = new World({ seed, ...(options.clock && { clock: options.clock }) })
  const now = (): number => world.time()
  const settings = { ...defaultSettings, ...options.settings }
  const faults = startFaults(seed)
  if (options.latency) faults.add({ fault: 'latency', ms: options.latency })
  const requests = startRequestLog()
  const limits = startLimits(options.limits === 'none' ? noLimits : { ...githubLimits, ...options.limits }, now)
  const tokens = startTokens(world)
  const storage = await startStorage({ now, faults, log: requests.add })
  const timeout = options.webhookTimeoutMs === undefined ? {} : { timeoutMs: options.webhookTimeoutMs }
  const webhooks = startDeliveries({ world, faults, ...timeout })
  const handlers = [...(options.handlers ?? [])]
  const parts = { world, settings, tokens, storage, deliveries: webhooks, limits, faults, requests, handlers }
  const server = await startServer(parts)
  world.url = server.url
  const runner = options.runner ? await startRunner(world, tokens, storage, options.runner) : null

  const organization = options.organization
    ? createOrganization(world, options.organization.login, { owner: createPerson(world, options.organization.owner) })
    : null
  const apps = (options.apps ?? []).map((wish) => addApp(world, organization, wish))

  return {
    world,
    organization,
    apps,
    url: server.url,
    apiUrl: `${server.url}/api/v3`,
    graphqlUrl: `${server.url}/api/graphql`,
    storageUrl: storage.url,
    requests,
    webhooks,
    faults,
    limits,
    tokens,
    storage,
    settings,
    handlers,
    runner,
    async stop() {
      await runner?.stop()
      await Promise.all([server.stop(), storage.stop(), webhooks.stop()])
    },
  }
}

function startRunner(world: World, tokens: Tokens, storage: Storage, options: NonNullable<SandboxOptions['runner']>) {
  const { secrets, variables, ...rest } = options
  const parts = {
    token: tokens.forRun,
    link: (artifact: Artifact) => storage.link(blobOf(artifact)),
    ...(secrets && { secrets }),
    ...(variables && { variables }),
  }
  return startWorldRunner(world, parts, rest)
}

function addApp(world: World, organization: Organization | null, wish: AppWish): SandboxApp {
  const owner = organization ?? createPerson(world, `${wish.slug}-owner`)
  const pair = wish.publicKey ? null : makeKeyPair()
  const app = createApp(world, wish.slug, {
    owner,
    permissions: wish.permissions,
    events: wish.events,
    publicKeys: [wish.publicKey ?? pair?.publicKey ?? ''],
    ...(wish.id !== undefined && { id: wish.id }),
    ...(wish.webhook && { webhook: { ...wish.webhook, active: true } }),
  })
  const admin = [...(organization?.members.values() ?? [])].find((member) => member.role === 'admin')?.person
  const installation = organization && admin ? installApp(world, admin, app, organization) : null
  return { app, installation, privateKey: pair?.privateKey ?? null }
}

function makeKeyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}
