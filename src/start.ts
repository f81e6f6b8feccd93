// Wires the app together on given settings: the store, GitHub, the loop, and one server for webhooks and pages.
import { randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { monotonicFactory } from 'ulid'
import { reader } from './app.ts'
import { reasonOf } from './flow/failure.ts'
import { createWay } from './flow/give-way.ts'
import { logInContext } from './flow/log-context.ts'
import { type Loop, startLoop } from './flow/loop.ts'
import { PRUNE_TASK } from './flow/prune.ts'
import { REDELIVER_TASK } from './flow/redeliver.ts'
import { STARTED, SWEEP_ALL_TASK } from './flow/sweep-all.ts'
import { type Log, now, type World } from './flow/world.ts'
import { createAllowances, keepAsText } from './github/allowances.ts'
import { createBudget, type Limits } from './github/budget.ts'
import { connect } from './github/client.ts'
import { MOST_UNDER_WAY, PATIENCE, takeDelivery } from './intake.ts'
import { canonical, digestOfText } from './ledger/digest.ts'
import { openLedger } from './ledger/ledger.ts'
import type { Delivery, Ledger } from './ledger/port.ts'
import type { StoreProblem } from './ledger/store-problem.ts'
import { readPresets } from './presets.ts'
import { type Settings, SettingsProblem } from './settings.ts'
import { createMetrics } from './web/metrics.ts'
import { pages } from './web/pages.ts'

export type App = {
  url: string
  world: World
  ledger: Ledger
  loop: Loop
  /** Settles when this process can never work with its store again: it does nothing any more but say so. */
  lost: Promise<StoreProblem>
  /** Finishes the step in hand and leaves the rest in the store. */
  stop(): Promise<void>
}

export type Wiring = {
  log: Log & { debug(fields: object, message: string): void }
  clock?: () => Date
  workers?: number
  /** What one installation may do; GitHub's own limits unless a test or a benchmark says otherwise. */
  limits?: Limits
}

/**
 * How long a call waits for GitHub's limits rather than give its card back, in milliseconds: meanwhile it holds a worker,
 * which the cards of other organizations may need.
 */
const PATIENCE_MS = 1_000

export async function startApp(
  settings: Settings,
  { log: plainLog, clock = () => new Date(), workers = 4, limits }: Wiring,
): Promise<App> {
  const log = logInContext(plainLog)
  const metrics = createMetrics(clock)
  const { promise: lost, resolve: lose } = Promise.withResolvers<StoreProblem>()
  const { databaseUrl, folder } = settings
  const ledger = metrics.watch(await openLedger({ databaseUrl, folder, clock, lost: lose }))
  const ulid = monotonicFactory()
  const me = randomUUID()
  const budget = (installation: number) => {
    const account = keepAsText((change) => ledger.account(`github:${installation}`, change))
    const allowances = createAllowances(account, me)
    return createBudget({ allowances, patience: PATIENCE_MS, ...(limits && { limits }) })
  }
  const github = connect({
    appId: settings.appId,
    privateKey: settings.privateKey,
    apiUrl: settings.apiUrl,
    graphqlUrl: settings.graphqlUrl,
    log,
    budget,
    heard: metrics.heard,
  })
  const server = createServer(PATIENCE)
  await listening(server, settings)
  const { port } = server.address() as AddressInfo
  const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`
  const world: World = {
    ledger,
    installations: github,
    deliveryLog: github.deliveryLog,
    clock,
    newId: () => ulid(clock().getTime()),
    seal,
    presets: readPresets(),
    random: Math.random,
    recordUrl: url,
    sweepSeconds: settings.sweepSeconds,
    log,
  }
  const { arrived, giveWay } = createWay()
  const loop = startLoop(world, { read: await reader(world, settings.appId), giveWay, workers, onSweep: metrics.swept })
  let shut: StoreProblem | null = null
  void lost.then((problem) => {
    shut = problem
    log.error({ reason: problem.message }, 'This process cannot work with its store any more')
    void loop.stop()
  })
  let stopping = false
  const web = getRequestListener(
    pages(ledger, {
      clock,
      host: settings.host,
      metrics,
      stopping: () => stopping,
      sinceClaim: loop.sinceClaim,
      onError: (error) => log.error({ reason: reasonOf(error) }, 'A page could not be shown'),
    }).fetch,
  )
  const { refused } = metrics
  const intake = {
    secrets: settings.webhookSecrets,
    ledger: { accept: (delivery: Delivery) => (shut ? Promise.reject(shut) : ledger.accept(delivery)) },
    clock,
    room: { left: MOST_UNDER_WAY },
    arrived,
    accepted: () => loop.nudge(),
    refused,
    log,
  }
  server.on('request', (request, response) => {
    if (request.url?.split('?')[0] === '/api/github/webhooks') {
      takeDelivery(intake, request, response).catch(() => response.destroy())
    } else {
      void web(request, response)
    }
  })
  // What changed while nobody listened is found by reading all governed boards once.
  await ledger.wake(SWEEP_ALL_TASK.key, SWEEP_ALL_TASK.owner, now(world), STARTED)
  for (const task of [PRUNE_TASK, REDELIVER_TASK]) await ledger.wake(task.key, task.owner, now(world))
  loop.nudge()
  return {
    url,
    world,
    ledger,
    loop,
    lost,
    async stop() {
      stopping = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await loop.stop()
      server.closeAllConnections()
      await closed
      await ledger.close()
    },
  }
}

function seal(value: unknown): { digest: string; text: string } {
  const text = canonical(value)
  return { digest: digestOfText(text), text }
}

function listening(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, host, port)))
    server.listen(port, host, () => resolve())
  })
}

function cannotListen({ code = 'unknown error' }: NodeJS.ErrnoException, host: string, port: number): SettingsProblem {
  switch (code) {
    case 'EADDRINUSE':
      return new SettingsProblem(`PORT ${port} of ${host} is taken: stop what listens there, or set PORT to another.`)
    case 'EACCES':
      return new SettingsProblem(`PORT ${port} needs more rights than this user has: set PORT to one above 1023.`)
    default:
      return new SettingsProblem(`HOST "${host}" is no address of this machine to listen on (${code}).`)
  }
}
