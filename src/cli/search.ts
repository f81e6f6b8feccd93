// `andon search`: finds entries of the record by words and by what they are about, newest first.
import { oneLine } from '../core/decision/explain/escape.ts'
import { eventWords } from '../core/decision/explain/event-words.ts'
import { unmarkedWords } from '../core/decision/explain/pieces.ts'
import { EVENT_KINDS } from '../core/facts/event-kinds.ts'
import { nearest } from '../core/facts/nearest.ts'
import { REASONS } from '../core/facts/reason.ts'
import { VERDICTS } from '../core/facts/verdict.ts'
import { readTime } from '../ledger/day.ts'
import type { Reader } from '../ledger/ledger.ts'
import type { Entry, Search } from '../ledger/port.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import { harmlessJson } from './harmless-json.ts'
import type { Command, ExitCode, Terminal } from './main.ts'
import { type Environment, STORE_HELP, withStore } from './store.ts'

const MOST = 1_000

const HELP = `andon search [words] [options]

Finds entries of the record, newest first. Words are looked for in card titles, repositories, logins, gates, metrics and
manifests, each from its beginning: refund finds refunds. All that is given must be true of one entry.

  --actor login     who did it
  --gate name       the gate it is about
  --verdict word    ${VERDICTS.join(', ')}
  --reason code     why, as in criteria-missed or column-full
  --kind kind       what happened, as in move-refused, gate-judged or evidence-received
  --stream name     one card's entries, as in card:PVTI_…
  --from, --to      a day (2026-11-23, counted whole, UTC) or a moment (2026-11-23T10:00Z)
  --before seq      only entries before this one: the next page
  --limit number    how many at most (default 50, at most ${MOST})
  --json            whole entries, one JSON object a line
  --help            this text

${STORE_HELP}

Exit codes: 0 something was found, 1 nothing was found, 2 it could not be searched.

  andon search refunds
  andon search --gate offline-eval --verdict fail --from 2026-11-01
  andon search --kind move-opened --actor ada --json | jq .event.to
`

export const search: Command = {
  summary: 'find entries of the record',
  run: (args, terminal) => runSearch(args, terminal, process.env),
}

export async function runSearch(args: string[], terminal: Terminal, environment: Environment): Promise<ExitCode> {
  const asked = readArguments(args)
  if ('problems' in asked) return refuseArguments(terminal, 'search', args, asked.problems)
  if (asked.help) {
    terminal.out(HELP)
    return 0
  }
  const answer = await withStore('search', terminal, environment, async (ledger) => {
    const found = await ledger.search(asked.search)
    return { found, cards: asked.json ? new Map() : await cardNames(ledger, found) }
  })
  if (answer === null) return 2
  const { found, cards } = answer
  if (asked.json) for (const entry of found) terminal.out(`${harmlessJson(entry)}\n`)
  else terminal.out(found.length === 0 ? 'Nothing was found.\n' : show(found, cards, asked.search, terminal.color))
  return found.length > 0 ? 0 : 1
}

type Asked = { search: Search; json: boolean; help: boolean } | { problems: string[] }

const OPTIONS = {
  actor: { type: 'string' },
  gate: { type: 'string' },
  verdict: { type: 'string' },
  reason: { type: 'string' },
  kind: { type: 'string' },
  stream: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  before: { type: 'string' },
  limit: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

function readArguments(args: string[]): Asked {
  let parsed: ReturnType<typeof parseArguments<{ args: string[]; allowPositionals: true; options: typeof OPTIONS }>>
  try {
    parsed = parseArguments({ args, allowPositionals: true, options: OPTIONS })
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : 'These arguments cannot be read.'] }
  }
  const { values, positionals } = parsed
  const problems: string[] = []
  const search: Search = {}
  if (positionals.length > 0) search.words = positionals.join(' ')
  if (values.actor !== undefined) search.actor = values.actor.replace(/^@/, '')
  if (values.gate !== undefined) search.gate = values.gate
  if (values.stream !== undefined) search.stream = values.stream
  for (const [name, known] of KNOWN) {
    const value = values[name]
    if (value === undefined) continue
    if (known.includes(value)) Object.assign(search, { [name]: value })
    else problems.push(unknown(name, value, known))
  }
  for (const name of ['from', 'to'] as const) {
    const value = values[name]
    if (value === undefined) continue
    const time = readTime(value, name)
    if (time === null)
      problems.push(
        `--${name} ${JSON.stringify(value)} is no day as in 2026-11-23 and no moment as in 2026-11-23T10:00Z.`,
      )
    else search[name] = time
  }
  for (const name of ['limit', 'before'] as const) {
    const value = values[name]
    if (value === undefined) continue
    const count = /^[1-9]\d{0,14}$/.test(value) ? Number(value) : 0
    if (count === 0 || (name === 'limit' && count > MOST))
      problems.push(
        `--${name} ${JSON.stringify(value)} is no whole number from 1${name === 'limit' ? ` to ${MOST}` : ''}.`,
      )
    else search[name] = count
  }
  return problems.length > 0 ? { problems } : { search, json: values.json ?? false, help: values.help ?? false }
}

const KNOWN: ['verdict' | 'reason' | 'kind', readonly string[]][] = [
  ['verdict', VERDICTS],
  ['reason', Object.keys(REASONS)],
  ['kind', EVENT_KINDS],
]

function unknown(name: string, value: string, known: readonly string[]): string {
  const meant = nearest(value, [...known])
  return `there is no ${name} ${JSON.stringify(value)}. ${meant === null ? `There are: ${known.join(', ')}.` : `Did you mean ${meant}?`}`
}

/** What people call a card: `acme/bot#7`, else its title, by stream. */
async function cardNames(ledger: Reader, entries: Entry[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const stream of new Set(entries.map((entry) => entry.stream))) {
    const [card] = await ledger.cards({ stream })
    const place = card?.repository ? `${card.repository}#${card.number ?? ''}` : card?.title
    names.set(stream, oneLine(place || stream, 40))
  }
  return names
}

function show(entries: Entry[], cards: Map<string, string>, { limit = 50 }: Search, color: boolean): string {
  const dim = (text: string) => (color ? `\u001b[2m${text}\u001b[22m` : text)
  const rows = entries.map(({ seq, stream, event }) => ({
    seq: String(seq),
    time: `${event.at.slice(0, 10)} ${event.at.slice(11, 16)}`,
    card: cards.get(stream) ?? '',
    kind: oneLine(event.kind),
    says: oneLine(unmarkedWords(eventWords(event)), 2_000),
  }))
  const widest = (column: 'seq' | 'card' | 'kind') => Math.max(...rows.map((row) => row[column].length))
  const [seqs, names, kinds] = [widest('seq'), widest('card'), widest('kind')]
  const lines = rows.map(({ seq, time, card, kind, says }) =>
    [seq.padStart(seqs), dim(time), card.padEnd(names), dim(kind.padEnd(kinds)), says].join('  '),
  )
  const last = entries.at(-1)?.seq
  const more = entries.length === limit && last !== undefined && last > 1
  return `${lines.join('\n')}\n${more ? `${dim(`There may be more: add --before ${last}.`)}\n` : ''}`
}
