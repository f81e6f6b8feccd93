// A `run:` step: its script in a file, by the shell that GitHub would take.
import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { text } from './expressions.ts'
import type { StepCall, StepOutcome } from './job-state.ts'
import { runProgram } from './run-program.ts'

// As in GitHub's table; the first line is for a step that names no shell.
const SHELLS: Record<string, { command: string; ending: string }> = {
  '': { command: 'bash -e {0}', ending: '.sh' },
  bash: { command: 'bash --noprofile --norc -eo pipefail {0}', ending: '.sh' },
  sh: { command: 'sh -e {0}', ending: '.sh' },
  python: { command: 'python3 {0}', ending: '.py' },
  pwsh: { command: 'pwsh -command {0}', ending: '.ps1' },
}

export async function runShell(call: StepCall): Promise<StepOutcome> {
  const { job, token, scope } = call
  const shell = text(token.find('shell'), scope) || (call.frame.action ? '' : (job.defaults.shell ?? ''))
  const known = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined
  const template = known?.command ?? shell
  if (!template.includes('{0}')) {
    job.log.error(
      `Invalid shell option. Shell must be a valid built-in (bash, sh, python, pwsh) or a format string containing '{0}': ${shell}`,
    )
    return { result: 'failure', outputs: {} }
  }
  const where =
    text(token.find('working-directory'), scope) || (call.frame.action ? '' : (job.defaults['working-directory'] ?? ''))
  const folder = resolve(job.folders.workspace, where)
  if (!existsSync(folder)) {
    job.log.error(`The working directory ${where} does not exist: was the repository checked out?`)
    return { result: 'failure', outputs: {} }
  }
  const script = text(token.find('run'), scope)
  for (const line of script.trimEnd().split('\n')) job.log.line(`> ${line}`)
  const path = join(job.folders.temporary, `${randomUUID()}${known?.ending ?? ''}`)
  writeFileSync(path, script.endsWith('\n') ? script : `${script}\n`)
  const [file = '', ...words] = template.split(' ').filter((word) => word !== '')
  return runProgram(call, { file, arguments: words.map((word) => word.replaceAll('{0}', path)), folder, variables: {} })
}
