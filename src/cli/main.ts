#!/usr/bin/env node
// The command line: finds the command, hands it its arguments, and ends with its exit code.
import { readFileSync, realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { nearest } from '../core/facts/nearest.ts'

/** Where a command reads and writes; a test gives its own. */
export type Terminal = {
  cwd: string
  color: boolean
  out(text: string): void
  err(text: string): void
}

/** 0: yes. 1: no. 2: it could not be told. */
export type ExitCode = 0 | 1 | 2
export type Command = { summary: string; run(args: string[], terminal: Terminal): Promise<ExitCode> }

/** Each command is loaded only when it is asked for. */
const COMMANDS: Record<string, { summary: string; load(): Promise<Command> }> = {
  demo: {
    summary: 'see it work: a board in the browser, or --story on the terminal',
    load: async () => (await import('./demo.ts')).demo,
  },
  audit: {
    summary: 'compare the record with the history that GitHub keeps',
    load: async () => (await import('./audit.ts')).audit,
  },
  check: {
    summary: 'say everything that is wrong with a policy',
    load: async () => (await import('./check.ts')).check,
  },
  init: {
    summary: 'write a policy, workflows, form and labels into a repository',
    load: async () => (await import('./init.ts')).init,
  },
  release: {
    summary: 'bring back tasks that were set aside',
    load: async () => (await import('./release.ts')).release,
  },
  replay: {
    summary: 'decide the record again, to prove it or to try another policy',
    load: async () => (await import('./replay.ts')).replay,
  },
  search: {
    summary: 'find entries of the record',
    load: async () => (await import('./search.ts')).search,
  },
  simulate: {
    summary: 'tell what a move would meet, and touch nothing',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  verify: {
    summary: 'prove that the record is whole',
    load: async () => (await import('./verify.ts')).verify,
  },
}

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  andon ${name.padEnd(10)} ${summary}`)
  return `Andon: gates for a GitHub Projects board.

${lines.join('\n')}

andon <command> --help tells more. Exit codes: 0 yes, 1 no, 2 could not.
`
}

export async function main(args: string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === '--help' || name === '-h' || name === 'help') {
    terminal.out(help())
    return 0
  }
  if (name === '--version') {
    terminal.out(`${JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version}\n`)
    return 0
  }
  if (name === undefined || !Object.hasOwn(COMMANDS, name)) {
    const meant = name === undefined ? null : nearest(name, Object.keys(COMMANDS))
    if (name !== undefined)
      terminal.err(
        `andon: there is no command ${JSON.stringify(name)}.${meant === null ? '' : ` Did you mean andon ${meant}?`}\n\n`,
      )
    terminal.err(help())
    return 2
  }
  const command = await COMMANDS[name]?.load()
  return command === undefined ? 2 : command.run(rest, terminal)
}

/** With this process's own arguments and terminal. */
export async function run(): Promise<void> {
  process.exitCode = await main(process.argv.slice(2), {
    cwd: process.cwd(),
    color: process.stdout.isTTY === true && !process.env.NO_COLOR,
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  })
}

if (process.argv[1] && fileURLToPath(import.meta.url) === realpathSync(process.argv[1])) await run()
