// `andon simulate`: tells what a move of a card, or of every card of a board, would meet; touches nothing.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { oneLine } from '../core/decision/explain/escape.ts'
import type { Actor } from '../core/facts/actor.ts'
import type { Wish } from '../flow/rehearsal-stage.ts'
import { type Rehearsed, rehearseBoard, type Unseen } from '../flow/rehearse-board.ts'
import type { RecordReader } from '../flow/world.ts'
import { GitHubProblem } from '../github/github-problem.ts'
import type { PolicyFile } from '../github/port.ts'
import { canonical, digestOfText } from '../ledger/digest.ts'
import { readPresets } from '../presets.ts'
import { SettingsProblem } from '../settings.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import type { Command, ExitCode, Terminal } from './main.ts'
import { boardOf, openReaderOf, READER_HELP } from './reader.ts'
import { jsonOf } from './simulate/as-json.ts'
import { showAll } from './simulate/show.ts'
import { type Environment, withStore } from './store.ts'

const HELP = `andon simulate --board owner/number [--card repository#number] [--to column] [--by login] [--policy file] [--json]

Tells what would happen if a card were moved to its next column, or every card of a board: each gate with its verdict,
the numbers beside their criteria, and what is still needed. Nothing is written to GitHub or to the record, and no
workflow is started: one that would be is named.

  --board owner/number       the board, as in acme/12
  --card repository#number   only the card of this issue or pull request, as in acme/bot#7 (or an item's id, PVTI_…)
  --to column                another column than the next one
  --by login                 who would move it (an app as in renovate[bot]); without it: somebody who may
  --policy file              this file instead of the repositories' own policy: try a rule before it is merged. What was
                             measured and approved under the policy in force does not count under another one
  --json                     everything as JSON
  --help                     this text

${READER_HELP}

The record is looked into where there is one (DATABASE_URL, else the folder ANDON_DATA, default ./.andon). Without it,
approvals by comment, what was measured before and since when a card has been where it is are not known.

Exit codes: 0 every card would pass or wait, 1 some would be refused, 2 it could not be told.

  andon simulate --board acme/12
  andon simulate --board acme/12 --card acme/bot#7 --to Production
  andon simulate --board acme/12 --policy .github/andon.yml --json | jq '.cards[] | select(.outcome == "refuse").card'
`

export const simulate: Command = {
  summary: 'tell what a move would meet, and touch nothing',
  run: (args, terminal) => runSimulate(args, terminal, process.env),
}

export async function runSimulate(
  args: string[],
  terminal: Terminal,
  environment: Environment,
  clock: () => Date = () => new Date(),
): Promise<ExitCode> {
  const say = (sentence: string): ExitCode => {
    terminal.err(`andon simulate: ${oneLine(sentence, 500)}\n`)
    return 2
  }
  const asked = readArguments(args)
  if ('problem' in asked) return refuseArguments(terminal, 'simulate', args, [asked.problem])
  if ('help' in asked) {
    terminal.out(HELP)
    return 0
  }
  try {
    const wish = { ...asked.wish, policy: asked.file === null ? null : await readPolicy(asked.file, terminal.cwd) }
    const reader = await openReaderOf(wish.board.owner, environment)
    const seal = (value: unknown) => ({ text: canonical(value), digest: digestOfText(canonical(value)) })
    const rehearse = async (ledger: RecordReader['ledger'], known: boolean) => {
      const on = { ledger, clock, reader, seal, presets: readPresets(), now: clock().toISOString() }
      return { found: await rehearseBoard(on, wish), known }
    }
    const told = hasStore(terminal, environment)
      ? await withStore('simulate', terminal, environment, (ledger) => rehearse(ledger, true))
      : await rehearse(NO_RECORD, false)
    if (told === null) return 2
    if ('unseen' in told.found) return say(unseenWords(told.found, wish))
    terminal.out(asked.json ? jsonOf(told.found, told.known) : showAll(told.found, told.known, terminal.color))
    return exitCode(told.found)
  } catch (error) {
    if (error instanceof SettingsProblem || error instanceof GitHubProblem) return say(error.message)
    throw error
  }
}

type Asked = { wish: Omit<Wish, 'policy'>; file: string | null; json: boolean }

function readArguments(args: string[]): Asked | { help: true } | { problem: string } {
  try {
    const options = {
      board: { type: 'string' },
      card: { type: 'string' },
      to: { type: 'string' },
      by: { type: 'string' },
      policy: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const
    const { values } = parseArguments({ args, options })
    if (values.help) return { help: true }
    const board = boardOf(values.board ?? '')
    if (board === null) return { problem: '--board is the owner and the number of a board, as in acme/12.' }
    const card = values.card === undefined ? null : cardOf(values.card)
    if (card === undefined) return { problem: '--card is an issue or pull request, as in acme/bot#7.' }
    if (values.by !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$/.test(values.by))
      return { problem: '--by is a login, as in ada.' }
    const wish = { board, card, to: values.to ?? null, by: values.by === undefined ? null : actorOf(values.by) }
    return { wish, file: values.policy ?? null, json: values.json ?? false }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'These arguments cannot be read.' }
  }
}

function actorOf(login: string): Actor {
  return { login, id: 0, type: login.endsWith('[bot]') ? 'Bot' : 'User' }
}

function cardOf(text: string): Wish['card'] | undefined {
  if (/^PVTI_[\w-]{1,100}$/.test(text)) return { item: text }
  const [, repository, number] = /^([\w.-]{1,100}\/[\w.-]{1,100})#([1-9]\d{0,8})$/.exec(text) ?? []
  return repository === undefined ? undefined : { repository, number: Number(number) }
}

async function readPolicy(file: string, cwd: string): Promise<PolicyFile> {
  try {
    return { repository: '', path: file, blob: '', text: await readFile(resolve(cwd, file), 'utf8') }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new SettingsProblem(`${file} cannot be read (${code}).`)
  }
}

function hasStore(terminal: Terminal, environment: Environment): boolean {
  return Boolean(environment.DATABASE_URL) || existsSync(resolve(terminal.cwd, environment.ANDON_DATA || './.andon'))
}

const NO_RECORD: RecordReader['ledger'] = {
  read: async () => [],
  cards: async () => [],
  document: async () => null,
  happened: async () => [],
  entriesOfMoves: async () => [],
}

function unseenWords({ unseen }: Unseen, { board, card }: Wish): string {
  const place = `board ${board.number} of ${board.owner}`
  if (unseen === 'board') return `GitHub shows no ${place} to this identity.`
  const name = card && ('item' in card ? card.item : `${card.repository}#${card.number}`)
  return `${name} is not on ${place}, or is not shown to this identity.`
}

function exitCode(all: Rehearsed[]): ExitCode {
  if (all.some(({ unfinished, rehearsal }) => unfinished || rehearsal.outcome === 'no-column')) return 2
  return all.some(({ rehearsal }) => rehearsal.outcome === 'refuse') ? 1 : 0
}
