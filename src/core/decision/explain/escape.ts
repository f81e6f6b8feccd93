// Makes what people and workflows wrote harmless inside Markdown: no markup, no mention, no reference, no link.

const ZERO_WIDTH = '\u200b'
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu

/** Plain words inside a sentence: Markdown and HTML are shown as typed, and nobody is notified. */
export function plain(text: string, most = 300): string {
  return cut(text.replace(CONTROL, ' '), most)
    .replace(/[\\`*_{}[\]()#+\-!|~>.]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/@/g, `@${ZERO_WIDTH}`)
    .replace(/\\#/g, `\\#${ZERO_WIDTH}`)
    .replace(/:\/\//g, `:${ZERO_WIDTH}//`)
    .replace(/www/gi, (found) => `${found[0]}${ZERO_WIDTH}${found.slice(1)}`)
    .replace(/\b(gh)\\-(\d)/gi, `$1\\-${ZERO_WIDTH}$2`)
}

/** A name shown as typed, in a code span that also holds inside a table. */
export function code(text: string, most = 120): string {
  const shown = cut(text.replace(CONTROL, ' ').replace(/`/g, "'").replace(/\|/g, '¦').trim(), most)
  return shown === '' ? '` `' : `\`${shown}\``
}

/** For a check's title, which GitHub shows as plain text. */
export function oneLine(text: string, most = 200): string {
  return cut(text.replace(CONTROL, ' ').trim(), most)
}

/** Only links that GitHub itself gave us are shown as links. */
export function link(words: string, url: string): string {
  return /^https?:\/\/[^\s()<>"'`\\]+$/.test(url) ? `[${plain(words)}](${url})` : plain(words)
}

/** Cuts between characters, never inside one. */
function cut(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
