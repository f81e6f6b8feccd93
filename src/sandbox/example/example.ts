// The example: an organization whose small team ships changes to a router of support messages, gated by Andon.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunnerOptions } from '../runner/host.ts'
import type { Organization, Person } from '../world/account.ts'
import type { Item, Project } from '../world/board.ts'
import { createProject } from '../world/boards.ts'
import { moveCard } from '../world/card-fields.ts'
import { addCard } from '../world/cards.ts'
import { openIssue } from '../world/issues.ts'
import { createLabel } from '../world/labels.ts'
import { addMember, addTeamMember, createPerson, createTeam } from '../world/organize.ts'
import { openPull } from '../world/pulls.ts'
import { createRepository, pushCommit } from '../world/repositories.ts'
import type { Repository } from '../world/repository.ts'
import type { World } from '../world/world.ts'
import { type ExampleChange, readChanges } from './change-file.ts'

const COLUMNS = ['Backlog', 'Ready for Evaluation', 'Staging', 'Production', 'Done']
const LABELS = {
  'change: model': { color: '0969da', description: 'A new version of the model' },
  'change: data': { color: '8250df', description: 'Other cases to measure on' },
  'risk: high': { color: 'cf222e', description: 'Look twice' },
  'promote: staging': { color: '1a7f37', description: 'Asks for the move to Staging, as a drag does' },
  'andon: hold': { color: '9a6700', description: 'Stays where it is' },
}
/** Ada moves cards, Bo writes changes, Cy watches over safety. */
const TEAMS = { ml: ['ada', 'bo'], 'ai-safety': ['bo', 'cy'] }

export type Example = {
  organization: Organization
  people: Record<string, Person>
  repository: Repository
  project: Project
  /** By the name of the change's file. */
  cards: Record<string, Item>
}

/** The organization's login and its first owner: what `startSandbox` is asked for. */
export const EXAMPLE_ORGANIZATION = { login: 'acme', owner: 'olga' }

/** Fills the organization: people, teams, the repository, its pull requests, and the board they stand on. */
export function fillExample(world: World, organization: Organization): Example {
  const olga = [...organization.members.values()][0]?.person
  if (!olga) throw new Error('The organization has no owner.')
  organization.baseRole = 'write'
  const people = makePeople(world, olga, organization)
  const repository = createRepository(world, olga, organization, 'support-router', {
    description: 'Sends support messages to the right queue.',
    files: readFolder(new URL('./support-router/', import.meta.url)),
  })
  for (const [name, more] of Object.entries(LABELS)) createLabel(world, olga, repository, name, more)
  const project = createProject(world, olga, organization, 'Router delivery', { columns: COLUMNS })
  const changes = readChanges(new URL('./changes/', import.meta.url))
  const cards = changes.map((change) => [change.name, putOnBoard(world, repository, project, people, change)])
  return { organization, people, repository, project, cards: Object.fromEntries(cards) }
}

/** How the example's workflows run here: the packages of this project, and its own action from its own folder. */
export function exampleRunner(): RunnerOptions {
  const winkNlp = dirname(createRequire(import.meta.url).resolve('wink-nlp/package.json'))
  return {
    nodeModules: dirname(winkNlp),
    actionRepositories: { 'andon-dev/andon': fileURLToPath(new URL('../../..', import.meta.url)) },
    actionSources: { 'action/evaluate/dist/index.js': 'action/evaluate/main.ts' },
  }
}

function makePeople(world: World, olga: Person, organization: Organization): Record<string, Person> {
  const logins = [...new Set(Object.values(TEAMS).flat())].sort()
  const people = Object.fromEntries(logins.map((login) => [login, createPerson(world, login)]))
  for (const person of Object.values(people)) addMember(world, olga, organization, person)
  for (const [slug, members] of Object.entries(TEAMS)) {
    const team = createTeam(world, organization, slug)
    for (const login of members) addTeamMember(world, olga, team, known(people[login], login))
  }
  return people
}

function putOnBoard(
  world: World,
  repository: Repository,
  project: Project,
  people: Record<string, Person>,
  change: ExampleChange,
): Item {
  const author = known(people[change.author], change.author)
  const { title, body, labels, branch, files } = change
  if (branch !== undefined) pushCommit(world, author, repository, branch, { files, message: title })
  const thread =
    branch === undefined
      ? openIssue(world, author, repository, { title, body, labels })
      : openPull(world, author, repository, { title, body, labels, head: branch })
  const item = addCard(world, author, project, thread)
  moveCard(world, author, item, change.column)
  return item
}

function readFolder(folder: URL): Record<string, string> {
  const root = fileURLToPath(folder)
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(root.length).replaceAll('\\', '/'), readFileSync(path, 'utf8')]
    }),
  )
}

function known<T>(found: T | undefined, name: string): T {
  if (found === undefined) throw new Error(`The example has no ${name}.`)
  return found
}
