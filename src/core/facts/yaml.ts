// Reads YAML that people wrote: plain data only, all that is wrong at once, and the place of every key.
import { Composer, type Document, Lexer, LineCounter, type ParsedNode, Parser } from 'yaml'
import type { Checked, Problem } from './problem.ts'
import { offsetOf, YamlReader } from './yaml-node.ts'

export type Path = readonly (string | number)[]
export type Place = { line: number; column: number }

/** `place` finds a key (or, with `value`, what stands there); where it is missing, what would hold it. */
export type Yaml = { value: unknown; place(path: Path, what?: 'key' | 'value'): Place }

/**
 * `bytes`: the longest text taken; `line`: the number of its first line within the source; `asTyped`: names of keys
 * whose scalars stay the text that was typed, so that `version: 1.10` is not read as 1.1.
 */
export type YamlLimits = { bytes: number; depth: number; line?: number; asTyped?: ReadonlySet<string> }

/** Reads one document. Aliases, anchors, tags, doubled keys, `__proto__` and numbers that lose digits are refused. */
export function readYaml(source: string, limits: YamlLimits): Checked<Yaml> {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source
  const first = limits.line ?? 1
  if (text.length > limits.bytes || new TextEncoder().encode(text).length > limits.bytes) {
    return refuse(
      { message: `This is longer than ${limits.bytes / 1024} kB.`, remedy: 'Make it shorter.' },
      { line: first, column: 1 },
    )
  }
  const lines = new LineCounter()
  lines.addNewLine(0)
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: line + first - 1, column: col }
  }
  const composed = compose(text, lines, limits.depth)
  if ('tooDeep' in composed) {
    return refuse(
      { message: `This is nested more than ${limits.depth} levels deep.`, remedy: 'Make it flatter.' },
      at(composed.tooDeep),
    )
  }
  const { document, second } = composed
  const reader = new YamlReader(at, limits.asTyped ?? new Set())
  for (const error of document.errors) reader.add(sayError(error.code, error.message), error.pos[0])
  if (document.directives.yaml.explicit)
    reader.add({ message: '`%YAML` cannot choose another version of YAML here.', remedy: 'Drop that line.' }, 0)
  if (second !== null)
    reader.add(
      { message: 'This holds more than one YAML document.', remedy: 'Keep one, and drop the `---` between them.' },
      second,
    )
  const value = reader.read(document.contents, '')
  if (reader.problems.length > 0) return { ok: false, problems: reader.problems }
  return { ok: true, value: { value, place: (path, what = 'key') => at(offsetOf(document.contents, path, what)) } }
}

function refuse(problem: Problem, place: Place): Checked<never> {
  return { ok: false, problems: [{ ...problem, ...place }] }
}

type Composed = { document: Document.Parsed<ParsedNode>; second: number | null } | { tooDeep: number }

/** Stops at the first token that lies too deep: fed with brackets alone, the parser would take seconds. */
function compose(text: string, lines: LineCounter, depth: number): Composed {
  const parser = new Parser(lines.addNewLine)
  const tokens = []
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    // The stack holds the document, the collections around the token, and the token.
    if (parser.stack.length > depth + 2) return { tooDeep: parser.offset }
  }
  for (const token of parser.end()) tokens.push(token)
  // Doubled keys are found by the reader: the composer compares each key with every other.
  const composer = new Composer<ParsedNode>({ uniqueKeys: false, logLevel: 'silent' })
  const documents = [...composer.compose(tokens, true, text.length)]
  const document = documents[0]
  if (document === undefined) throw new Error('The YAML composer gave no document.')
  return { document, second: documents[1]?.range[0] ?? null }
}

/** The library's message without its picture of the place, which we show ourselves. */
function sayError(code: string, message: string): Problem {
  if (code === 'TAB_AS_INDENT') return { message: 'A tab indents this line.', remedy: 'YAML wants spaces.' }
  const said = message.split(/ at line \d+|\n/)[0] ?? message
  return { message: `This is not YAML: ${said.replace(/[.:]$/, '')}.` }
}
