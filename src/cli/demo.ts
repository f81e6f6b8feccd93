// `andon demo`: a board in the browser to play with, or the story told on the terminal; nothing leaves this machine.
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArguments, refuseArguments } from './arguments.ts'
import { type Closing, closeStory } from './demo/close.ts'
import { narrate, type Paint, painter, seconds } from './demo/narrate.ts'
import { playStory } from './demo/play.ts'
import { type Stage, setStage } from './demo/stage.ts'
import type { Command, ExitCode, Terminal } from './main.ts'

const HELP = `andon demo [--story] [--json]

Starts a GitHub on this machine, the app, and an example: the organization acme, whose small team ships changes to a
router of support messages. The evaluation is real: a small language model on 60 messages, in the example's own workflow.
Nothing leaves this machine. The board opens in the browser; Ctrl-C ends the demo.

  --story   plays the story on the terminal and ends by itself; needs no browser
  --json    with --story: each scene as a line of JSON, then the record
  --help    this text

The record goes with the demo, unless ANDON_DATA names a folder to keep it in: then andon search and andon verify
can read it there.

Exit codes: 0 all went as told (or Ctrl-C), 1 a scene of the story did not, 2 the demo could not be started or was stopped.

  npm run demo
  npm run demo -- --story
  ANDON_DATA=./demo npm run demo -- --story && ANDON_DATA=./demo npx andon verify
`

const LONGEST_END_MS = 10_000

export const demo: Command = {
  summary: 'see it work: a board in the browser, or --story on the terminal',
  async run(args, terminal) {
    const asked = readArguments(args)
    if ('problem' in asked) return refuseArguments(terminal, 'demo', args, [asked.problem])
    if (asked.help) {
      terminal.out(HELP)
      return 0
    }
    const stop = new AbortController()
    // The terminal and npm both pass Ctrl-C on: only the first one counts, and an end that hangs is cut short.
    const end = () => {
      if (!stop.signal.aborted) setTimeout(() => process.exit(2), LONGEST_END_MS).unref()
      stop.abort()
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)
    const folder = process.env.ANDON_DATA ? resolve(terminal.cwd, process.env.ANDON_DATA) : null
    let stage: Stage | null = null
    try {
      stage = await setStage({ folder, complain: (message) => terminal.err(`andon demo: ${message}\n`) })
      return await (asked.story
        ? tellStory(stage, asked.json, terminal, stop.signal)
        : host(stage, terminal, stop.signal))
    } catch (error) {
      if (!stop.signal.aborted) terminal.err(`andon demo: ${error instanceof Error ? error.message : String(error)}\n`)
      return 2
    } finally {
      await stage?.stop()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end)
    }
  },
}

type Asked = { story: boolean; json: boolean; help: boolean } | { problem: string }

function readArguments(args: string[]): Asked {
  try {
    const { values } = parseArguments({
      args,
      options: { story: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.json && !values.story) return { problem: '--json belongs to --story.' }
    return { story: values.story ?? false, json: values.json ?? false, help: values.help ?? false }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'These arguments cannot be read.' }
  }
}

/** Until it is stopped. */
async function host(stage: Stage, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const paint = painter(terminal.color)
  terminal.out(`${addresses(stage, paint)}
Things to try:
  - Drag #1 from Ready for Evaluation to Staging. Its evaluation runs, and the card comes back with the numbers.
  - Drag #2 to Ready for Evaluation, to Staging, to Production. Then act as bo, who wrote it, and as cy, and approve.
  - Drag #7 out of the backlog: nothing says yet what it would change.
  - Fill Staging with #3, #4 and #5, and drag a fourth card there.

Ctrl-C ends the demo.
`)
  if (process.stdout.isTTY) openBrowser(stage.boardUrl)
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  terminal.out('\nThe demo has ended.\n')
  return 0
}

async function tellStory(stage: Stage, json: boolean, terminal: Terminal, signal: AbortSignal): Promise<ExitCode> {
  const paint = painter(terminal.color)
  const began = performance.now()
  if (!json) terminal.out(`${addresses(stage, paint)}\n`)
  let problem: string | null = null
  for await (const played of playStory(stage, signal)) {
    problem = played.problem
    terminal.out(json ? `${JSON.stringify(played)}\n` : narrate(played, paint))
  }
  const closing = await closeStory(stage)
  const took = Math.round(performance.now() - began)
  const { boardUrl, recordUrl } = stage
  const good = problem === null && closing.intact
  if (json) terminal.out(`${JSON.stringify({ closing, took, good, boardUrl, recordUrl })}\n`)
  else terminal.out(lastWords(closing, took, good, paint))
  return good ? 0 : 1
}

function addresses({ boardUrl, recordUrl }: Stage, paint: Paint): string {
  return `A GitHub on this machine, the app, and the example organization acme:

  board   ${paint(boardUrl, 1)}
  record  ${paint(recordUrl, 1)}
`
}

function lastWords(
  { entries, head, intact, flaw, refusals }: Closing,
  took: number,
  good: boolean,
  paint: Paint,
): string {
  const chain = intact ? `the chain is intact, head ${head.slice(0, 16)}…` : `the chain is broken: ${flaw}`
  return `The record holds ${entries} entries; ${chain}
Its refusals, newest first:
${refusals.map((refusal) => `  ${refusal}`).join('\n')}

${good ? paint('All went as told', 32) : paint('Not all went as told', 31)}, in ${seconds(took)}. To move the cards yourself: npm run demo
`
}

/** Only where somebody sits at a screen; that there is no browser is no fault. */
function openBrowser(url: string): void {
  const onLinux = process.platform === 'linux' && (process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
  const program = process.platform === 'darwin' ? 'open' : onLinux ? 'xdg-open' : null
  if (program === null) return
  const child = spawn(program, [url], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
