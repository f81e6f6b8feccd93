// Reads what was spent of a board's budgets: its evidence and its granted moves, and what this turn is about to add.
import type { CardAddress } from '../core/facts/card.ts'
import { millisecondsOf } from '../core/facts/duration.ts'
import type { Event, EventKind } from '../core/facts/event.ts'
import type { Grants, GrantsQuestion, Spent, SpentQuestion } from '../core/facts/spent.ts'
import { sumSpent } from '../core/statistics/sum-spent.ts'
import { now, type RecordReader } from './world.ts'

/** A year of evidence every five minutes. Of more, the sums would be wrong, and say so. */
const MOST_EVENTS = 100_000

type Found<Kind extends EventKind> = { events: Extract<Event, { kind: Kind }>[]; cut: boolean }

/** `unwritten`: what this turn has taken in and the record does not hold yet. */
export async function readSpent(
  record: RecordReader,
  address: CardAddress,
  question: SpentQuestion,
  unwritten: readonly Event[],
): Promise<Spent> {
  const at = now(record)
  const longest = Math.max(...question.windows.map(millisecondsOf))
  const { events, cut } = await within(record, address, 'evidence-received', before(at, longest), unwritten)
  return { cut, scopes: sumSpent(question, events, at) }
}

export async function readGrants(
  record: RecordReader,
  address: CardAddress,
  { column, window }: GrantsQuestion,
  unwritten: readonly Event[],
): Promise<Grants> {
  const from = before(now(record), millisecondsOf(window))
  const { events, cut } = await within(record, address, 'move-granted', from, unwritten)
  const granted = events.filter((event) => event.to === column && event.reason !== 'moved-backward')
  const risks = await risksOf(record, new Set(granted.map(({ move }) => move)), unwritten)
  const counts = new Map<string, number>()
  for (const { move } of granted) {
    const risk = risks.get(move) ?? 'default'
    counts.set(risk, (counts.get(risk) ?? 0) + 1)
  }
  return { cut, risks: Object.fromEntries(counts), oldest: granted[0]?.at ?? null }
}

/** The risk that each move was last bound to: a grant does not say it again. */
async function risksOf(
  record: RecordReader,
  moves: Set<string>,
  unwritten: readonly Event[],
): Promise<Map<string, string>> {
  const entries = await record.ledger.entriesOfMoves([...moves])
  const risks = new Map<string, string>()
  for (const event of [...entries.map((entry) => entry.event), ...unwritten])
    if (event.kind === 'move-opened' || event.kind === 'gates-voided') risks.set(event.move, event.risk)
  return risks
}

/** All events of a kind on the card's board since an instant, oldest first, read page by page. */
async function within<Kind extends EventKind>(
  record: RecordReader,
  address: CardAddress,
  kind: Kind,
  since: string,
  unwritten: readonly Event[],
): Promise<Found<Kind>> {
  const isOfKind = (event: Event): event is Extract<Event, { kind: Kind }> => event.kind === kind
  const events = unwritten.filter(isOfKind)
  for (let seq: number | undefined; ; ) {
    const search = { project: address.project, kinds: [kind], since, ...(seq === undefined ? {} : { before: seq }) }
    const page = await record.ledger.happened(search)
    events.unshift(...page.map(({ entry }) => entry.event).filter(isOfKind))
    seq = page[0]?.entry.seq
    if (seq === undefined) return { events, cut: false }
    if (events.length >= MOST_EVENTS) return { events, cut: true }
  }
}

function before(instant: string, milliseconds: number): string {
  return new Date(Date.parse(instant) - milliseconds).toISOString()
}
