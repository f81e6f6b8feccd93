// `andon audit gaps`: compares the moves that GitHub tells of with those in the record.
import { oneLine } from '../core/decision/explain/escape.ts'
import { type Findings, findGaps, type Gap } from '../flow/find-gaps.ts'
import { connect } from '../github/client.ts'
import { GitHubProblem } from '../github/github-problem.ts'
import type { Installation } from '../github/port.ts'
import { canonical, digestOfText } from '../ledger/digest.ts'
import { readPresets } from '../presets.ts'
import { readSettings, SettingsProblem } from '../settings.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import type { Command, ExitCode, Terminal } from './main.ts'
import { type Environment, STORE_HELP, withStore } from './store.ts'

const HELP = `andon audit gaps [--owner login] [--json]

Reads the timelines of all issues and pull requests on the governed boards, and compares the moves that GitHub tells of
with those in the record: a move that GitHub saw and Andon did not, or the reverse, is a gap. Moves that passed between
two reads are no gaps where the record names them. Moves of the last minute are not asked for: they may be under way. A
draft has no timeline, and is no reason for exit code 2.

  --owner login   only the boards of that organization
  --json          the findings as JSON
  --help          this text

GitHub is asked with the app's own identity, from the environment as npm start reads it: APP_ID, PRIVATE_KEY or
PRIVATE_KEY_PATH, WEBHOOK_SECRET, GHE_HOST.
${STORE_HELP}

Exit codes: 0 no gaps, 1 there are gaps, 2 something could not be compared.

  andon audit gaps
  andon audit gaps --owner acme --json
`

export const audit: Command = {
  summary: 'compare the record with the history that GitHub keeps',
  run: (args, terminal) => runAudit(args, terminal, process.env),
}

export async function runAudit(
  args: string[],
  terminal: Terminal,
  environment: Environment,
  clock: () => Date = () => new Date(),
): Promise<ExitCode> {
  const say = (sentence: string): ExitCode => {
    terminal.err(`andon audit: ${oneLine(sentence, 500)}\n`)
    return 2
  }
  const asked = readArguments(args)
  if ('problem' in asked) return refuseArguments(terminal, 'audit', args, [asked.problem])
  if (asked.help) {
    terminal.out(HELP)
    return 0
  }
  try {
    const settings = readSettings(environment)
    const quiet = { warn: () => undefined, debug: () => undefined }
    const installations = connect({ ...settings, log: quiet })
    const found = await withStore('audit', terminal, environment, async (ledger) => {
      const seal = (value: unknown) => ({ text: canonical(value), digest: digestOfText(canonical(value)) })
      const owners = asked.owner === null ? await installations.all() : [await installations.of(asked.owner)]
      const all: Findings[] = []
      for (const installation of owners) {
        if (installation === null) throw new SettingsProblem(`The app is not installed on ${asked.owner}.`)
        all.push(
          await findGaps(
            { ledger, seal, presets: readPresets(), now: clock().toISOString() },
            installation as Installation,
          ),
        )
      }
      return total(all)
    })
    if (found === null) return 2
    terminal.out(asked.json ? `${JSON.stringify(found, null, 2)}\n` : show(found))
    return found.gaps.length > 0 ? 1 : found.unseen.length > 0 || found.unread > 0 ? 2 : 0
  } catch (error) {
    if (error instanceof SettingsProblem || error instanceof GitHubProblem) return say(error.message)
    throw error
  }
}

type Asked = { owner: string | null; json: boolean; help: boolean } | { problem: string }

function readArguments(args: string[]): Asked {
  try {
    const options = {
      owner: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const
    const { values, positionals } = parseArguments({ args, allowPositionals: true, options })
    const { owner = null, json = false, help = false } = values
    if (help) return { owner, json, help }
    if (positionals.length !== 1 || positionals[0] !== 'gaps') return { problem: 'What can be audited is gaps.' }
    if (owner !== null && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(owner))
      return { problem: '--owner is a login, as in acme.' }
    return { owner, json, help }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'These arguments cannot be read.' }
  }
}

function total(all: Findings[]): Findings {
  const sum = (of: (findings: Findings) => number) => all.reduce((so, findings) => so + of(findings), 0)
  return {
    boards: sum(({ boards }) => boards),
    moves: sum(({ moves }) => moves),
    between: sum(({ between }) => between),
    drafts: sum(({ drafts }) => drafts),
    unread: sum(({ unread }) => unread),
    gaps: all.flatMap(({ gaps }) => gaps).sort((a, b) => (a.at < b.at ? -1 : 1)),
    unseen: all.flatMap(({ unseen }) => unseen),
  }
}

function show(found: Findings): string {
  const moves = `${count(found.moves, 'move')} on ${count(found.boards, 'board')}`
  const lines =
    found.gaps.length === 0
      ? [`No gaps${found.unread > 0 ? ' in what could be compared' : ''}: ${moves}, all recorded.`]
      : [`${count(found.gaps.length, 'gap')}, of ${moves}.`, '', ...table(found.gaps), '', ...advice(found.gaps)]
  if (found.between > 0)
    lines.push(`${found.between} of the moves passed between two reads: the record names them from GitHub's timeline.`)
  if (found.drafts > 0)
    lines.push(`${count(found.drafts, 'draft')} could not be compared: GitHub keeps no history of drafts.`)
  if (found.unread > 0)
    lines.push(
      `${count(found.unread, 'card')} could not be compared: GitHub does not show the history (deleted, or out of the app's reach).`,
    )
  lines.push(...found.unseen.map((sentence) => oneLine(sentence, 500)))
  return `${lines.join('\n')}\n`
}

const TOLD = { github: 'GitHub only', record: 'record only' }

function table(gaps: Gap[]): string[] {
  const rows = gaps.map((gap) => [
    TOLD[gap.told],
    `${gap.at.slice(0, 10)} ${gap.at.slice(11, 19)}`,
    oneLine(gap.card, 60),
    oneLine(gap.from === null ? `→ ${column(gap.to)}` : `${column(gap.from)} → ${column(gap.to)}`, 80),
    oneLine(gap.by, 40),
  ])
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd())
}

function advice(gaps: Gap[]): string[] {
  const of = (told: Gap['told']) => gaps.some((gap) => gap.told === told)
  return [
    ...(of('github')
      ? [
          'GitHub only: nobody decided about these moves. See that the app runs, then comment /andon status on the card: the record then names them.',
        ]
      : []),
    ...(of('record')
      ? [
          'Record only: GitHub has no such move in the timeline. Was the issue transferred? andon verify tells whether the record is whole.',
        ]
      : []),
  ]
}

function column(name: string): string {
  return name === '' ? 'no column' : name
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`
}
