// Cuts text into the words that the full-text search knows, the same way for what is stored and what is asked.

const LONGEST_WORD = 64
const MOST_WORDS = 2_000

/**
 * The distinct words of some texts: letters and digits only, lower case, without accents. Both databases get nothing
 * else, so that they find the same, and so that no text can be read as search syntax.
 */
export function wordsOf(texts: Iterable<string | null | undefined>, most = MOST_WORDS): string[] {
  const words = new Set<string>()
  for (const text of texts) {
    if (!text) continue
    const plain = text
      .toWellFormed()
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
    for (const [word] of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
      if (words.size >= most) return [...words]
      words.add([...word].slice(0, LONGEST_WORD).join(''))
    }
  }
  return [...words]
}
