// GitHub as a process of its own for the benchmarks: organizations, each with the app, a governed board and its cards.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import { columnOf, type Item, type Project } from '../../src/sandbox/world/board.ts'
import { createProject } from '../../src/sandbox/world/boards.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../src/sandbox/world/cards.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { installApp } from '../../src/sandbox/world/install.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { createOrganization, createPerson } from '../../src/sandbox/world/organize.ts'
import { openPull } from '../../src/sandbox/world/pulls.ts'
import { createRepository, pushCommit } from '../../src/sandbox/world/repositories.ts'
import type { Emission } from '../../src/sandbox/world/world.ts'
import { answer } from './answers.ts'

const SECRET = 'a-secret-for-benchmarks-only-0123456789'
const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [ready]
gates:
  ready: { kind: manifest, requires: [prompts] }
`
const MANIFEST =
  '```andon\nkind: prompt-template\nprompts: [{ path: prompts/answer.md }]\nrollback: { to: "41" }\n```\n'

/** `cards` on each board. `pulls`: their cards are pull requests, which have check runs; else issues. */
export type Plan = { organizations: number; cards: number; pulls: boolean; latency: number }
export type Built = { env: Record<string, string>; secret: string; appId: number; privateKey: string }
export type Sample = { event: string; body: string }

const manifest = parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8'))
let city: Awaited<ReturnType<typeof build>>

async function build(plan: Plan) {
  const sandbox = await startSandbox({
    limits: 'none',
    latency: plan.latency,
    organization: { login: 'org-0', owner: 'olga' },
    apps: [
      {
        slug: 'andon',
        permissions: manifest.default_permissions,
        events: manifest.default_events,
        webhook: { url: 'http://127.0.0.1:9/', secret: SECRET },
      },
    ],
  })
  const { world, apps } = sandbox
  const [first] = apps
  const olga = world.people.get('olga')
  if (first?.app.webhook == null || !olga) throw new Error('The sandbox has no app, or nobody who owns it.')
  // Nobody is there to hear of how the city was built.
  first.app.webhook.active = false
  const bo = createPerson(world, 'bo')
  const items: Item[] = []
  for (let n = 0; n < plan.organizations; n++) {
    const organization = n === 0 ? sandbox.organization : createOrganization(world, `org-${n}`, { owner: olga })
    if (!organization) throw new Error('The sandbox has no organization.')
    if (n > 0) installApp(world, olga, first.app, organization)
    const files = { 'prompts/answer.md': 'Be kind.', '.github/andon.yml': POLICY }
    const repository = createRepository(world, olga, organization, 'bot', { files })
    organization.baseRole = 'write'
    const project: Project = createProject(world, olga, organization, 'Delivery', { columns: ['Backlog', 'Staging'] })
    for (let card = 0; card < plan.cards; card++) {
      const title = `Change ${card}`
      const body = card % 2 ? 'Not thought through yet.' : MANIFEST
      const head = `change-${card}`
      if (plan.pulls) pushCommit(world, olga, repository, head, { files: { [`changes/${card}.md`]: title } })
      const thread = plan.pulls
        ? openPull(world, olga, repository, { title, body, head })
        : openIssue(world, olga, repository, { title, body })
      const item = addCard(world, olga, project, thread)
      moveCard(world, olga, item, 'Backlog')
      items.push(item)
    }
  }
  return { sandbox, app: first.app, privateKey: first.privateKey ?? '', olga, bo, items }
}

answer({
  async build(plan: Plan): Promise<Built> {
    city = await build(plan)
    const { app, privateKey, sandbox } = city
    const host = new URL(sandbox.url).host
    const identity = { APP_ID: String(app.id), PRIVATE_KEY: privateKey, WEBHOOK_SECRET: SECRET }
    return {
      env: { ...identity, GHE_HOST: host, GHE_PROTOCOL: 'http' },
      secret: SECRET,
      appId: app.id,
      privateKey,
    }
  },

  /** Webhooks go to these apps in turn. */
  aim(urls: string[]): void {
    const hook = city.app.webhook
    if (!hook) return
    let turn = 0
    Object.defineProperty(hook, 'url', { get: () => `${urls[turn++ % urls.length]}/api/github/webhooks` })
    hook.active = true
  },

  /** Somebody moves every card to Staging, at once; answers how many cards that are. */
  move(): number {
    for (const item of city.items) moveCard(city.sandbox.world, city.olga, item, 'Staging')
    return city.items.length
  },

  /** How many cards stand in Staging: those with a manifest, once all is done. */
  staging: () => city.items.filter((item) => columnOf(item) === 'Staging').length,

  /** How many requests the app has made so far. */
  requests: () => city.sandbox.requests.count(),

  /** Deliveries as GitHub sends them: a comment on an issue that no board has, and news of each card. */
  samples(): { stranger: Sample; cards: Sample[] } {
    const { sandbox, olga, bo, items } = city
    const told: Emission[] = []
    const off = sandbox.world.on('webhook', (emission) => void told.push(emission))
    const [repository] = sandbox.world.repositories.values()
    if (!repository) throw new Error('The city has no repository.')
    comment(sandbox.world, bo, openIssue(sandbox.world, olga, repository, { title: 'Other' }), 'Looks good to me.')
    for (const item of items) {
      moveCard(sandbox.world, olga, item, 'Staging')
      moveCard(sandbox.world, olga, item, 'Backlog')
    }
    off()
    const samples = (event: string) =>
      told.filter((each) => each.event === event).map(({ payload }) => ({ event, body: JSON.stringify(payload) }))
    const [stranger] = samples('issue_comment')
    if (!stranger) throw new Error('Nobody was told of the comment.')
    return { stranger, cards: samples('projects_v2_item') }
  },
})
