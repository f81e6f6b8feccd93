// The world of a chaos run: a sandbox's GitHub with a governed board, people, and workflow runs that end as chance has it.
import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import type { Organization, Person } from '../../src/sandbox/world/account.ts'
import { uploadArtifact } from '../../src/sandbox/world/artifacts.ts'
import { columnOf, fieldNamed, type Item, type Project } from '../../src/sandbox/world/board.ts'
import { createProject } from '../../src/sandbox/world/boards.ts'
import { createLabel } from '../../src/sandbox/world/labels.ts'
import { addMember, addTeamMember, createPerson, createTeam } from '../../src/sandbox/world/organize.ts'
import { createRepository } from '../../src/sandbox/world/repositories.ts'
import type { Repository } from '../../src/sandbox/world/repository.ts'
import type { WorkflowRun } from '../../src/sandbox/world/run.ts'
import { finishRun, startRun } from '../../src/sandbox/world/runs.ts'
import { type Chance, fixedChance } from './chance.ts'
import type { Sight } from './oracle.ts'

export const SECRET = 'a-secret-for-chaos-only-0123456789'
export const ASK_LABEL = 'promote: ready'
export const COLUMNS = ['Backlog', 'Ready', 'Evaluation', 'Staging', 'Production']

/** The oracle knows these rules by heart; a change here is one there. */
const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Ready
    enter: [definition-of-ready]
  - name: Evaluation
    limit: 4
  - name: Staging
    limit: 3
    enter: [offline-eval]
  - name: Production
    enter: [release-approval]
    while-waiting: return
labels:
  move: { "${ASK_LABEL}": Ready }
gates:
  definition-of-ready: { kind: manifest, requires: [prompts, rollback] }
  offline-eval: { kind: evaluation, workflow: evaluate.yml, timeout-minutes: 3, metrics: { accuracy: { min: 0.9 } } }
  release-approval: { kind: approval, count: 1, teams: [ai-safety] }
`

const EVALUATE = `name: Evaluate
run-name: andon \${{ fromJSON(inputs.andon).request }}
on: { workflow_dispatch: { inputs: { andon: { required: true, type: string } } } }
jobs: { evaluate: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`

export type Fate = 'pass' | 'low' | 'failure' | 'never'

export type Town = {
  sandbox: Sandbox
  acme: Organization
  people: { olga: Person; ada: Person; bo: Person; cy: Person }
  repository: Repository
  project: Project
  /** How an evaluation of that commit ends: always the same, so that the oracle can know it too. */
  fateOf(sha: string): Fate
  /** Every change of where a card stands, by whomever, as it happened. */
  sights: Sight[]
}

export async function buildTown(seed: number, chance: Chance, clock: () => Date, speed: number): Promise<Town> {
  const manifest = parse(await readFile(new URL('../../app.yml', import.meta.url), 'utf8'))
  const sandbox = await startSandbox({
    seed,
    clock,
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
  })
  const { world } = sandbox
  const acme = sandbox.organization as Organization
  const olga = [...acme.members.values()][0]?.person as Person
  const [ada, bo, cy] = ['ada', 'bo', 'cy'].map((login) => {
    const person = createPerson(world, login)
    addMember(world, olga, acme, person)
    return person
  }) as [Person, Person, Person]
  addTeamMember(world, olga, createTeam(world, acme, 'ai-safety'), cy)
  acme.baseRole = 'write'
  const files = {
    'prompts/answer.md': 'Be kind.',
    '.github/workflows/evaluate.yml': EVALUATE,
    '.github/andon.yml': POLICY,
  }
  const repository = createRepository(world, olga, acme, 'bot', { files })
  createLabel(world, olga, repository, ASK_LABEL)
  const project = createProject(world, olga, acme, 'Delivery', { columns: COLUMNS })
  world.nameRun = (run) => (run.inputs.andon ? `andon ${JSON.parse(run.inputs.andon).request}` : null)

  const fateOf = (sha: string): Fate => {
    const at = fixedChance(seed, sha)
    return at < 0.6 ? 'pass' : at < 0.75 ? 'low' : at < 0.88 ? 'failure' : 'never'
  }
  const town: Town = { sandbox, acme, people: { olga, ada, bo, cy }, repository, project, fateOf, sights: [] }
  world.on('run-queued', (run) => carryOut(town, run, chance, speed))
  watch(town)
  return town
}

/** A run takes some seconds, and ends as its commit's fate wants it. */
function carryOut(town: Town, run: WorkflowRun, chance: Chance, speed: number): void {
  const { world } = town.sandbox
  const { sha, request } = JSON.parse(run.inputs.andon ?? '{}')
  const fate = town.fateOf(sha)
  if (fate === 'never') return
  setTimeout(
    () => {
      startRun(world, run)
      const accuracy = { value: fate === 'pass' ? 0.95 : 0.5, n: 100 }
      const evidence = Buffer.from(JSON.stringify({ andon: 1, request, sha, metrics: { accuracy } }))
      if (fate !== 'failure') uploadArtifact(world, run, 'andon-evidence', evidence, { zipped: false })
      finishRun(world, run, fate === 'failure' ? 'failure' : 'success')
    },
    (chance.whole(2, 40) * 1000) / speed,
  ).unref()
}

/** Looks at the board with each change of it, before any webhook about it can be lost. */
function watch(town: Town): void {
  const { world } = town.sandbox
  const last = new Map<string, string>()
  world.on('webhook', ({ event, action, payload }) => {
    if (event !== 'projects_v2_item') return
    const node = (payload.projects_v2_item as { node_id: string }).node_id
    const item = world.nodes.get(node) as Item | undefined
    if (item === undefined) return
    const field = fieldNamed(item.project, 'Status')
    const since = (field && item.values.get(field.node)?.updatedAt) ?? null
    const sight = { column: columnOf(item), since, archived: item.archivedAt !== null }
    const text = JSON.stringify(sight)
    if (action !== 'created' && last.get(node) === text) return
    last.set(node, text)
    const by = (payload.sender as { login: string }).login
    town.sights.push({ card: node, at: world.time(), by: by === 'andon[bot]' ? 'andon' : 'people', ...sight })
  })
}
