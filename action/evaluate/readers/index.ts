// Tells by its content which tool wrote a result file, and has it read.
import type { Checked, Problem } from '../../../src/core/facts/problem.ts'
import { readJunit } from './junit.ts'
import { isPromptfoo, readPromptfoo } from './promptfoo.ts'
import { type Reading, type ResultRecord, sha256 } from './record.ts'

const MAX_DEPTH = 100
const FORMATS = 'Formats read here: promptfoo JSON (`promptfoo eval -o results.json`) and JUnit XML.'

/** Reads the bytes of one file. `name` is only for the record and for sentences; it decides nothing. */
export function readResults(name: string, bytes: Uint8Array): Checked<ResultRecord> {
  const reading = readBytes(bytes)
  if (!reading.ok) return reading
  const file = { name, digest: `sha256:${sha256(bytes)}`, bytes: bytes.byteLength }
  if (reading.value.cases.length === 0)
    return refuse({ message: 'there is not one case in it.', remedy: 'Did the evaluation run?' })
  return { ok: true, value: { ...reading.value, file } }
}

function readBytes(bytes: Uint8Array): Checked<Reading> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuse({ message: 'it is not text in UTF-8.', remedy: FORMATS })
  }
  const first = /\S/.exec(text)?.[0]
  if (first === undefined) return refuse({ message: 'it is empty.', remedy: 'Did the evaluation run to its end?' })
  if (first === '<') return readJunit(text.trimStart())
  if (first !== '{' && first !== '[') return refuse({ message: 'it is neither JSON nor XML.', remedy: FORMATS })
  return readJson(text)
}

function readJson(text: string): Checked<Reading> {
  const deep = placeDeeperThan(text, MAX_DEPTH)
  if (deep !== null) {
    return refuse({
      message: `it nests deeper than ${MAX_DEPTH} levels.`,
      remedy: FORMATS,
      ...lineAndColumn(text, deep),
    })
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    // The engine's message quotes the file, so only the place is taken from it; for a bare word it names none.
    const position = /at position (\d+)/.exec(String(error))?.[1]
    const place = lineAndColumn(
      text,
      position === undefined ? (placeOfBareWord(text) ?? text.length) : Number(position),
    )
    const remedy = 'Was the run cut short while it wrote the file?'
    return refuse({ message: 'it is not valid JSON from here on.', remedy, ...place })
  }
  if (isPromptfoo(json)) return readPromptfoo(json)
  return refuse({ message: 'no tool known here writes JSON of this shape.', remedy: FORMATS })
}

function refuse(problem: Problem): { ok: false; problems: Problem[] } {
  return { ok: false, problems: [problem] }
}

/** Where brackets first nest deeper than `depth`; null where they never do. */
function placeDeeperThan(text: string, depth: number): number | null {
  let level = 0
  return findOutsideStrings(text, (code) => {
    if (code === 0x7b || code === 0x5b) level += 1
    else if (code === 0x7d || code === 0x5d) level -= 1
    return level > depth
  })
}

/** Where the first word stands that JSON does not know, such as NaN; null where there is none. */
function placeOfBareWord(text: string): number | null {
  const word = /[a-z_$][\w$]*/iy
  let end = 0
  return findOutsideStrings(text, (_code, at) => {
    word.lastIndex = at
    const found = at < end ? undefined : word.exec(text)?.[0]
    if (found === undefined) return false
    end = at + found.length
    return !/^(true|false|null)$/.test(found) && !/\d/.test(text[at - 1] ?? '')
  })
}

function findOutsideStrings(text: string, isIt: (code: number, at: number) => boolean): number | null {
  let inString = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 0x5c) at += 1
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (isIt(code, at)) return at
  }
  return null
}

function lineAndColumn(text: string, position: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) {
    line += 1
    start = at + 1
  }
  return { line, column: position - start + 1 }
}
