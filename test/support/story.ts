// The whole app on the sandbox's GitHub: people move cards, and the story tells what became of them.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Entry } from '../../src/ledger/port.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts'
import { checkWebhook } from '../../src/sandbox/schemas/webhook.ts'
import type { Organization, Person, Team } from '../../src/sandbox/world/account.ts'
import { uploadArtifact } from '../../src/sandbox/world/artifacts.ts'
import { columnOf, type Item, type Project } from '../../src/sandbox/world/board.ts'
import { createProject } from '../../src/sandbox/world/boards.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../src/sandbox/world/cards.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { addMember, addTeamMember, createPerson, createTeam } from '../../src/sandbox/world/organize.ts'
import { openPull } from '../../src/sandbox/world/pulls.ts'
import { createRepository, pushCommit } from '../../src/sandbox/world/repositories.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import type { WorkflowRun } from '../../src/sandbox/world/run.ts'
import { finishRun, startRun } from '../../src/sandbox/world/runs.ts'
import type { Issue, Pull, Thread } from '../../src/sandbox/world/thread.ts'
import type { World } from '../../src/sandbox/world/world.ts'
import type { Settings } from '../../src/settings.ts'
import { type App, startApp, type Wiring } from '../../src/start.ts'

export const SECRET = 'a-secret-for-stories-only-0123456789'

/** A workflow that can be asked; what it measures, the story says. */
export const EVALUATE = `name: Evaluate
run-name: andon \${{ fromJSON(inputs.andon).request }}
on: { workflow_dispatch: { inputs: { andon: { required: true, type: string } } } }
jobs: { evaluate: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`

export const MANIFEST =
  '```andon\nkind: prompt-template\nprompts: [{ path: prompts/answer.md }]\nrollback: { to: "41" }\n```\n'

export type StoryOptions = {
  policy?: string
  organizationPolicy?: string
  /** Other files of the organization's `.github` repository. */
  organizationFiles?: Record<string, string>
  columns?: string[]
  files?: Record<string, string>
  sandbox?: Partial<SandboxOptions>
  settings?: Partial<Settings>
  wiring?: Partial<Wiring>
}

/** Ada moves cards, Bo writes changes, Cy is of the team `ai-safety`. The board has number 1. */
export async function beginStory(options: StoryOptions = {}): Promise<Story> {
  const hands = { offset: 0 }
  const clock = () => new Date(Date.now() + hands.offset)
  const manifest = parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8'))
  const sandbox: Sandbox = await startSandbox({
    clock,
    limits: 'none',
    settings: { runsListedAfterSeconds: 5 },
    organization: { login: 'acme', owner: 'olga' },
    apps: [
      {
        slug: 'andon',
        permissions: manifest.default_permissions,
        events: manifest.default_events,
        webhook: { url: 'http://127.0.0.1:9/', secret: SECRET },
      },
    ],
    ...options.sandbox,
  })
  const { world } = sandbox
  const acme = sandbox.organization as Organization
  const olga = [...acme.members.values()][0]?.person as Person
  const [ada, bo, cy, mallory] = ['ada', 'bo', 'cy', 'mallory'].map((login) => {
    const person = createPerson(world, login)
    addMember(world, olga, acme, person)
    return person
  }) as [Person, Person, Person, Person]
  const safety = createTeam(world, acme, 'ai-safety')
  for (const person of [bo, cy]) addTeamMember(world, olga, safety, person)
  acme.baseRole = 'write'
  const files = {
    'README.md': 'The bot.',
    'prompts/answer.md': 'Be kind.',
    '.github/workflows/evaluate.yml': EVALUATE,
    ...(options.policy ? { '.github/andon.yml': options.policy } : {}),
    ...options.files,
  }
  const repository = createRepository(world, olga, acme, 'bot', { files })
  if (options.organizationPolicy)
    createRepository(world, olga, acme, '.github', {
      files: { '.github/andon.yml': options.organizationPolicy, ...options.organizationFiles },
    })
  const project = createProject(world, olga, acme, 'Delivery', {
    columns: options.columns ?? ['Backlog', 'Staging', 'Production', 'Done'],
  })
  world.nameRun = (run) => (run.inputs.andon ? `andon ${JSON.parse(run.inputs.andon).request}` : null)

  const folder = await mkdtemp(join(tmpdir(), 'andon-story-'))
  const settings: Settings = {
    appId: sandbox.apps[0]?.app.id ?? 0,
    privateKey: sandbox.apps[0]?.privateKey ?? '',
    webhookSecrets: [SECRET],
    host: '127.0.0.1',
    port: 0,
    apiUrl: sandbox.apiUrl,
    graphqlUrl: sandbox.graphqlUrl,
    databaseUrl: undefined,
    folder,
    sweepSeconds: 300,
    logLevel: 'info',
    ...options.settings,
  }
  const logged: { level: string; message: string; fields: object }[] = []
  const write = (level: string) => (fields: object, message: string) => {
    logged.push({ level, message, fields })
  }
  const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
  // What was sent while the world was being made is no failed delivery of this story.
  await sandbox.webhooks.settled()
  world.deliveries.length = 0
  const wiring: Wiring = { log, clock, ...options.wiring }
  const app = await startApp(settings, wiring)
  const story = new Story(
    { sandbox, acme, olga, ada, bo, cy, mallory, safety, repository, project, settings, logged, clock, hands, wiring },
    app,
  )
  await story.settle()
  return story
}

type Parts = {
  sandbox: Sandbox
  acme: Organization
  olga: Person
  ada: Person
  bo: Person
  cy: Person
  mallory: Person
  safety: Team
  repository: Repository
  project: Project
  settings: Settings
  logged: { level: string; message: string; fields: object }[]
  clock: () => Date
  hands: { offset: number }
  wiring: Wiring
}

