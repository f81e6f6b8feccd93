// Rehearses the moves of a board's cards: what is read of GitHub and of the record is decided about, and nothing is written.
import type { Rehearsal } from '../core/decision/rehearse.ts'
import type { Card } from '../core/facts/card.ts'
import { type Facts, isOfRecord, mergeFacts, NO_FACTS, recordFacts } from '../core/facts/query.ts'
import type { WholeBoard } from '../github/port.ts'
import { withDueReviews } from './due-reviews.ts'
import { readRecord } from './read-record.ts'
import { type Cast, Stage, type Standing, type Wish } from './rehearsal-stage.ts'

/** `waits`: the column that an open move of it asks for. `unfinished`: GitHub did not tell all that was asked. */
export type Rehearsed = {
  card: Card
  home: string | null
  waits: string | null
  rehearsal: Rehearsal | { outcome: 'ungoverned' }
  unfinished: boolean
}

/** Why nothing could be rehearsed. */
export type Unseen = { unseen: 'board' | 'card' }

const MOST_READS = 4
export async function rehearseBoard(on: Standing, wish: Wish): Promise<Rehearsed[] | Unseen> {
  const read = await readCards(on, wish)
  if ('unseen' in read) return read
  const stage = await Stage.set(on, wish)
  const casts: Cast[] = []
  for (const { card, ...reading } of read.readings) if (card) casts.push(await stage.cast({ card, ...reading }))
  const { reading, governed } = casts[0] ?? {}
  if (reading) read.facts = await withDueReviews(on, reading.card.address.project, governed?.policy ?? null, read.facts)
  const facts = new Map<string | null, Facts>()
  const factsOf = ({ reading: { card } }: Cast) => facts.get(repositoryOf(card)) ?? read.facts
  const shown = new Set<string>()
  let open = casts.filter(({ governed }) => governed !== null)
  for (let reads = 0; open.length > 0 && reads <= MOST_READS; reads++) {
    for (const cast of open) cast.played = stage.play(cast, factsOf(cast))
    // Who else wrote a commit matters where an approval would count.
    for (const cast of open.filter((each) => hides(each, read.hidden) && !shown.has(each.reading.card.address.item))) {
      const { owner, item } = cast.reading.card.address
      shown.add(item)
      const { card } = await on.reader.card(owner, item, wish.policy)
      if (card) cast.reading = { ...cast.reading, card }
      cast.played = stage.play(cast, factsOf(cast))
    }
    open = open.filter(({ played }) => played && played.missing.length > 0)
    if (open.length > 0 && reads < MOST_READS) await learn(on, open, facts, read.facts)
  }
  return casts.map(({ reading: { card }, remembered, played }) => ({
    card,
    home: (played?.move ?? remembered).home,
    waits: remembered.current?.outcome === null ? remembered.current.to : null,
    rehearsal: played?.rehearsal ?? { outcome: 'ungoverned' },
    unfinished: (played?.missing.length ?? 0) > 0,
  }))
}

type Read = Pick<WholeBoard, 'readings' | 'facts' | 'hidden'>

async function readCards({ reader }: Standing, { board, card, policy }: Wish): Promise<Read | Unseen> {
  if (card === null) {
    const whole = await reader.whole(board, policy)
    return whole ?? { unseen: 'board' }
  }
  const item = 'item' in card ? card.item : await reader.find(card, board)
  const reading = item === null ? null : await reader.card(board.owner, item, policy)
  const address = reading?.card?.address
  if (!reading || address?.number !== board.number || address.owner.toLowerCase() !== board.owner.toLowerCase())
    return { unseen: 'card' }
  return { readings: [reading], facts: reading.facts, hidden: new Map() }
}

function repositoryOf(card: Card): string | null {
  return card.content?.repository ?? null
}

function hides({ reading: { card }, played }: Cast, hidden: Read['hidden']): boolean {
  const what = hidden.get(card.address.item)
  if (what === undefined || played === null || !('attempt' in played.rehearsal)) return false
  const { gates } = played.rehearsal.attempt
  if (what !== 'co-authors') return gates.length > 0
  return gates.some((gate) => gate.kind === 'approval' && (gate.judgement?.rows?.[0]?.value ?? 0) > 0)
}

/** Asks for everything that is missing at once. */
async function learn(on: Standing, casts: Cast[], facts: Map<string | null, Facts>, start: Facts): Promise<void> {
  const [first] = casts
  if (first === undefined) return
  const { owner, project } = first.reading.card.address
  const field = first.governed?.policy?.board.field ?? 'Status'
  const wanted = Map.groupBy(casts, ({ reading }) => repositoryOf(reading.card))
  const asked = [...wanted].map(([repository, some]) => ({
    repository,
    queries: some.flatMap(({ played }) => played?.missing ?? []).filter((query) => !isOfRecord(query)),
  }))
  const answers = await on.reader.answers({ owner, project, field }, asked)
  const recorded = await readRecorded(on, casts)
  asked.forEach(({ repository }, at) => {
    const known = mergeFacts(facts.get(repository) ?? start, answers[at] ?? NO_FACTS)
    facts.set(repository, mergeFacts(known, recorded))
  })
}

async function readRecorded(on: Standing, casts: Cast[]): Promise<Facts> {
  let facts = NO_FACTS
  const [first] = casts
  const queries = casts.flatMap(({ played }) => played?.missing ?? []).filter(isOfRecord)
  for (const query of new Map(queries.map((each) => [JSON.stringify(each), each])).values())
    if (first)
      facts = mergeFacts(
        facts,
        recordFacts(query, await readRecord(on, first.reading.card.address, query.question, [])),
      )
  return facts
}
