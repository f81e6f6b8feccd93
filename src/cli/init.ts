// `andon init`: writes a preset into a repository, overwrites nothing unasked, and says what is left to switch on.
import { oneLine } from '../core/decision/explain/escape.ts'
import { nearest } from '../core/facts/nearest.ts'
import { sentence } from '../core/facts/problem.ts'
import { parsePolicy } from '../core/policy/parse.ts'
import type { Policy } from '../core/policy/policy.ts'
import { POLICY_PATH, type PresetFile, presetNames, readPreset, readPresets } from '../presets.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import { fitPolicy } from './init/fit-policy.ts'
import { leftToDo } from './init/left-to-do.ts'
import { type Placed, place, Unwritable } from './init/place.ts'
import type { Command, ExitCode, Terminal } from './main.ts'

const HELP = `andon init [folder] [--preset ${presetNames().join('|')}] [--project number] [--team slug] [--dry-run] [--force] [--json]

Writes a policy, its workflows, an issue form and a file of labels into a repository (default: this folder), and says
what an administrator must still switch on. No file is overwritten unless --force is given; nothing is sent anywhere.

  --preset name      which one to begin with (default: starter)
  --project number   the number in the address of your organization's project
  --team slug        the team that approves; teams of other reviews keep the preset's names
  --dry-run          only says what would be written
  --force            also writes over files that are there already
  --json             what was done as JSON
  --help             this text

Exit codes: 0 all is written or there already, 1 files of yours were kept, 2 it could not be written.

  andon init --project 12 --team reviewers
  andon init ../bot --preset llm-delivery --project 12 --team ai-safety --dry-run
`

export const init: Command = {
  summary: 'write a policy, workflows, form and labels into a repository',
  async run(args, terminal) {
    const asked = readArguments(args)
    if ('problem' in asked) return refuseArguments(terminal, 'init', args, [asked.problem])
    if (asked.help) {
      terminal.out(HELP)
      return 0
    }
    const { files, policy } = fit(readPreset(asked.preset), asked)
    try {
      const placed = await place(terminal.cwd, asked.folder, files, { force: asked.force, dryRun: asked.dryRun })
      terminal.out(asked.json ? json(asked, placed) : say(asked, placed, leftToDo(policy, files, asked)))
      return placed.some(({ outcome }) => outcome === 'kept') ? 1 : 0
    } catch (error) {
      if (error instanceof Unwritable) return refuse(terminal, error.message)
      throw error
    }
  },
}

function refuse(terminal: Terminal, sentence: string): ExitCode {
  terminal.err(`andon init: ${oneLine(sentence, 500)}\n`)
  return 2
}

type Asked = {
  folder: string
  preset: string
  project: number | null
  team: string | null
  dryRun: boolean
  force: boolean
  json: boolean
  help: boolean
}

function readArguments(args: string[]): Asked | { problem: string } {
  try {
    const options = {
      preset: { type: 'string' },
      project: { type: 'string' },
      team: { type: 'string' },
      'dry-run': { type: 'boolean' },
      force: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const
    const { values, positionals } = parseArguments({ args, allowPositionals: true, options })
    const { preset = 'starter', project, team = null, force = false, json = false, help = false } = values
    const names = presetNames()
    if (positionals.length > 1) return { problem: 'One folder at a time, please.' }
    if (!names.includes(preset)) {
      const meant = nearest(preset, names)
      const hint = meant === null ? `There are: ${names.join(', ')}.` : `Did you mean ${meant}?`
      return { problem: `There is no preset ${JSON.stringify(preset)}. ${hint}` }
    }
    if (project !== undefined && !/^[1-9]\d{0,8}$/.test(project))
      return { problem: '--project is the number in the project’s address, as in 12.' }
    if (team !== null && !/^[a-z0-9][a-z0-9_-]{0,99}$/.test(team))
      return { problem: '--team is the slug in the team’s address, as in ai-safety.' }
    const number = project === undefined ? null : Number(project)
    const dryRun = values['dry-run'] ?? false
    return { folder: positionals[0] ?? '.', preset, project: number, team, dryRun, force, json, help }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'These arguments cannot be read.' }
  }
}

/** The policy for this board and team; every other file as it is. */
function fit(files: PresetFile[], asked: Asked): { files: PresetFile[]; policy: Policy } {
  const text = fitPolicy(files.find(({ path }) => path === POLICY_PATH)?.text ?? '', asked)
  const parsed = parsePolicy(text, POLICY_PATH, { presets: readPresets(), organization: [] })
  if (!parsed.ok) throw new Error(`The preset ${asked.preset} no longer fits: ${parsed.problems.map(sentence)}`)
  return { files: files.map((file) => (file.path === POLICY_PATH ? { ...file, text } : file)), policy: parsed.value }
}

function json({ preset, dryRun }: Asked, placed: Placed[]): string {
  return `${JSON.stringify({ preset, dryRun, files: placed }, null, 2)}\n`
}

const WORDS = {
  written: 'written',
  overwritten: 'written over',
  same: 'there already',
  kept: 'kept: yours is another one',
} satisfies Record<Placed['outcome'], string>

function say(asked: Asked, placed: Placed[], steps: string[]): string {
  const width = Math.max(...placed.map(({ path }) => path.length))
  const list = placed.map(({ path, outcome }) => `  ${path.padEnd(width)}  ${WORDS[outcome]}`)
  const kept = placed.filter(({ outcome }) => outcome === 'kept').length
  const head = asked.dryRun ? 'Nothing was written. This would be:' : `The preset ${asked.preset}:`
  const hint = kept > 0 ? ['', `--force writes over ${kept === 1 ? 'it' : `these ${kept} files`}.`] : []
  return `${[head, '', ...list, ...hint, '', ...steps].join('\n')}\n`
}
