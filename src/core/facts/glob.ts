// Patterns of paths: `*` within a part, `**` for any number of parts, `?` for one character.

/** Whether this can be a pattern: from the top of the repository, and with no wildcard that we do not know. */
export function isGlob(text: string): boolean {
  if (/[[\]{}\\\p{Cc}]/u.test(text) || text.startsWith('!')) return false
  return text.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** Takes time in proportion to the lengths of both: whatever stands in them, nothing is tried twice over. */
export function matchesGlob(glob: string, path: string): boolean {
  return fits(
    glob.split('/'),
    path.split('/'),
    (part) => part === '**',
    (part, name) =>
      fits(
        [...part],
        [...name],
        (mark) => mark === '*',
        (mark, letter) => mark === '?' || mark === letter,
      ),
  )
}

/** On a mismatch only the last wildcard takes one more: what was matched before it need not be looked at again. */
function fits(
  pattern: string[],
  text: string[],
  isWild: (part: string) => boolean,
  isOne: (part: string, of: string) => boolean,
): boolean {
  let [at, done] = [0, 0]
  let wild: { at: number; taken: number } | null = null
  while (done < text.length) {
    const part = pattern[at]
    if (part !== undefined && isWild(part)) {
      at += 1
      wild = { at, taken: done }
    } else if (part !== undefined && isOne(part, text[done] ?? '')) {
      at += 1
      done += 1
    } else if (wild) {
      wild.taken += 1
      at = wild.at
      done = wild.taken
    } else return false
  }
  return pattern.slice(at).every(isWild)
}
