// Sets the demo's stage: a GitHub on this machine, the app, and the example organization, in one process tree.
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { EXAMPLE_ORGANIZATION, type Example, exampleRunner, fillExample } from '../../sandbox/example/example.ts'
import { boardPage } from '../../sandbox/page/board-page.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { type App, startApp } from '../../start.ts'

export type Stage = {
  sandbox: Sandbox
  app: App
  example: Example
  /** The board's page, and the record that the app shows. */
  boardUrl: string
  recordUrl: string
  /** Waits until every webhook has arrived and the app has nothing left to do. */
  settle(): Promise<void>
  stop(): Promise<void>
}

export type StageOptions = {
  /** Where the record is kept; null: in a temporary folder that is removed again. */
  folder: string | null
  /** Hears of what the app fails at. */
  complain: (message: string) => void
}

/** Starts everything on free ports of the loopback interface. Whoever starts it must stop it. */
export async function setStage({ folder, complain }: StageOptions): Promise<Stage> {
  const manifest = parse(await readFile(new URL('../../../app.yml', import.meta.url), 'utf8'))
  const sandbox = await startSandbox({
    // A record that is kept has seen other demos: ids must not come again.
    seed: folder === null ? 1 : Date.now(),
    organization: EXAMPLE_ORGANIZATION,
    apps: [{ slug: 'andon', permissions: manifest.default_permissions, events: manifest.default_events }],
    runner: exampleRunner(),
  })
  const { world, organization, apps } = sandbox
  const [installed] = apps
  if (!organization || !installed?.privateKey) throw new Error('The sandbox came without its organization or app.')
  const example = fillExample(world, organization)
  sandbox.handlers.push(boardPage(world))

  const secret = randomBytes(24).toString('hex')
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'andon-demo-')))
  const cleanUp = async () => {
    await sandbox.stop()
    if (folder === null) await rm(place, { recursive: true, force: true })
  }
  let app: App
  try {
    app = await startApp(
      {
        appId: installed.app.id,
        privateKey: installed.privateKey,
        webhookSecrets: [secret],
        host: '127.0.0.1',
        port: 0,
        apiUrl: sandbox.apiUrl,
        graphqlUrl: sandbox.graphqlUrl,
        databaseUrl: undefined,
        folder: place,
        sweepSeconds: 300,
        logLevel: 'warn',
      },
      { log: complainer(complain) },
    )
  } catch (error) {
    await cleanUp()
    throw error
  }
  installed.app.webhook = { url: `${app.url}/api/github/webhooks`, secret, active: true }
  return {
    sandbox,
    app,
    example,
    boardUrl: `${sandbox.url}/orgs/${organization.login}/projects/${example.project.number}`,
    recordUrl: `${app.url}/`,
    async settle() {
      await sandbox.webhooks.settled()
      app.loop.nudge()
      await app.loop.idle()
    },
    async stop() {
      await app.stop()
      await cleanUp()
    },
  }
}

function complainer(complain: (message: string) => void) {
  const nothing = () => {}
  const tell = (fields: object, message: string) => {
    const { reason } = fields as { reason?: unknown }
    complain(typeof reason === 'string' ? `${message}: ${reason}` : message)
  }
  // What is warned of is tried again by itself.
  return { debug: nothing, info: nothing, warn: nothing, error: tell }
}
