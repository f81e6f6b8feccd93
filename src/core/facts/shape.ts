// Holds what people wrote against a schema, and says what does not fit: where, why, and what is allowed there.
import type { z } from 'zod'
import { nearest } from './nearest.ts'
import type { Checked, Problem } from './problem.ts'
import { keysAt } from './schema-walk.ts'
import type { Path } from './yaml.ts'

type Issue = z.core.$ZodIssue
/** Finds the place of a key, or of what stands there. */
export type Locate = (path: Path, what: 'key' | 'value') => { line?: number; column?: number }

/** Our schemas' own messages are kept; the library's are replaced by this mark, and then by ours. */
const UNSAID = '\u0000'

/** Keys and values: no list, no null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value in the schema's form, or everything that is wrong with it. */
export function readShape<T>(schema: z.ZodType<T>, value: unknown, locate: Locate, under: Path = []): Checked<T> {
  const parsed = schema.safeParse(value, { error: () => UNSAID })
  if (parsed.success) return { ok: true, value: parsed.data }
  return {
    ok: false,
    problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, schema, value, locate, under)),
  }
}

function problemsOf(issue: Issue, schema: z.ZodType, value: unknown, locate: Locate, under: Path): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const full = [...under, ...path]
  const at = { path: full.join('.') }
  if (issue.code === 'unrecognized_keys' && issue.message === UNSAID) {
    const allowed = keysAt(schema, path, value)
    return issue.keys.map((key) => ({
      ...unknownName(key, allowed),
      path: [...full, key].join('.'),
      ...locate([...full, key], 'key'),
    }))
  }
  if (issue.code === 'invalid_union' && issue.message === UNSAID && issue.errors.length > 0) {
    const chosen = nearestBranch(issue.errors)
    if (chosen)
      return chosen.flatMap((inner) =>
        problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, schema, value, locate, under),
      )
  }
  const found = valueAt(value, path)
  const ofKey =
    found === undefined || issue.code === 'invalid_key' || (issue.code === 'invalid_type' && issue.expected === 'never')
  return [{ ...sayIssue(issue, name(full), found), ...at, ...locate(full, ofKey ? 'key' : 'value') }]
}

/** "`entr` is not known here. Did you mean `enter`?" or, where nothing is near, what is allowed. */
export function unknownName(word: string, allowed: string[], what = 'is not known here'): Problem {
  const meant = nearest(word, allowed)
  const list = allowed.map((one) => `\`${one}\``).join(', ')
  const remedy =
    meant !== null ? `Did you mean \`${meant}\`?` : allowed.length > 0 ? `Allowed here: ${list}.` : undefined
  return { message: `\`${shorten(word)}\` ${what}.`, ...(remedy === undefined ? {} : { remedy }) }
}

/** Of a union's branches the one that fits the kind of value that was written; null where none does. */
function nearestBranch(branches: Issue[][]): Issue[] | null {
  const fitting = branches.filter(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  )
  return fitting.sort((a, b) => a.length - b.length)[0] ?? null
}

function sayIssue(issue: Issue, name: string, found: unknown): Problem {
  if (issue.message !== UNSAID) return { message: issue.message }
  if (found === undefined) return { message: `${name} is missing.` }
  switch (issue.code) {
    case 'invalid_type':
      return sayType(name, EXPECTED[issue.expected] ?? `of type ${issue.expected}`, issue.expected, found)
    case 'invalid_value': {
      const values = issue.values.map(String)
      const list = values.map((value) => `\`${value}\``).join(' or ')
      const quoted = typeof found === 'string' && values.includes(found)
      if (typeof found === 'string' && !quoted) return unknownName(found, values, `cannot be ${name}`)
      const message = `${name} must be ${list}, and is ${show(found)}.`
      return quoted ? { message, remedy: 'Leave out the quotes.' } : { message }
    }
    case 'too_small':
      return { message: `${name} must ${limit(issue.origin, 'at least', issue.minimum, issue.inclusive)}.` }
    case 'too_big':
      return { message: `${name} must ${limit(issue.origin, 'at most', issue.maximum, issue.inclusive)}.` }
    case 'invalid_union': {
      const types = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_type' ? [inner.expected] : []))
      const words = [...new Set(types.map((type) => EXPECTED[type] ?? type))].join(' or ')
      return sayType(name, words || 'of another form', types[0] ?? '', found)
    }
    case 'invalid_key':
      return {
        message: issue.issues.find((inner) => inner.message !== UNSAID)?.message ?? `${name} is too long, or empty.`,
      }
    default:
      return { message: `${name} is not as it must be.` }
  }
}

function sayType(name: string, expected: string, type: string, found: unknown): Problem {
  if (found === null) return { message: `${name} is empty.`, remedy: `It must be ${expected}.` }
  const message = `${name} must be ${expected}, and is ${show(found)}.`
  const quoted = typeof found === 'string' && found.trim() !== ''
  if (quoted && (type === 'number' || type === 'int') && Number.isFinite(Number(found)))
    return { message, remedy: 'Leave out the quotes.' }
  if (quoted && type === 'boolean' && /^(true|false)$/.test(found)) return { message, remedy: 'Leave out the quotes.' }
  if (type === 'string' && typeof found !== 'object') return { message, remedy: 'Put it in quotes.' }
  if (type === 'array' && typeof found === 'string') return { message, remedy: `Write [${found}].` }
  return { message }
}

const EXPECTED: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  object: 'keys and values',
  record: 'keys and values',
  array: 'a list',
}

function limit(origin: string, words: string, bound: number | bigint, inclusive = true): string {
  const one = Number(bound) === 1
  if (origin === 'string') return `have ${words} ${bound} character${one ? '' : 's'}`
  if (origin === 'array' || origin === 'set') return `have ${words} ${bound} ${one ? 'entry' : 'entries'}`
  return inclusive ? `be ${words} ${bound}` : `be ${words === 'at least' ? 'more' : 'less'} than ${bound}`
}

function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'empty'
  if (typeof value === 'object') return 'keys and values'
  if (typeof value === 'string') return `the text "${shorten(value)}"`
  return `${value}`
}

function shorten(text: string): string {
  const plain = text.replace(/\s+/g, ' ')
  return plain.length > 60 ? `${plain.slice(0, 57)}…` : plain
}

function name(path: Path): string {
  const last = path.at(-1)
  if (last === undefined) return 'This'
  return typeof last === 'number' ? `Entry ${last + 1} of \`${path.at(-2) ?? 'the list'}\`` : `\`${shorten(last)}\``
}

/** A single entry may stand where a list of them is meant: the path then says `0`, and means the entry itself. */
function valueAt(value: unknown, path: Path): unknown {
  let at = value
  for (const step of path) {
    if (step === 0 && isRecord(at)) continue
    at =
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string | number, unknown>)[step]
        : undefined
  }
  return at
}
