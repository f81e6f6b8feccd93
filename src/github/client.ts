// Opens GitHub to the rest of the app: one client for each organization that has installed it.
import { z } from 'zod'
import type { Actor } from '../core/facts/actor.ts'
import { createBoardReader } from './board-reader.ts'
import { type Root, readBoard, readBoardNews, readBoardPage } from './boards.ts'
import { type Budget, type Clock, createBudget, SYSTEM_CLOCK } from './budget.ts'
import { readAnswer } from './card-answer.ts'
import { checkRunsOf, countAnnotations } from './checks.ts'
import { findOwnComment } from './comments.ts'
import { openDeliveryLog } from './deliveries.ts'
import { fetchEvidence } from './evidence.ts'
import { findOwnIssue, openIssue } from './issues.ts'
import { readItemsOf } from './items-of.ts'
import { readHistories } from './move-history.ts'
import { DEFAULT_FIELD, readPolicies } from './policy-files.ts'
import { readPolicyPull, readPullFiles } from './policy-pull.ts'
import type { BoardReader, DeliveryLog, GitHub, Installation, Installations } from './port.ts'
import { createMemory, readCard, selfOf } from './read-card.ts'
import { answerFacts } from './read-facts.ts'
import { createRedact } from './redact.ts'
import { type Heard, type Log, openWire, type WireSettings } from './wire.ts'
import { dispatchWorkflow, findRun, orNull, readRun } from './workflows.ts'
import { performWrites } from './write.ts'

export type Connection = Installations & {
  /** Forgets what is known of an owner's installation, as a webhook says that it changed. */
  forget(owner: string): void
  deliveryLog: DeliveryLog
  /** Looks at boards of an owner with the app's own rights, and can touch nothing; null where it is not installed. */
  reader(owner: string): Promise<BoardReader | null>
}

export type Settings = {
  appId: number
  privateKey: string
  apiUrl?: string
  graphqlUrl?: string
  log: Log
  /** For tests, and where a proxy asks for one of its own. */
  fetch?: typeof globalThis.fetch
  clock?: Clock
  /** Hears of each answer. */
  heard?: (heard: Heard) => void
  /** One governor for each installation. */
  budget?: (installation: number) => Budget
}

type Endpoints = { apiUrl: string; graphqlUrl: string }

export const VIEWER = 'query Viewer { viewer { login databaseId } }'

/** Nothing is asked of GitHub before it is needed. */
export function connect(settings: Settings): Connection {
  const apiUrl = (settings.apiUrl ?? 'https://api.github.com').replace(/\/$/, '')
  const clock = settings.clock ?? SYSTEM_CLOCK
  const wiring: WireSettings = {
    appId: settings.appId,
    privateKey: settings.privateKey,
    apiUrl,
    graphqlUrl: settings.graphqlUrl ?? graphqlOf(apiUrl),
    log: settings.log,
    redact: createRedact([settings.privateKey]),
    clock,
    fetch: settings.fetch ?? globalThis.fetch,
    heard: settings.heard,
  }
  const budgetFor = settings.budget ?? (() => createBudget({ clock }))
  const app = openWire(wiring, null, createBudget({ clock }))
  const clients = new Map<number, GitHub>()
  const owners = new Map<string, Installation>()

  function keep(found: z.infer<typeof installationSchema>): Installation {
    const kind = found.account.type === 'User' ? 'User' : 'Organization'
    const root = kind === 'User' ? 'user' : 'organization'
    const github = clients.get(found.id) ?? createGitHub(wiring, found.id, root, budgetFor(found.id))
    clients.set(found.id, github)
    const installation: Installation = { id: found.id, owner: found.account.login, kind, github }
    owners.set(installation.owner.toLowerCase(), installation)
    return installation
  }

  return {
    deliveryLog: openDeliveryLog(app),
    async reader(owner) {
      const installation = await this.of(owner)
      if (installation === null) return null
      return createBoardReader(openWire(wiring, installation.id, budgetFor(installation.id)))
    },
    async all() {
      const found: Installation[] = []
      for (let page = 1; ; page++) {
        const parameters = { per_page: 100, page }
        const { data } = await app.rest({ route: 'GET /app/installations', parameters, urgency: 'read' })
        const list = readAnswer(z.array(installationSchema), data)
        found.push(...list.filter((each) => !each.suspended_at).map(keep))
        if (list.length < 100) return found
      }
    },
    async of(owner) {
      const known = owners.get(owner.toLowerCase())
      if (known) return known
      const ask = (route: string) => orNull(() => app.rest({ route, parameters: { owner }, urgency: 'read' }))
      const answer = (await ask('GET /orgs/{owner}/installation')) ?? (await ask('GET /users/{owner}/installation'))
      if (answer === null) return null
      const found = readAnswer(installationSchema, answer.data)
      return found.suspended_at ? null : keep(found)
    },
    forget(owner) {
      const known = owners.get(owner.toLowerCase())
      owners.delete(owner.toLowerCase())
      if (known) clients.delete(known.id)
    },
  }
}

