// Shows the line that a problem is on, with a mark under its place.

const WIDEST = 100

/** The line before and the line itself, numbered, with `^` under the column (from 1). Control characters are masked. */
export function frame(text: string, line: number, column: number): string {
  const lines = text.split(/\r\n|\n|\r/)
  const width = `${line}`.length
  const shown = [line - 1, line].filter((number) => number >= 1 && number <= lines.length)
  // Of a very long line, the part around the place.
  const start = column > WIDEST - 20 ? column - 40 : 0
  const cut = (number: number) => mask(lines[number - 1] ?? '').slice(start, start + WIDEST)
  const rows = shown.map((number) => `  ${`${number}`.padStart(width)} | ${cut(number)}`.trimEnd())
  return `${[...rows, `  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1 - start))}^`].join('\n')}\n`
}

function mask(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is masked here
  return text.replace(/\t/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
