// Which boards a policy still names though it cannot be read: those stay closed.

const LONGEST = 1024 * 1024

/**
 * Numbers of the boards that a policy's text names legibly, whatever else is wrong with it: `project` under `board`,
 * in block or flow style.
 */
export function boardsNamed(text: string): number[] {
  const lines = text.slice(0, LONGEST).split(/\r\n|\n|\r/)
  const found = new Set<number>()
  let within = false
  for (const line of lines) {
    const bare = line
      .slice(0, 500)
      .replace(/^\ufeff/, '')
      .replace(/(?:^|\s)#.*$/, '')
    if (/^\S/.test(bare) && bare.trim() !== '}') within = false
    const start = /(?:^|[{,])\s*["']?board["']?\s*:/.exec(bare)
    if (start) within = true
    const rest = start ? bare.slice(start.index + start[0].length) : bare
    const number = within ? /(?:^|[\s{,])["']?project["']?\s*:\s*["']?(\d{1,9})(?!\d)/.exec(rest)?.[1] : undefined
    if (number !== undefined) found.add(Number(number))
  }
  return [...found]
}