/** Looks at boards with a token that somebody gave, and can touch nothing. */
export function readWithToken(settings: Pick<Settings, 'log' | 'fetch'> & Endpoints & { token: string }): BoardReader {
  const clock = SYSTEM_CLOCK
  const { token, apiUrl, graphqlUrl, log, fetch = globalThis.fetch } = settings
  const wiring = { appId: 0, privateKey: '', token, apiUrl, graphqlUrl, log, clock, fetch }
  return createBoardReader(openWire({ ...wiring, redact: createRedact([token]) }, null, createBudget({ clock })))
}

const installationSchema = z.object({
  id: z.number(),
  account: z.object({ login: z.string(), type: z.string().optional() }),
  suspended_at: z.string().nullish(),
})

const viewerSchema = z.object({ viewer: z.object({ login: z.string(), databaseId: z.number().nullish() }) })

function createGitHub(wiring: WireSettings, installation: number, root: Root, budget: Budget): GitHub {
  const wire = openWire(wiring, installation, budget)
  const memory = createMemory()
  let account: Actor | null = null

  async function self(): Promise<Actor> {
    if (account === null) {
      const { data } = await wire.query({ document: VIEWER, variables: {}, urgency: 'read' })
      account = selfOf(readAnswer(viewerSchema, data).viewer)
    }
    return account
  }

  return {
    self,
    readCard: (wish) =>
      readCard(wire, wish, memory, (met) => {
        account = met
      }),
    answer: (address, queries) =>
      answerFacts(
        wire,
        address.project,
        queries,
        memory.recall(address.item) ?? { owner: address.owner, field: DEFAULT_FIELD, repository: null },
      ),
    write: (writes) => performWrites(wire, writes, wiring.redact),
    dispatch: (target) => dispatchWorkflow(wire, target),
    findRun: async (target) => findRun(wire, target, await self()),
    run: (repository, id) => readRun(wire, repository, id),
    evidence: (repository, run) => fetchEvidence(wire, repository, run, wiring.fetch),
    async findChecks({ repository, sha }) {
      // The latest alone would hide the one of an earlier move of the same commit.
      const runs = await checkRunsOf(wire, repository, sha, wiring.appId, 'all')
      return runs.map((run) => ({ id: run.node, name: run.name, externalId: run.externalId }))
    },
    annotations: (check) => countAnnotations(wire, check),
    pullFiles: (repository, number) => readPullFiles(wire, repository, number),
    policyPull: (repository, number) => readPolicyPull(wire, repository, number),
    findComment: async (subject, marker) => findOwnComment(wire, subject, marker, await self()),
    openIssue: (wish) => openIssue(wire, wish),
    findIssue: async (target) => findOwnIssue(wire, target, await self()),
    itemsOf: (content) => readItemsOf(wire, content),
    policies: (owner) => readPolicies(wire, root, owner),
    board: (owner, number) => readBoard(wire, root, owner, number),
    boardNews: (board, since, cursor) => readBoardNews(wire, root, board, since, cursor),
    histories: (contents, project, since) => readHistories(wire, contents, project, since),
    boardPage: (project, field, cursor, which = 'shown') => readBoardPage(wire, project, field, cursor, which),
  }
}

/** GitHub Enterprise serves REST under `/api/v3` and GraphQL at `/api/graphql`. */
function graphqlOf(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? apiUrl.replace(/\/v3$/, '/graphql') : `${apiUrl}/graphql`
}
