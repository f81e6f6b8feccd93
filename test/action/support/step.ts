// Runs the action as a runner does: as a process of its own, with inputs, event and files in its environment.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SHA } from './read.ts'

const MAIN = join(import.meta.dirname, '../../../action/evaluate/main.ts')

export type Step = {
  /** Files of the workspace by path. */
  files?: Record<string, string | Uint8Array>
  inputs?: Record<string, string>
  /** The request in the event; null: the run was not dispatched by Andon. */
  request?: object | string | null
  env?: Record<string, string>
  main?: string
  /** A workspace that is there already. */
  workspace?: string
}

export type Ended = { code: number; log: string; summary: string; outputs: Record<string, string> }

export const REQUEST = {
  andon: 1,
  request: '01JR',
  gate: 'offline-eval',
  kind: 'evaluation',
  sha: SHA,
  criteria: { accuracy: { min: 0.9 } },
  with: {},
}

export async function runStep(step: Step): Promise<Ended> {
  const home = mkdtempSync(join(tmpdir(), 'andon-step-'))
  const workspace = step.workspace ?? join(home, 'workspace')
  mkdirSync(workspace, { recursive: true })
  for (const [path, content] of Object.entries(step.files ?? {})) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), content)
  }
  const file = (name: string, content = '') => {
    writeFileSync(join(home, name), content)
    return join(home, name)
  }
  const request = step.request === undefined ? REQUEST : step.request
  const andon = typeof request === 'string' ? request : JSON.stringify(request)
  const inputs = { results: '*.json', sha: SHA, ...step.inputs }
  const env = {
    PATH: process.env.PATH ?? '',
    RUNNER_TEMP: home,
    GITHUB_WORKSPACE: workspace,
    GITHUB_REPOSITORY: 'acme/bot',
    GITHUB_RUN_ID: '42',
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(request === null ? {} : { inputs: { andon } })),
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    ...step.env,
  }
  const { code, log } = await run([step.main ?? MAIN], env)
  const summary = readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')
  return { code, log, summary, outputs: readOutputs(readFileSync(env.GITHUB_OUTPUT, 'utf8')) }
}

function run(args: string[], env: Record<string, string>): Promise<{ code: number; log: string }> {
  return new Promise((done) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), log: stdout + stderr })
    })
  })
}

function readOutputs(text: string): Record<string, string> {
  const matches = text.matchAll(/^(\w+)<<(ghadelimiter_\S+)\n(.*)\n\2$/gms)
  return Object.fromEntries([...matches].map((match) => [match[1] ?? '', match[3] ?? '']))
}
