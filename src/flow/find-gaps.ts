// Compares the move history of every card on the governed boards with the record, and lists what only one side knows.
import { cardStream } from '../core/facts/card.ts'
import type { Event } from '../core/facts/event.ts'
import type { Installation } from '../github/port.ts'
import type { Ledger } from '../ledger/port.ts'
import { compareHistory, type Unmatched } from './compare-history.ts'
import { boardStream } from './note-policy.ts'
import { boardsOf, type GovernedBoard, unseenBoard } from './sweep.ts'
import { after, type World } from './world.ts'

/** A webhook may be on its way for as long. */
const UNDER_WAY_SECONDS = 60

export type Gap = Unmatched & { owner: string; board: number; card: string; item: string }

/**
 * `moves`: how many were compared, on how many `boards`; `between`: see `Comparison`. `unread`: cards whose history
 * GitHub does not show (deleted, or out of reach); `drafts` have none. `unseen`: why a board could not be compared.
 */
export type Findings = {
  boards: number
  moves: number
  between: number
  drafts: number
  unread: number
  gaps: Gap[]
  unseen: string[]
}

type Standing = { ledger: Pick<Ledger, 'read' | 'cards'>; now: string } & Pick<World, 'seal' | 'presets'>

/** All governed boards of one account. */
export async function findGaps(on: Standing, installation: Installation): Promise<Findings> {
  const findings: Findings = { boards: 0, moves: 0, between: 0, drafts: 0, unread: 0, gaps: [], unseen: [] }
  const policies = await installation.github.policies(installation.owner)
  for (const board of boardsOf(policies, installation.owner, on)) await compareBoard(on, installation, board, findings)
  return findings
}

async function compareBoard(
  on: Standing,
  installation: Installation,
  governed: GovernedBoard,
  findings: Findings,
): Promise<void> {
  const { owner, github } = installation
  const board = await github.board(owner, governed.number)
  if (board === null) {
    findings.unseen.push(unseenBoard(installation, governed.number))
    return
  }
  const story = (await on.ledger.read(boardStream(owner, governed.number))).map(({ event }) => event)
  const adopted = story.find((event) => event.kind === 'board-adopted')
  if (adopted === undefined) {
    findings.unseen.push(`Board ${governed.number} of ${owner} is not in this record: the app has not read it yet.`)
    return
  }
  findings.boards += 1
  const cards = await cardsOf(on, installation, governed, board.id, findings)
  const histories = await github.histories([...cards.keys()], board.id, adopted.at)
  findings.unread += cards.size - histories.length
  for (const { content, card, moves } of histories) {
    const known = cards.get(content)
    if (known === undefined) continue
    const events: Event[] = []
    for (const item of known.items) events.push(...(await on.ledger.read(cardStream(item))).map(({ event }) => event))
    // Under the organization's own policy all cards have been from the start.
    const from = governed.governs(null) ? adopted.at : governedSince(story, known.repository, adopted.at)
    const compared = compareHistory(moves, events, { from, until: after(on.now, -UNDER_WAY_SECONDS) })
    findings.moves += compared.moves
    findings.between += compared.between
    for (const unmatched of compared.unmatched)
      findings.gaps.push({ ...unmatched, owner, board: governed.number, card, item: known.items[0] ?? '' })
  }
}

type Known = Map<string, { items: string[]; repository: string | null }>

/** The cards under the policy, on the board now, archived or in the record, by the issue or pull request they hold. */
async function cardsOf(
  { ledger }: Standing,
  { github }: Installation,
  { field, governs }: GovernedBoard,
  project: string,
  findings: Findings,
): Promise<Known> {
  const known: Known = new Map()
  const recorded = new Set<string>()
  const add = (content: string, item: string, repository: string | null) => {
    const card = known.get(content) ?? { items: [], repository }
    if (!card.items.includes(item)) card.items.push(item)
    recorded.add(item)
    known.set(content, card)
  }
  for (const { content, item, repository } of await ledger.cards({ project }))
    if (content !== null && governs(repository)) add(content, item, repository)
  for (let cursor: string | null = null; ; ) {
    const page = await github.boardPage(project, field, cursor, 'all')
    for (const { content, item, repository, type } of page.items) {
      if (!governs(repository)) continue
      if (type === 'DraftIssue') findings.drafts += 1
      else if (content !== null) add(content, item, repository)
      // What the record knows is counted where its history turns out to be hidden.
      else if (!recorded.has(item)) findings.unread += 1
    }
    if (page.cursor === null) return known
    cursor = page.cursor
  }
}

/** A repository may have brought its cards under the board's policy long after the board was adopted. */
function governedSince(story: Event[], repository: string | null, adopted: string): string {
  const first = story.find((event) => event.kind === 'policy-changed' && event.repository === repository)
  return first?.kind === 'policy-changed' ? first.at : adopted
}
