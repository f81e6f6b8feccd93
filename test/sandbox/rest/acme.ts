// An organization with one repository, one board and one app, on a sandbox that checks its own answers.
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { type SandboxOptions, startSandbox } from '../../../src/sandbox/sandbox.ts'
import type { Permissions } from '../../../src/sandbox/world/app.ts'
import { createProject } from '../../../src/sandbox/world/boards.ts'
import { addCard } from '../../../src/sandbox/world/cards.ts'
import { openIssue } from '../../../src/sandbox/world/issues.ts'
import { addMember, addTeamMember, createPerson, createTeam } from '../../../src/sandbox/world/organize.ts'
import { openPull } from '../../../src/sandbox/world/pulls.ts'
import { createRepository, pushCommit } from '../../../src/sandbox/world/repositories.ts'

const workflow = `name: Evaluate
run-name: andon \${{ fromJSON(inputs.andon).request }}
on:
  workflow_dispatch:
    inputs:
      andon: { required: true, type: string }
jobs: { evaluate: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }
`

const everything: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'read',
  deployments: 'write',
  issues: 'write',
  pull_requests: 'write',
  members: 'read',
  organization_projects: 'write',
}

const events = ['projects_v2_item', 'issues', 'issue_comment', 'pull_request', 'workflow_run', 'push']

/** The app's clients are `app` (its JWT) and `octokit` (its installation's token), plain, without retries. */
export async function startAcme(
  options: SandboxOptions & { permissions?: Permissions; webhook?: { url: string; secret: string } } = {},
) {
  const sandbox = await startSandbox({
    organization: { login: 'acme', owner: 'olga' },
    ...options,
    settings: { strictResponses: true, ...options.settings },
    apps: [
      {
        slug: 'andon',
        permissions: options.permissions ?? everything,
        events,
        ...(options.webhook && { webhook: options.webhook }),
      },
    ],
  })
  const { world, organization, apps } = sandbox
  const [andon] = apps
  const olga = world.people.get('olga')
  if (!organization || !andon?.installation || !andon.privateKey || !olga)
    throw new Error('the sandbox is not as ordered')
  const ada = createPerson(world, 'ada', { name: 'Ada' })
  addMember(world, olga, organization, ada)
  const team = createTeam(world, organization, 'ai-safety', { name: 'AI Safety' })
  addTeamMember(world, olga, team, ada)
  const repository = createRepository(world, olga, organization, 'bot', {
    private: true,
    files: {
      'README.md': '# Bot\n',
      '.github/workflows/andon-evaluate.yml': workflow,
      'prompts/answer.md': 'Be kind.\n',
    },
  })
  repository.teams.set(team.id, 'write')
  const issue = openIssue(world, ada, repository, { title: 'Answer faster', body: 'Please' })
  pushCommit(world, ada, repository, 'faster', { files: { 'prompts/answer.md': 'Be kind and quick.\n' } })
  const pull = openPull(world, ada, repository, { title: 'Quick answers', head: 'faster' })
  const project = createProject(world, olga, organization, 'Changes', { columns: ['Backlog', 'Staging', 'Production'] })
  const item = addCard(world, ada, project, issue)
  const auth = { appId: andon.app.id, privateKey: andon.privateKey }
  const quiet = { debug() {}, info() {}, warn() {}, error() {} }
  const app = new Octokit({ authStrategy: createAppAuth, auth, baseUrl: sandbox.apiUrl, log: quiet })
  const octokit = new Octokit({
    authStrategy: createAppAuth,
    auth: { ...auth, installationId: andon.installation.id },
    baseUrl: sandbox.apiUrl,
    log: quiet,
  })
  return {
    sandbox,
    world,
    organization,
    andon: andon.app,
    installation: andon.installation,
    privateKey: andon.privateKey,
    olga,
    ada,
    repository,
    issue,
    pull,
    project,
    item,
    app,
    octokit,
    at: { owner: 'acme', repo: 'bot' },
    person: (login: string) => {
      const found = world.people.get(login)
      if (!found) throw new Error(`nobody is called ${login}`)
      return new Octokit({ auth: sandbox.tokens.forPerson(found), baseUrl: sandbox.apiUrl, log: quiet })
    },
  }
}

export type Acme = Awaited<ReturnType<typeof startAcme>>

/** What GitHub answered in place of success. */
export async function refusal(
  request: Promise<unknown>,
): Promise<{ status: number; message: string; headers: Record<string, string> }> {
  const error = await request.then(
    () => {
      throw new Error('it was not refused')
    },
    (thrown: { status: number; response?: { data?: { message?: string }; headers?: Record<string, string> } }) =>
      thrown,
  )
  return {
    status: error.status,
    message: error.response?.data?.message ?? String(error),
    headers: error.response?.headers ?? {},
  }
}
