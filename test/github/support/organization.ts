// An organization on the sandbox, with a board, a repository and the app as app.yml wants it, and a client for it.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { connect } from '../../../src/github/client.ts'
import type { Self } from '../../../src/github/translate.ts'
import { startSandbox } from '../../../src/sandbox/sandbox.ts'
import type { Person } from '../../../src/sandbox/world/account.ts'
import { createProject } from '../../../src/sandbox/world/boards.ts'
import { addCard } from '../../../src/sandbox/world/cards.ts'
import { openIssue } from '../../../src/sandbox/world/issues.ts'
import { addLabel } from '../../../src/sandbox/world/labels.ts'
import { addMember, addTeamMember, createPerson, createTeam } from '../../../src/sandbox/world/organize.ts'
import { openPull } from '../../../src/sandbox/world/pulls.ts'
import { createRepository, pushCommit } from '../../../src/sandbox/world/repositories.ts'

const WORKFLOW = `name: Evaluate
run-name: andon \${{ fromJSON(inputs.andon).request }}
on: { workflow_dispatch: { inputs: { andon: { required: true, type: string } } } }
jobs: { evaluate: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`
const DEAF = `name: Deaf
on: { workflow_dispatch: {} }
jobs: { evaluate: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`
export const POLICY = 'version: 1\nboard: { project: 1 }\n'

/** Ada opened issue and card, Bo the pull request that closes it. Stop the sandbox in the end. */
export async function startOrganization() {
  const manifest = parse(readFileSync(new URL('../../../app.yml', import.meta.url), 'utf8'))
  const sandbox = await startSandbox({
    organization: { login: 'acme', owner: 'olga' },
    limits: 'none',
    apps: [{ slug: 'andon', permissions: manifest.default_permissions, events: manifest.default_events }],
  })
  const { world, organization, apps } = sandbox
  const [andon] = apps
  const olga = world.people.get('olga')
  if (!organization || !andon?.privateKey || !olga) throw new Error('the sandbox is not as ordered')
  organization.baseRole = 'write'
  const [ada, bo] = ['ada', 'bo'].map((login) => {
    const person = createPerson(world, login)
    addMember(world, olga, organization, person)
    return person
  }) as [Person, Person]
  const team = createTeam(world, organization, 'ai-safety', { name: 'AI Safety' })
  addTeamMember(world, olga, team, ada)
  const files = {
    'README.md': '# Bot\n',
    'prompts/answer.md': 'Be kind.\n',
    '.github/andon.yml': POLICY,
    '.github/workflows/andon-evaluate.yml': WORKFLOW,
    '.github/workflows/deaf.yml': DEAF,
  }
  const repository = createRepository(world, olga, organization, 'bot', { private: true, files })
  const issue = openIssue(world, ada, repository, { title: 'Answer faster', body: 'Please' })
  addLabel(world, ada, issue, 'promote: staging')
  pushCommit(world, bo, repository, 'faster', {
    files: { 'prompts/answer.md': 'Be quick.\n', 'andon.change.yml': 'kind: prompt-template\n' },
  })
  const pull = openPull(world, bo, repository, {
    title: 'Quick answers',
    head: 'faster',
    body: `Closes #${issue.number}`,
  })
  const project = createProject(world, olga, organization, 'Changes', { columns: ['Backlog', 'Staging', 'Production'] })
  const item = addCard(world, ada, project, issue)
  const log = { warn: () => undefined, debug: () => undefined }
  const { apiUrl, graphqlUrl } = sandbox
  const connection = connect({ appId: andon.app.id, privateKey: andon.privateKey, apiUrl, graphqlUrl, log })
  const installation = await connection.of('acme')
  if (!installation) throw new Error('the app is not installed')
  const self: Self = { appId: andon.app.id, botId: andon.app.bot.id }
  const wish = { address: { item: item.node, owner: 'acme' }, wanted: [] }
  const { github } = installation
  return {
    sandbox,
    world,
    connection,
    github,
    self,
    wish,
    organization,
    olga,
    ada,
    bo,
    team,
    repository,
    issue,
    pull,
    project,
    item,
  }
}
export type Acme = Awaited<ReturnType<typeof startOrganization>>
