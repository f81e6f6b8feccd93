// `andon check`: reads a policy and prints all its problems at once, each with its place, a look at it, and a remedy.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Checked, Problem } from '../core/facts/problem.ts'
import { openColumns } from '../core/policy/doubts.ts'
import { combine, type PolicySource } from '../core/policy/inherit.ts'
import type { Policy } from '../core/policy/policy.ts'
import { frame } from './frame.ts'
import type { Command, ExitCode, Terminal } from './main.ts'

const HELP = `andon check [file] [--organization file] [--json]

Reads a policy (default: .github/andon.yml, else andon.yml) and says everything that is wrong with it at once: where,
why, and what is allowed there. Nothing is sent anywhere.

  --organization file   the organization's policy, which the file stands on top of
  --json                problems and warnings as JSON
  --help                this text

Exit codes: 0 the policy can be used (warnings may be printed), 1 it has problems, 2 it could not be read.

  andon check
  andon check .github/andon.yml --organization ../.github/andon.yml
  andon check --json | jq '.problems[].message'
`

export const check: Command = {
  summary: 'say everything that is wrong with a policy',
  async run(args, terminal) {
    const asked = readArguments(args)
    if ('problem' in asked) return refuse(terminal, `${asked.problem}\n\n${HELP}`)
    if (asked.help) {
      terminal.out(HELP)
      return 0
    }
    try {
      const repository = await readSource(
        asked.file === null ? ['.github/andon.yml', 'andon.yml'] : [asked.file],
        terminal,
      )
      const organization = asked.organization === null ? null : await readSource([asked.organization], terminal)
      const checked = combine(organization, repository)
      return checked === null
        ? 2
        : print(checked, [repository, ...(organization ? [organization] : [])], asked.json, terminal)
    } catch (error) {
      if (!(error instanceof Unread)) throw error
      return refuse(terminal, error.message)
    }
  },
}

/** A file that is not there, or cannot be read. */
class Unread extends Error {}

function refuse(terminal: Terminal, sentence: string): ExitCode {
  terminal.err(`andon check: ${sentence}${sentence.endsWith('\n') ? '' : '\n'}`)
  return 2
}

type Asked = { file: string | null; organization: string | null; json: boolean; help: boolean } | { problem: string }

function readArguments(args: string[]): Asked {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { organization: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    if (positionals.length > 1) return { problem: 'one file at a time, please.' }
    return {
      file: positionals[0] ?? null,
      organization: values.organization ?? null,
      json: values.json ?? false,
      help: values.help ?? false,
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'these arguments cannot be read.' }
  }
}

async function readSource(candidates: string[], terminal: Terminal): Promise<PolicySource> {
  for (const path of candidates) {
    try {
      return { repository: '', path, text: await readFile(resolve(terminal.cwd, path), 'utf8') }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      if (code !== 'ENOENT') throw new Unread(`${path} cannot be read (${code}).`)
    }
  }
  throw new Unread(`there is no ${candidates.join(' and no ')} here.`)
}

function print(checked: Checked<Policy>, sources: PolicySource[], json: boolean, terminal: Terminal): ExitCode {
  const problems = checked.ok ? [] : checked.problems
  const warnings = checked.warnings ?? []
  const open = checked.ok ? openColumns(checked.value) : []
  if (json) terminal.out(`${JSON.stringify({ ok: checked.ok, problems, warnings, openColumns: open }, null, 2)}\n`)
  else {
    for (const problem of problems) terminal.out(show(problem, 'error', sources, terminal.color))
    for (const warning of warnings) terminal.out(show(warning, 'warning', sources, terminal.color))
    terminal.out(summary(checked, problems.length, warnings.length, open))
  }
  return checked.ok ? 0 : 1
}

function show(problem: Problem, level: 'error' | 'warning', sources: PolicySource[], color: boolean): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':')
  const text = sources.find((source) => source.path === problem.file)?.text
  const picture = text === undefined || problem.line === undefined ? '' : frame(text, problem.line, problem.column ?? 1)
  const head = `${paint(1, place)} ${level === 'error' ? paint(31, 'error') : paint(33, 'warning')}: ${plain(problem.message)}`
  return `${head}\n${paint(2, picture)}${problem.remedy ? `  ${paint(36, plain(problem.remedy))}\n` : ''}\n`
}

/** What a file holds must not steer the terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

function summary(checked: Checked<Policy>, problems: number, warnings: number, open: string[]): string {
  const some = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`
  if (!checked.ok) return `${some(problems, 'problem')}${warnings > 0 ? `, ${some(warnings, 'warning')}` : ''}.\n`
  const { columns, gates, board } = checked.value
  const boards = `${board.also ? 'boards' : 'board'} ${[board.project, ...(board.also ?? [])].join(', ')}`
  const what = `${boards}, ${some(columns.length, 'column')}, ${some(Object.keys(gates).length, 'gate')}`
  const free = open.length > 0 ? ` Open to every card, without a gate: ${open.map(plain).join(', ')}.` : ''
  return `This policy can be used: ${what}${warnings > 0 ? `, ${some(warnings, 'warning')}` : ''}.${free}\n`
}
