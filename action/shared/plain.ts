// Makes text that tools and authors wrote fit for one line: of evidence, of the log, of a Markdown table.

/** One line without control, format or invisible characters, cut to `max` UTF-16 units, well-formed. */
export function oneLine(text: string, max = 200): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim()
  return (line.length > max ? `${line.slice(0, max - 1).trimEnd()}…` : line).toWellFormed()
}

/** As `oneLine`, and nothing in it can be read by the runner as a workflow command. */
export function forLog(text: string, max = 500): string {
  return oneLine(text, max).replaceAll('::', ':\u200b:').replaceAll('##[', '##\u200b[')
}

/**
 * As `oneLine`, and shown by GitHub letter by letter: every character that Markdown, HTML, autolinks or mentions
 * could read is written as a character reference.
 */
export function forMarkdown(text: string, max = 200): string {
  return oneLine(text, max)
    .replace(/[^\p{L}\p{N} ,.…–—·›≥≤±%-]/gu, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll('&#64;', '&#64;\u200b')
    .replace(/www/gi, (w) => `${w.slice(0, 1)}\u200b${w.slice(1)}`)
}

/**
 * An error message as `oneLine`, with what looks like a credential taken out: values after words such as `key` or
 * `token`, `Bearer …`, and long runs of letters and digits. Tools like to quote the key that a server refused.
 */
export function redact(text: string, max = 300): string {
  return oneLine(text.slice(0, 10_000), 10_000)
    .replace(/\b(bearer|basic)\s+[^\s"',;]+/gi, '$1 [removed]')
    .replace(
      /\b([\w-]{0,40}(?:key|token|secret|password|signature|sig))(["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
      '$1$2[removed]',
    )
    .replace(/[\w+/=-]{20,}/g, (run) => (/\d/.test(run) && /[a-z]/i.test(run) ? '[removed]' : run))
    .slice(0, max)
    .toWellFormed()
}
