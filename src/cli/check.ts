// `andon check`: says everything that is wrong with a policy at once: of a file, of a checkout, or as a live board has it.
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { combine, type PolicySource } from '../core/policy/inherit.ts'
import { GitHubProblem } from '../github/github-problem.ts'
import { SettingsProblem } from '../settings.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import { readBases } from './bases.ts'
import { checkLive } from './check/live.ts'
import { type Found, foundIn, jsonOf, showFound } from './check/show.ts'
import type { Command, ExitCode, Terminal } from './main.ts'
import { boardOf, openReaderOf, READER_HELP } from './reader.ts'
import type { Environment } from './store.ts'

const HELP = `andon check [file or folder] [--organization file] [--board owner/number] [--json]

Says everything that is wrong with a policy at once: where, why, and what is allowed there. In a folder (default: this
one) the policy is .github/andon.yml, else andon.yml.

  --organization file    the organization's policy, which the file stands on top of
  --board owner/number   the live board, as in acme/12: checks the policies in force there, and that the board has their
                         columns and the organization their teams. With a file, that one instead of the repositories'
  --json                 problems and warnings as JSON
  --help                 this text

Without --board nothing is sent anywhere. With it:
${READER_HELP}

Exit codes: 0 the policy can be used (warnings may be printed), 1 it has problems, 2 it could not be read.

  andon check
  andon check ../bot --organization ../.github/.github/andon.yml
  andon check --board acme/12
  andon check .github/andon.yml --board acme/12 --json | jq '.policies[].problems[].message'

An example of what it says:

  .github/andon.yml:6:5 error: \`entr\` is not known here.
    5 |   - name: Done
    6 |     entr: [ci]
      |     ^
    Did you mean \`enter\`?
`

export const check: Command = {
  summary: 'say everything that is wrong with a policy',
  run: (args, terminal) => runCheck(args, terminal, process.env),
}

export async function runCheck(args: string[], terminal: Terminal, environment: Environment): Promise<ExitCode> {
  const asked = readArguments(args)
  if ('problem' in asked) return refuseArguments(terminal, 'check', args, [asked.problem])
  if (asked.help) {
    terminal.out(HELP)
    return 0
  }
  try {
    const found = await (asked.board === null ? checkFiles(asked, terminal) : checkBoard(asked, terminal, environment))
    terminal.out(asked.json ? jsonOf(found, asked.board !== null) : showFound(found, terminal.color))
    return found.every(({ problems }) => problems.length === 0) ? 0 : 1
  } catch (error) {
    if (error instanceof Unread || error instanceof SettingsProblem || error instanceof GitHubProblem)
      return refuse(terminal, error.message)
    throw error
  }
}

async function checkFiles({ file, organization: under }: Asked, terminal: Terminal): Promise<Found[]> {
  const repository = await readSource(await candidates(file ?? '.', terminal), terminal)
  const organization = under === null ? null : await readSource([under], terminal)
  const checked = combine(organization, repository, await readBases(under, terminal.cwd), Date.now())
  return checked === null ? [] : [foundIn(checked)]
}

async function checkBoard({ file, organization: under, board }: Asked, terminal: Terminal, environment: Environment) {
  if (board === null) return []
  const repository = file === null ? null : await readSource(await candidates(file, terminal), terminal)
  const organization = under === null ? null : await readSource([under], terminal)
  const reader = await openReaderOf(board.owner, environment)
  const bases = await readBases(under, terminal.cwd)
  const found = await checkLive(reader, board, { organization, repository, bases }, Date.now())
  if ('unseen' in found) throw new Unread(found.unseen)
  return found
}

/** A file that is not there, or cannot be read. */
class Unread extends Error {}

function refuse(terminal: Terminal, sentence: string): ExitCode {
  terminal.err(`andon check: ${sentence}${sentence.endsWith('\n') ? '' : '\n'}`)
  return 2
}

type Asked = {
  file: string | null
  organization: string | null
  board: { owner: string; number: number } | null
  json: boolean
  help: boolean
}

function readArguments(args: string[]): Asked | { problem: string } {
  try {
    const { values, positionals } = parseArguments({
      args,
      allowPositionals: true,
      options: {
        organization: { type: 'string' },
        board: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const board = values.board === undefined ? null : boardOf(values.board)
    if (values.board !== undefined && board === null)
      return { problem: '--board is the owner and the number of a board, as in acme/12.' }
    if (positionals.length > 1) return { problem: 'One file at a time, please.' }
    return {
      file: positionals[0] ?? null,
      organization: values.organization ?? null,
      board,
      json: values.json ?? false,
      help: values.help ?? false,
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'these arguments cannot be read.' }
  }
}

/** In a folder the policy has its places. */
async function candidates(path: string, terminal: Terminal): Promise<string[]> {
  const found = await stat(resolve(terminal.cwd, path)).catch(() => null)
  return found?.isDirectory() ? ['.github/andon.yml', 'andon.yml'].map((place) => join(path, place)) : [path]
}

async function readSource(paths: string[], terminal: Terminal): Promise<PolicySource> {
  for (const path of paths) {
    try {
      return { repository: '', path, text: await readFile(resolve(terminal.cwd, path), 'utf8') }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      if (code !== 'ENOENT') throw new Unread(`${path} cannot be read (${code}).`)
    }
  }
  throw new Unread(`There is no ${paths.join(' and no ')} here.`)
}
