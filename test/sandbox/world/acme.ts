// A small organization for tests: ada owns it, bo and cy are members, mallory is a stranger; the app is installed.
import { installationViewer, type Permissions, type Viewer } from '../../../src/sandbox/world/app.ts'
import { createProject } from '../../../src/sandbox/world/boards.ts'
import { createApp, installApp } from '../../../src/sandbox/world/install.ts'
import {
  addMember,
  addTeamMember,
  createOrganization,
  createPerson,
  createTeam,
} from '../../../src/sandbox/world/organize.ts'
import { createRepository } from '../../../src/sandbox/world/repositories.ts'
import { type Emission, World } from '../../../src/sandbox/world/world.ts'

export const PERMISSIONS: Permissions = {
  actions: 'write',
  checks: 'write',
  contents: 'read',
  issues: 'write',
  members: 'read',
  organization_projects: 'write',
  pull_requests: 'write',
}

const EVENTS = [
  'projects_v2_item',
  'projects_v2',
  'issues',
  'issue_comment',
  'pull_request',
  'pull_request_review',
  'workflow_run',
  'workflow_job',
  'push',
  'membership',
  'organization',
]

const WORKFLOW = `name: Evaluate
on:
  workflow_dispatch:
    inputs:
      andon: { required: true }
      mode: { type: choice, options: [quick, full], default: quick }
jobs: {}
`

const COLUMNS = ['Backlog', 'Staging', 'Production', 'Done']

export function acme(options: { permissions?: Permissions } = {}) {
  const time = { now: Date.parse('2026-11-22T10:00:00Z') }
  const world = new World({ clock: () => new Date(time.now), seed: 7 })
  const ada = createPerson(world, 'ada', { name: 'Ada', email: 'ada@acme.example' })
  const bo = createPerson(world, 'bo', { email: 'bo@acme.example' })
  const cy = createPerson(world, 'cy')
  const mallory = createPerson(world, 'mallory')
  const organization = createOrganization(world, 'acme', { owner: ada, baseRole: 'write' })
  for (const person of [bo, cy]) addMember(world, ada, organization, person)
  const safety = createTeam(world, organization, 'ai-safety')
  addTeamMember(world, ada, safety, bo)
  const permissions = options.permissions ?? PERMISSIONS
  const app = createApp(world, 'andon', { owner: organization, permissions, events: EVENTS })
  const installation = installApp(world, ada, app, organization)
  const files = { 'README.md': 'hello\n', '.github/workflows/evaluate.yml': WORKFLOW, 'evals/golden.jsonl': '{}\n' }
  const repository = createRepository(world, ada, organization, 'bot', { files, private: true })
  const project = createProject(world, ada, organization, 'Pipeline', { columns: COLUMNS })
  const sent: Emission[] = []
  world.on('webhook', (emission) => sent.push(emission))
  return {
    world,
    ada,
    bo,
    cy,
    mallory,
    organization,
    safety,
    app,
    installation,
    repository,
    project,
    sent,
    viewer: installationViewer(installation) as Viewer,
    /** Lets time pass. */
    wait: (seconds: number) => {
      time.now += seconds * 1000
    },
    /** What was sent since the last call, as `event.action by login`. */
    heard: () => sent.splice(0).map(({ event, action, payload }) => `${event}.${action} by ${loginOf(payload)}`),
  }
}

function loginOf(payload: Record<string, unknown>): string {
  return (payload.sender as { login: string }).login
}
