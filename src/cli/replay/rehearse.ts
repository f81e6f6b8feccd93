// Decides the latest moves again under the policy of a file, and prints what would be another one.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { oneLine } from '../../core/decision/explain/escape.ts'
import { unmarkedWords } from '../../core/decision/explain/pieces.ts'
import { differenceWords } from '../../core/decision/explain/policy-differences.ts'
import { HEADINGS, OUTCOMES, replayHeadline, replayReasons, yieldWords } from '../../core/decision/explain/replay.ts'
import type { ReplayedMove } from '../../core/decision/replay-moves.ts'
import type { ReplaySummary } from '../../core/decision/replay-summary.ts'
import { sentence } from '../../core/facts/problem.ts'
import { type Difference, differences } from '../../core/policy/differences.ts'
import { boardsOfPolicy, takesIn } from '../../core/policy/govern.ts'
import { combine, type PolicySource } from '../../core/policy/inherit.ts'
import type { Policy } from '../../core/policy/policy.ts'
import { boardStream } from '../../flow/note-policy.ts'
import { replayRecent } from '../../flow/recent-moves.ts'
import type { Reader } from '../../ledger/ledger.ts'
import type { CardIndex } from '../../ledger/port.ts'
import { readBases } from '../bases.ts'

/** `changes`: against the policy that the board has now, where the record knows it. */
export type Rehearsal = ReplaySummary & { board: string; changes: Difference[] }
type Problems = { problems: string[] }

export async function readPolicy(
  cwd: string,
  file: string,
  organization: string | null,
): Promise<{ policy: Policy } | Problems> {
  const sources: (PolicySource | null)[] = []
  for (const path of [organization, file]) {
    try {
      sources.push(path === null ? null : { repository: '', path, text: await readFile(resolve(cwd, path), 'utf8') })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      return { problems: [`${path} cannot be read (${error.code}).`] }
    }
  }
  const checked = combine(sources[0] ?? null, sources[1] ?? null, await readBases(organization, cwd))
  if (checked?.ok) return { policy: checked.value }
  return {
    problems: [...(checked?.problems ?? []).map(sentence), 'This policy cannot be used; andon check shows where.'],
  }
}

export type Scope = { owner: string | null; repository: string | null; moves: number }

export async function rehearse(ledger: Reader, policy: Policy, scope: Scope): Promise<Rehearsal | Problems> {
  const { owner, repository } = scope
  const boards = boardsOfPolicy(policy)
  const same = (a: string | null, b: string | null) => a === null || a.toLowerCase() === b?.toLowerCase()
  const cards = (await ledger.cards({})).filter(
    (card) => boards.includes(card.projectNumber) && same(owner, card.owner),
  )
  const owners = [...new Set(cards.map((card) => card.owner))]
  if (owners.length > 1)
    return { problems: [`Several have a board ${boards.join(' or ')}: ${owners.join(', ')}. Name one with --owner.`] }
  const projects = [...new Set(cards.map(({ project }) => project))]
  const takes = (card: CardIndex) =>
    takesIn(policy.board.repositories, { owner: card.owner, board: card.projectNumber, repository: card.repository })
  const governs = (card: CardIndex) => same(repository, card.repository) && (repository !== null || takes(card))
  const summary = await replayRecent(ledger, policy, { projects, most: scope.moves, governs })
  const before = await inForce(ledger, owners[0] ?? '', policy.board.project, repository)
  const board = `${owners[0] ?? owner ?? ''}/${boards.join('+')}`
  return { board, ...summary, changes: before === null ? [] : differences(before, policy) }
}

/** The policy that the record says is in force for cards of a repository, or of those without one of their own. */
async function inForce(
  ledger: Reader,
  owner: string,
  number: number,
  repository: string | null,
): Promise<Policy | null> {
  const events = (await ledger.read(boardStream(owner, number))).map(({ event }) => event)
  const changed = events.flatMap((event) => (event.kind === 'policy-changed' ? [event] : []))
  const of = (name: string) => changed.findLast((event) => event.repository.toLowerCase() === name.toLowerCase())
  const last = (repository === null ? undefined : of(repository)) ?? of('') ?? changed.at(-1)
  const text = last ? await ledger.document(last.digest) : null
  return text === null ? null : (JSON.parse(text) as Policy)
}

const MOST_SHOWN = 50
const COLORS = { refused: 31, granted: 32, waiting: 33, untold: 35 }

export function showRehearsal(found: Rehearsal, color: boolean): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  const lines = [paint(1, replayHeadline(found))]
  if (found.changes.length > 0) lines.push('', paint(1, 'What changes'))
  lines.push(...found.changes.map((change) => `  ${words(differenceWords(change))}`))
  for (const outcome of OUTCOMES) {
    const moves = found[outcome]
    if (moves.length === 0) continue
    lines.push('', paint(COLORS[outcome], HEADINGS[outcome]), ...moves.slice(0, MOST_SHOWN).map(moveLine))
    if (moves.length > MOST_SHOWN) lines.push(`  and ${moves.length - MOST_SHOWN} more; --json has them all.`)
  }
  const yields = yieldWords(found.gates, found.moves)
  if (yields.length > 0) lines.push('', paint(1, 'Gates'), ...yields.map((line) => `  ${words(line)}`))
  return `${lines.join('\n')}\n`
}

function moveLine(replayed: ReplayedMove): string {
  const { card, move, at, from, to, recorded } = replayed
  const place = card.repository === null ? 'draft' : `${card.repository}#${card.number}`
  const way = `${from ?? 'no column'} → ${to ?? 'no column'}`
  const head = `  ${oneLine(place, 60)}  ${oneLine(card.title, 60)}  ${oneLine(way, 80)}, ${recorded} ${at.slice(0, 10)}, move ${move}`
  return [head, ...replayReasons(replayed).map((line) => `    ${words(line)}`)].join('\n')
}

function words(markdown: string): string {
  return oneLine(unmarkedWords(markdown), 2_000)
}
