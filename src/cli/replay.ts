// `andon replay`: decides the record again, by the recorded policies to prove it, or by another one to see its effect.
import { oneLine } from '../core/decision/explain/escape.ts'
import type { Reader } from '../ledger/ledger.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import { harmlessJson } from './harmless-json.ts'
import type { Command, ExitCode, Terminal } from './main.ts'
import { proveRecord, showProof } from './replay/prove.ts'
import { readPolicy, rehearse, showRehearsal } from './replay/rehearse.ts'
import { type Environment, STORE_HELP, withStore } from './store.ts'

const MOST = 10_000
const USUAL = 200

const HELP = `andon replay [--policy file] [options]

Decides the record again. The decision is pure: the same recorded facts under the same policy give the same answer, on
any machine, in any year. So without --policy every recorded decision is taken anew, under the policy that was in force
then, and a difference means that the record was changed, or decided by other rules than these.

With --policy the latest moves are decided as that policy would have done it: which would now be refused, which granted,
which would wait, and why. Evidence that was measured then is held against the new criteria. What the policy would have
asked and nobody recorded is never guessed: such a move cannot be told. Gates with enforce: false are told with their
yield: how often they were judged, and how many moves they would have refused.

  --policy file         the policy to try, as in .github/andon.yml
  --organization file   the organization's policy, which the file stands on top of
  --owner login         only boards of that organization; needed where several have a board of that number
  --repository name     only cards of that repository, as in acme/bot
  --moves number        how many moves, the latest (default ${USUAL}, at most ${MOST})
  --json                everything as JSON
  --help                this text

${STORE_HELP}

Exit codes: 0 no difference, 1 differences, 2 something could not be told.

  andon replay
  andon replay --policy .github/andon.yml
  andon replay --policy .github/andon.yml --moves 1000 --json | jq '.refused[].card.title'
`

export const replay: Command = {
  summary: 'decide the record again, to prove it or to try another policy',
  run: (args, terminal) => runReplay(args, terminal, process.env),
}

export async function runReplay(args: string[], terminal: Terminal, environment: Environment): Promise<ExitCode> {
  const asked = readArguments(args)
  if ('problem' in asked) return refuseArguments(terminal, 'replay', args, [asked.problem])
  if (asked.help) {
    terminal.out(HELP)
    return 0
  }
  const file = asked.policy
  const work =
    file === null
      ? (ledger: Reader) => prove(ledger, asked, terminal)
      : (ledger: Reader) => tryPolicy(ledger, file, asked, terminal)
  return (await withStore('replay', terminal, environment, work)) ?? 2
}

type Asked = {
  policy: string | null
  organization: string | null
  owner: string | null
  repository: string | null
  moves: number
  json: boolean
  help: boolean
}

function readArguments(args: string[]): Asked | { problem: string } {
  const text = { type: 'string' } as const
  try {
    const { values } = parseArguments({
      args,
      options: {
        ...{ policy: text, organization: text, owner: text, repository: text, moves: text },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const { policy = null, organization = null, owner = null, repository = null, json = false, help = false } = values
    const moves = values.moves === undefined ? USUAL : /^[1-9]\d{0,4}$/.test(values.moves) ? Number(values.moves) : 0
    if (moves === 0 || moves > MOST) return { problem: `--moves is a whole number from 1 to ${MOST}.` }
    const alone = (['organization', 'owner', 'repository', 'moves'] as const).find((name) => values[name] !== undefined)
    if (policy === null && alone !== undefined && !help)
      return { problem: `--${alone} goes with --policy: without one, the whole record is decided again.` }
    return { policy, organization, owner, repository, moves, json, help }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'These arguments cannot be read.' }
  }
}

async function prove(ledger: Reader, asked: Asked, terminal: Terminal): Promise<ExitCode> {
  const proof = await proveRecord(ledger)
  terminal.out(asked.json ? `${harmlessJson(proof, 2)}\n` : showProof(proof, terminal.color))
  return proof.differences.length > 0 ? 1 : proof.untold.length > 0 ? 2 : 0
}

async function tryPolicy(ledger: Reader, file: string, asked: Asked, terminal: Terminal): Promise<ExitCode> {
  const read = await readPolicy(terminal.cwd, file, asked.organization)
  const found = 'problems' in read ? read : await rehearse(ledger, read.policy, asked)
  if ('problems' in found) {
    for (const problem of found.problems) terminal.err(`andon replay: ${oneLine(problem, 500)}\n`)
    return 2
  }
  terminal.out(asked.json ? `${harmlessJson(found, 2)}\n` : showRehearsal(found, terminal.color))
  const { refused, granted, waiting, untold } = found
  return refused.length + granted.length + waiting.length > 0 ? 1 : untold.length > 0 ? 2 : 0
}
