// What Andon itself wrote about a card, as plain lines: its comment's headline and gates, and its checks.
import { unmarkedWords } from '../../core/decision/explain/pieces.ts'
import { columnOf, type Item } from '../../sandbox/world/board.ts'
import type { CheckRun } from '../../sandbox/world/check.ts'
import { latestRuns } from '../../sandbox/world/suites.ts'

/** `conclusion` is null while the check is in progress. */
export type Told = {
  column: string | null
  headline: string
  /** Sentences that speak of the move and not of a gate, as of a limit. */
  reasons: string[]
  gates: { name: string; verdict: string; found: string[] }[]
  next: string[]
  checks: { name: string; conclusion: string | null; title: string }[]
}

export function readTold(item: Item): Told {
  const { content } = item
  const comments = content.kind === 'DraftIssue' ? [] : content.comments
  const comment = comments.find(({ author }) => author.login === 'andon[bot]')?.body ?? ''
  const lines = comment.split('\n')
  return {
    column: columnOf(item),
    headline: plain(lines.find((line) => line.startsWith('### '))?.slice(4) ?? ''),
    // After the marker, the headline and who moved it; a sentence begins neither a table, a list, nor a mark.
    reasons: lines
      .filter((line) => /^(?![-|#<]|\*\*What|Last command)./.test(line))
      .slice(1)
      .map(plain),
    gates: lines.flatMap(readGate),
    next: lines.filter((line) => line.startsWith('- ')).map((line) => plain(line.slice(2))),
    checks: ownChecks(item).map(({ name, conclusion, title }) => ({ name, conclusion, title: title ?? '' })),
  }
}

function ownChecks({ content }: Item): CheckRun[] {
  if (content.kind !== 'PullRequest') return []
  const suites = content.repository.suites.get(content.head.sha) ?? []
  return suites.filter((suite) => suite.app.slug === 'andon').flatMap(latestRuns)
}

/** A row of the comment's table of gates; nothing for any other line. */
function readGate(line: string): Told['gates'] {
  const [, name = '', verdict = '', found = ''] = /^\| (`[^|]*) \| ([^|]*) \| (.*) \|$/.exec(line) ?? []
  if (name === '') return []
  return [{ name: plain(name), verdict: plain(verdict), found: found.split('<br>').map(plain) }]
}

function plain(markdown: string): string {
  return unmarkedWords(markdown.replace(/ ?\[[^\]]*\]\([^)]*\)/g, '')).trim()
}
