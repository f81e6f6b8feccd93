// Cuts text to what GitHub takes, at the end of a line, with a closing sentence.

/** GitHub's limit for a comment, and for each of a check run's `summary` and `text`, in characters. */
export const COMMENT_LIMIT = 65_536
export const CHECK_LIMIT = 65_535

/** The text whole, or its beginning with the words that the rest is left out. Markdown left open is closed. */
export function cutText(text: string, limit: number, kept = ''): string {
  if (text.length <= limit) return text
  const tail = `\n\n…\n\nThe rest is left out here: it is too long for GitHub. The record holds all of it.\n${kept}`
  // Room for closing what the cut leaves open.
  const room = limit - tail.length - 200
  let head = text.slice(0, room)
  const line = head.lastIndexOf('\n')
  if (line > room - 4_000) head = head.slice(0, line)
  // Never half of a character that takes two places.
  if (/[\uD800-\uDBFF]$/.test(head)) head = head.slice(0, -1)
  return `${head}${openEnds(head)}${tail}`
}

function openEnds(head: string): string {
  let fence = ''
  for (const [, marks = ''] of head.matchAll(/^ {0,3}(`{3,30}|~{3,30})/gm)) {
    if (fence === '') fence = marks
    else if (marks.startsWith(fence)) fence = ''
  }
  const comment = head.lastIndexOf('<!--') > head.lastIndexOf('-->') ? ' -->' : ''
  const details = count(head, '<details') - count(head, '</details>')
  return `${comment}${fence === '' ? '' : `\n${fence}`}${details > 0 ? `\n${'</details>'.repeat(Math.min(details, 10))}` : ''}`
}

function count(text: string, part: string): number {
  return text.split(part).length - 1
}
