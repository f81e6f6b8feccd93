// `andon release`: shows the tasks that were set aside, and brings them back to be tried again.
import { oneLine } from '../core/decision/explain/escape.ts'
import type { Upkeep } from '../ledger/ledger.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import type { Command, ExitCode, Terminal } from './main.ts'
import { type Environment, withUpkeep } from './store.ts'

const HELP = `andon release [key] [--list] [--json]

A task that fails again and again by its own fault is set aside: it is not tried any more, and its card is not decided.
Once the cause is mended, this brings it back, due at once, with all that it was told meanwhile.

  key       the task to bring back, as --list and the log name it; without it, all of them
  --list    only show what is set aside, since when, and why
  --json    the outcome as JSON
  --help    this text

The store is the one that the app uses: DATABASE_URL, else the folder ANDON_DATA (default ./.andon). The app may run.

Exit codes: 0 done, 1 no task of that key is set aside, 2 the store could not be used.

  andon release --list
  andon release card:PVTI_lADOAB
`

export const release: Command = {
  summary: 'bring back tasks that were set aside',
  run: (args, terminal) => runRelease(args, terminal, process.env),
}

export async function runRelease(args: string[], terminal: Terminal, environment: Environment): Promise<ExitCode> {
  const asked = readArguments(args)
  if ('problem' in asked) return refuseArguments(terminal, 'release', args, [asked.problem])
  if (asked.help) {
    terminal.out(HELP)
    return 0
  }
  return (
    (await withUpkeep('release', terminal, environment, (store) =>
      asked.list ? list(store, terminal, asked.json) : bringBack(store, terminal, asked.key, asked.json),
    )) ?? 2
  )
}

type Asked = { key: string | null; list: boolean; json: boolean; help: boolean } | { problem: string }

function readArguments(args: string[]): Asked {
  try {
    const { values, positionals } = parseArguments({
      args,
      allowPositionals: true,
      options: { list: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    if (positionals.length > 1) return { problem: 'One task at a time, please, or none for all of them.' }
    const key = positionals[0] ?? null
    if (values.list && key !== null) return { problem: '--list shows all of them and takes no key.' }
    return { key, list: values.list ?? false, json: values.json ?? false, help: values.help ?? false }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'These arguments cannot be read.' }
  }
}

async function list(store: Upkeep, terminal: Terminal, json: boolean): Promise<ExitCode> {
  const { aside, asideCount } = await store.backlog(new Date().toISOString())
  if (json) terminal.out(`${JSON.stringify({ count: asideCount, aside }, null, 2)}\n`)
  else if (asideCount === 0) terminal.out('No task is set aside.\n')
  else {
    for (const { key, why, since } of aside)
      terminal.out(`${oneLine(key, 200)}  since ${since}  ${oneLine(why, 300)}\n`)
    if (asideCount > aside.length) terminal.out(`and ${asideCount - aside.length} more\n`)
  }
  return 0
}

async function bringBack(store: Upkeep, terminal: Terminal, key: string | null, json: boolean): Promise<ExitCode> {
  const released = await (key === null ? store.release() : store.release(key))
  if (json) terminal.out(`${JSON.stringify({ released })}\n`)
  else if (released > 0)
    terminal.out(`${released === 1 ? 'One task is' : `${released} tasks are`} released and due now.\n`)
  else if (key === null) terminal.out('No task is set aside.\n')
  else
    terminal.err(
      `andon release: no task ${JSON.stringify(oneLine(key, 200))} is set aside; --list shows those that are.\n`,
    )
  return key !== null && released === 0 ? 1 : 0
}
