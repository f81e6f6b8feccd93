// `andon verify`: follows the chain of the record from its first entry, in the store or in an exported file.
import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import { oneLine } from '../core/decision/explain/escape.ts'
import { entriesOfLines, type Verification, verifyEntries } from '../ledger/verify.ts'
import { parseArguments, refuseArguments } from './arguments.ts'
import type { Command, ExitCode, Terminal } from './main.ts'
import { type Environment, STORE_HELP, withStore } from './store.ts'

const HELP = `andon verify [file] [--head hash] [--json]

Follows the hash chain of the record from its first entry to its last, without a network. Every entry names the hash of
the one before it, so nothing can be changed, taken out or put in unnoticed. Without a file the store is verified; a file
holds one entry a line, as andon search --json and an export write them, all of them from the first, in order.

  --head hash   the chain must end in this hash: only so is it seen that entries were cut off at the end of a file
  --json        the outcome as JSON
  --help        this text

${STORE_HELP}

Exit codes: 0 the chain is intact, 1 it is not, 2 it could not be read.

  andon verify
  andon verify ledger.jsonl --head 3f1c…
`

export const verify: Command = {
  summary: 'prove that the record is whole',
  run: (args, terminal) => runVerify(args, terminal, process.env),
}

export async function runVerify(args: string[], terminal: Terminal, environment: Environment): Promise<ExitCode> {
  const asked = readArguments(args)
  if ('problem' in asked) return refuseArguments(terminal, 'verify', args, [asked.problem])
  if (asked.help) {
    terminal.out(HELP)
    return 0
  }
  const found =
    asked.file === null
      ? await withStore('verify', terminal, environment, async (ledger) => {
          // The head is read first: entries that are appended meanwhile come after it.
          const head = await ledger.head()
          return verifyEntries(upTo(ledger.entries(), head.seq), head)
        })
      : await verifyFile(resolve(terminal.cwd, asked.file), terminal)
  if (found === null) return 2
  const outcome = ends(found, asked.head)
  terminal.out(asked.json ? `${JSON.stringify(outcome, null, 2)}\n` : show(outcome, terminal.color))
  return outcome.ok ? 0 : 1
}

type Asked = { file: string | null; head: string | null; json: boolean; help: boolean } | { problem: string }

function readArguments(args: string[]): Asked {
  try {
    const { values, positionals } = parseArguments({
      args,
      allowPositionals: true,
      options: { head: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    })
    if (positionals.length > 1) return { problem: 'One file at a time, please.' }
    if (values.head !== undefined && !/^[0-9a-f]{64}$/.test(values.head))
      return { problem: '--head is a whole hash: 64 hexadecimal digits.' }
    const file = positionals[0] ?? null
    return { file, head: values.head ?? null, json: values.json ?? false, help: values.help ?? false }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'These arguments cannot be read.' }
  }
}

async function verifyFile(path: string, terminal: Terminal): Promise<Verification | null> {
  try {
    return await verifyEntries(entriesOfLines(linesOf(createReadStream(path, 'utf8'))))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    terminal.err(`andon verify: ${oneLine(path)} cannot be read (${error.code}).\n`)
    return null
  }
}

/** Lines end at a newline alone: Node's readline also ends them at U+2028, which JSON may hold as it is. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let begun: string[] = []
  for await (const chunk of chunks) {
    const [first = '', ...others] = chunk.split('\n')
    begun.push(first)
    for (const other of others) {
      yield begun.join('')
      begun = [other]
    }
  }
  yield begun.join('')
}

/** The first entries of the store. One whose text is no JSON any more comes out as null, as in a file. */
async function* upTo(entries: AsyncIterable<unknown>, count: number): AsyncGenerator<unknown> {
  let left = count
  if (left === 0) return
  try {
    for await (const entry of entries) {
      yield entry
      left -= 1
      if (left === 0) return
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    yield null
  }
}

/** The same, where the chain must also end in a hash that is known from elsewhere. */
function ends(found: Verification, head: string | null): Verification {
  if (!found.ok || head === null || found.head.hash === head) return found
  const sentence = `The record ends at entry ${found.head.seq} with the hash ${found.head.hash}, not with ${head}.`
  return { ok: false, entries: found.entries, flaw: 'head', seq: found.head.seq, sentence }
}

function show(found: Verification, color: boolean): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const count = (entries: number) => `${entries.toLocaleString('en')} ${entries === 1 ? 'entry' : 'entries'}`
  if (!found.ok) {
    return `${paint(31, 'Chain broken:')} ${oneLine(found.sentence, 1_000)}\nBefore it, ${count(found.entries)} ${found.entries === 1 ? 'is' : 'are'} intact.\n`
  }
  if (found.entries === 0) return `${paint(32, 'Chain intact:')} the record is empty.\n`
  return `${paint(32, 'Chain intact:')} ${count(found.entries)}, head ${found.head.hash}\n`
}