export class Story {
  readonly parts: Parts
  app: App

  constructor(parts: Parts, app: App) {
    this.parts = parts
    this.app = app
    this.listen()
  }

  get world(): World {
    return this.parts.sandbox.world
  }

  /** Lets time go by. */
  pass(seconds: number): void {
    this.parts.hands.offset += seconds * 1000
  }

  /** Waits until all webhooks have arrived and nothing is left to do. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet++) {
      await this.parts.sandbox.webhooks.settled()
      this.app.loop.nudge()
      await this.app.loop.idle()
    }
  }

  /** Reads all boards again now. */
  async sweep(): Promise<void> {
    await this.app.ledger.wake('sweep:acme', 'acme', this.parts.clock().toISOString())
    await this.settle()
  }

  async restart(): Promise<void> {
    await this.stopFor(async () => {})
  }

  /** Nobody listens while this happens; then the app is started again. */
  async stopFor(happens: () => Promise<void>): Promise<void> {
    // It comes back at the address it had, as GitHub knows no other.
    this.parts.settings.port = Number(new URL(this.app.url).port)
    await this.app.stop()
    await happens()
    await this.parts.sandbox.webhooks.settled()
    this.app = await startApp(this.parts.settings, this.parts.wiring)
    this.listen()
  }

  /** Every story also proves that its webhooks could have been GitHub's. */
  async end(): Promise<void> {
    await this.app.stop()
    const strange = this.parts.sandbox.webhooks
      .list()
      .flatMap(({ event, payload }) => checkWebhook(event, payload as { action?: string }))
    await this.parts.sandbox.stop()
    await rm(this.parts.settings.folder, { recursive: true, force: true })
    if (strange.length > 0) throw new Error(`GitHub could not have sent this: ${[...new Set(strange)].join('; ')}`)
  }

  pull(title: string, body: string = MANIFEST, more: { author?: Person; files?: Record<string, string> } = {}): Pull {
    const { bo, repository } = this.parts
    const branch = `change-${repository.threads.size + 1}`
    const author = more.author ?? bo
    pushCommit(this.world, author, repository, branch, { files: more.files ?? { [`changes/${branch}.md`]: title } })
    return openPull(this.world, author, repository, { title, body, head: branch })
  }

  issue(title: string, body = MANIFEST): Issue {
    return openIssue(this.world, this.parts.bo, this.parts.repository, { title, body })
  }

  /** Puts it on the board in a column that asks nothing. */
  async card(thread: Thread, column: string | null = 'Backlog'): Promise<Item> {
    const item = addCard(this.world, this.parts.ada, this.parts.project, thread)
    if (column !== null) moveCard(this.world, this.parts.ada, item, column)
    await this.settle()
    this.pass(2)
    return item
  }

  async move(item: Item, column: string | null, by: Person = this.parts.ada): Promise<void> {
    this.pass(2)
    moveCard(this.world, by, item, column)
    await this.settle()
  }

  /** The latest run of a workflow ends, with this evidence where there is some. */
  async answer(
    evidence: object | null,
    conclusion: 'success' | 'failure' | 'cancelled' = 'success',
    run = this.run(),
  ): Promise<void> {
    this.pass(2)
    startRun(this.world, run)
    if (evidence) this.handIn(run, evidence)
    // A job takes a moment to end after its last step.
    this.pass(1)
    finishRun(this.world, run, conclusion)
    await this.settle()
  }

  /** Uploads evidence for the request the run was given, unless the evidence says otherwise. */
  handIn(run: WorkflowRun, evidence: object): void {
    const { request, sha } = JSON.parse(run.inputs.andon ?? '{}')
    const bytes = Buffer.from(JSON.stringify({ andon: 1, request, sha, ...evidence }))
    uploadArtifact(this.world, run, 'andon-evidence', bytes, { zipped: false })
  }

  run(): WorkflowRun {
    const run = this.parts.repository.runs.at(-1)
    if (run === undefined) throw new Error('No workflow was asked to run.')
    return run
  }

  /** The environment of a command that a person runs where the app runs. */
  get environment(): Record<string, string> {
    const { settings, sandbox } = this.parts
    return {
      APP_ID: String(settings.appId),
      PRIVATE_KEY: settings.privateKey,
      WEBHOOK_SECRET: SECRET,
      GHE_HOST: new URL(sandbox.url).host,
      GHE_PROTOCOL: 'http',
      ANDON_DATA: settings.folder,
      ...(settings.databaseUrl && { DATABASE_URL: settings.databaseUrl }),
    }
  }

  column(item: Item): string | null {
    return columnOf(item)
  }

  comments(thread: Thread): string[] {
    return thread.comments.filter((comment) => comment.author.login === 'andon[bot]').map((comment) => comment.body)
  }

  /** Our check runs on the head of a pull request: name to conclusion, the latest of each name. */
  checks(pull: Pull, sha = pull.head.sha): Record<string, string | null> {
    const found: Record<string, string | null> = {}
    for (const suite of this.parts.repository.suites.get(sha) ?? []) {
      if (suite.app.slug !== 'andon') continue
      for (const run of suite.runs) found[run.name] = run.conclusion
    }
    return found
  }

  async entries(item?: Item): Promise<Entry[]> {
    const entries: Entry[] = []
    for await (const entry of this.app.ledger.entries())
      if (!item || entry.stream === `card:${item.node}`) entries.push(entry)
    return entries
  }

  async decisions(item: Item): Promise<string[]> {
    return (await this.entries(item)).map((entry) => entry.event.kind)
  }

  private listen(): void {
    const hook = this.parts.sandbox.apps[0]?.app.webhook
    if (hook) hook.url = `${this.app.url}/api/github/webhooks`
  }
}
