// Takes the Markdown that `explain` writes apart again, for places that show plain text or HTML.

/** A run of text without marks, and how it is set. */
export type Piece = { text: string; code: boolean; strong: boolean }

const MARKS = /\\([^A-Za-z0-9\s])|`([^`]*)`|(\*\*)|&(lt|amp);/g

/** The exact reverse of what `escape.ts` and our own sentences put in: escapes, code spans, bold and entities. */
export function pieces(markdown: string): Piece[] {
  const found: Piece[] = []
  let strong = false
  const add = (text: string, code = false) => {
    const last = found.at(-1)
    if (text === '') return
    if (last && last.code === code && last.strong === strong) last.text += text
    else found.push({ text, code, strong })
  }
  let from = 0
  for (const match of markdown.matchAll(MARKS)) {
    const [whole, escaped, code, bold, entity] = match
    add(markdown.slice(from, match.index))
    if (bold) strong = !strong
    else if (code !== undefined) add(code, true)
    else add(escaped ?? (entity === 'lt' ? '<' : '&'))
    from = match.index + whole.length
  }
  add(markdown.slice(from))
  return found
}

/** The words alone, as people typed them: without the invisible spaces that keep GitHub from making links of them. */
export function unmarkedWords(markdown: string): string {
  return pieces(markdown)
    .map(({ text }) => text)
    .join('')
    .replaceAll('\u200b', '')
}
