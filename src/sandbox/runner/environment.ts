// The environment of a step: an allow-list of this machine's, the runner's own variables, and what the workflow sets.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { RunnerHost, RunnerOptions, RunOrder } from './host.ts'

/** The folders of one job; `root` holds all of them and is removed with it. */
export type Folders = { root: string; workspace: string; temporary: string; home: string; tools: string; event: string }

// Everything else of this process stays here: its environment holds the app's secrets.
const INHERITED = ['LANG', 'LC_ALL', 'TZ', 'TERM']

export function makeFolders(order: RunOrder): Folders {
  const name = order.repository.split('/')[1] ?? 'repository'
  const root = mkdtempSync(join(tmpdir(), 'andon-run-'))
  const folders = {
    root,
    workspace: join(root, 'work', name, name),
    temporary: join(root, 'temp'),
    home: join(root, 'home'),
    tools: join(root, 'tools'),
    event: join(root, 'temp', '_github_workflow', 'event.json'),
  }
  for (const folder of [folders.workspace, folders.temporary, folders.home, folders.tools, dirname(folders.event)]) {
    mkdirSync(folder, { recursive: true })
  }
  writeFileSync(folders.event, JSON.stringify(order.payload, null, 2))
  return folders
}

export function removeFolders(folders: Folders): void {
  rmSync(folders.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** What a job starts with. Node of this process comes first on the path. */
export function machineEnvironment(folders: Folders): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return {
    LANG: 'C.UTF-8',
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PATH: [dirname(process.execPath), process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
    HOME: folders.home,
    TMPDIR: folders.temporary,
    CI: 'true',
  }
}

/** The `github` context of a job, without the parts that change from step to step. */
export function githubContext(given: {
  order: RunOrder
  host: RunnerHost
  workflow: string
  job: string
  folders: Folders | null
  token: string
}): Record<string, unknown> {
  const { order, host, folders } = given
  const [, type = '', name = ''] = /^refs\/(heads|tags|pull)\/(.+)$/.exec(order.ref) ?? []
  return {
    action: '',
    actor: order.actor,
    api_url: host.urls.api,
    base_ref: '',
    event: order.payload,
    event_name: order.event,
    event_path: folders?.event ?? '',
    graphql_url: host.urls.graphql,
    head_ref: '',
    job: given.job,
    ref: order.ref,
    ref_name: name,
    ref_protected: false,
    ref_type: type === 'tags' ? 'tag' : 'branch',
    repository: order.repository,
    repository_owner: order.repository.split('/')[0],
    retention_days: '90',
    run_attempt: String(order.attempt),
    run_id: String(order.id),
    run_number: String(order.number),
    secret_source: 'Actions',
    server_url: host.urls.server,
    sha: order.sha,
    token: given.token,
    triggering_actor: order.triggeringActor,
    workflow: given.workflow,
    workflow_ref: `${order.repository}/${order.path}@${order.ref}`,
    workflow_sha: order.sha,
    workspace: folders?.workspace ?? '',
  }
}

/** The `runner` context. */
export function runnerContext(folders: Folders): Record<string, string> {
  const arch = process.arch === 'arm64' ? 'ARM64' : process.arch === 'x64' ? 'X64' : process.arch.toUpperCase()
  const os = process.platform === 'darwin' ? 'macOS' : process.platform === 'win32' ? 'Windows' : 'Linux'
  return {
    os,
    arch,
    name: 'sandbox',
    environment: 'self-hosted',
    temp: folders.temporary,
    tool_cache: folders.tools,
    debug: '',
  }
}

// Of the context these are no variables on GitHub either; the token is never one.
const NOT_EXPORTED = new Set(['event', 'token', 'secret_source', 'action_ref', 'action_repository', 'action_path'])

/** GITHUB_* and RUNNER_* of a step, which nothing that the workflow sets can replace. */
export function runnerVariables(
  github: Record<string, unknown>,
  runner: Record<string, string>,
): Record<string, string> {
  const from = (prefix: string, values: Record<string, unknown>) =>
    Object.entries(values).flatMap(([name, value]) =>
      NOT_EXPORTED.has(name) || (value === '' && name === 'debug')
        ? []
        : [[`${prefix}_${name.toUpperCase()}`, String(value)]],
    )
  return { GITHUB_ACTIONS: 'true', ...Object.fromEntries([...from('GITHUB', github), ...from('RUNNER', runner)]) }
}

export function patienceOf(options: RunnerOptions): { interrupt: number; terminate: number } {
  return options.patience ?? { interrupt: 2_000, terminate: 1_000 }
}
