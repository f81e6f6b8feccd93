// Reads JSON from strangers: how deep it may be, no key twice, no `__proto__`, and the place of what is wrong.

export type ReadJson = { ok: true; value: unknown } | { ok: false; message: string }

const TOKEN = /[{}[\]:,"]|[^ \t\r\n{}[\]:,"]{1,64}/g

/** An open object or list: the keys it has so far (null for a list), and whether a key is next. */
type Open = { keys: Set<string> | null; expectsKey: boolean }

/**
 * The value, or one sentence with line and column. `NaN` and `Infinity`, which some tools write, are named as such; of
 * a doubled key no reader can know which one was meant.
 */
export function readJson(text: string, depth: number): ReadJson {
  const wrong = scan(text, depth)
  if (wrong) return { ok: false, message: `${placeOf(text, wrong.offset)}: ${wrong.message}` }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    const said = error instanceof Error ? error.message : ''
    const offset = Number(/position (\d+)/.exec(said)?.[1] ?? text.length)
    return { ok: false, message: `${placeOf(text, offset)}: this is not JSON.` }
  }
}

/** One pass over the tokens, before anything is built of them. What is no JSON at all is left to the parser. */
function scan(text: string, depth: number): { offset: number; message: string } | null {
  const open: Open[] = []
  const token = new RegExp(TOKEN)
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const offset = found.index
    // Strings are run through by hand: a pattern for one of megabytes overflows the stack.
    if (found[0] === '"') token.lastIndex = endOfString(text, offset)
    const word = found[0] === '"' ? text.slice(offset, token.lastIndex) : found[0]
    const top = open.at(-1)
    if (word === '{' || word === '[') {
      if (open.length >= depth) return { offset, message: `it is nested more than ${depth} levels deep.` }
      open.push({ keys: word === '{' ? new Set() : null, expectsKey: word === '{' })
    } else if (word === '}' || word === ']') open.pop()
    else if (word === ',' && top) top.expectsKey = top.keys !== null
    else if (word === ':' && top) top.expectsKey = false
    else if (word.startsWith('"') && top?.expectsKey) {
      const key = keyOf(word)
      if (key === '__proto__') return { offset, message: '`__proto__` cannot be a key.' }
      if (key !== null && top.keys?.has(key))
        return { offset, message: `the key ${word.slice(0, 60)} stands here twice.` }
      if (key !== null) top.keys?.add(key)
    } else if (/^[-+]?(?:NaN|Infinity|inf|nan)$/.test(word))
      return { offset, message: `${word} is not a number in JSON.` }
  }
  return null
}

/** The offset behind the closing quote, or the text's end. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '"') return at + 1
  }
  return text.length
}

function keyOf(word: string): string | null {
  if (!word.includes('\\')) return word.slice(1, -1)
  try {
    return JSON.parse(word)
  } catch {
    return null
  }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset)
  const lines = before.split('\n')
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}
