// Lets columns pull: tells a card which of its neighbours are ready, and wakes those when a place becomes free.
import type { Facts } from '../core/facts/query.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { CardIndex } from '../ledger/port.ts'
import { now, type World } from './world.ts'

/** The longest ready cards that are woken for one free place: some of them may not be ready any more. */
const MOST_WOKEN = 5

/** The columns that a column pulls from, by the name of the one that pulls. */
export function pulls(policy: Policy): Map<string, string> {
  const pairs = policy.columns.flatMap(({ name, pull }, at) => {
    const before = policy.columns[at - 1]
    return pull && before ? [[name, before.name] as const] : []
  })
  return new Map(pairs)
}

/** The facts with what Andon knows of the cards in a column that is pulled from: since when each of them is ready. */
export async function withReadiness(
  world: World,
  project: string,
  policy: Policy | null,
  facts: Facts,
): Promise<Facts> {
  const from = policy === null ? [] : [...pulls(policy).values()].filter((name) => facts.columns[name])
  if (from.length === 0) return facts
  const ready = new Map(
    (await world.ledger.cards({ project, ready: true })).map((card) => [card.item, card.readySince]),
  )
  const columns = from.map((name) => {
    const cards = (facts.columns[name] ?? []).map(({ readySince: _, ...card }) => {
      const readySince = ready.get(card.item)
      return readySince === undefined ? card : { ...card, readySince }
    })
    return [name, cards] as const
  })
  return { ...facts, columns: { ...facts.columns, ...Object.fromEntries(columns) } }
}

type Standing = Pick<CardIndex, 'column' | 'readySince'>

/**
 * Wakes the ready cards for whom a card has made room: it has left the column that pulls, or it stands in line before
 * them no more.
 */
export async function wakeReady(
  world: World,
  policy: Policy,
  card: CardIndex,
  before: Standing | undefined,
): Promise<void> {
  if (before === undefined) return
  const left = before.column !== card.column
  const stepped = before.readySince !== undefined && before.readySince !== card.readySince
  for (const [to, from] of pulls(policy)) {
    if (!(left && before.column === to) && !(stepped && before.column === from)) continue
    await wakeLongest(world, card.project, card.owner, from, card.item)
  }
}

/** The cards of each column that are ready longest, of those that nobody woke: the net under lost webhooks. */
export async function wakeAllReady(
  world: World,
  project: string,
  wake: (stream: string) => Promise<void>,
): Promise<void> {
  const ready = await world.ledger.cards({ project, ready: true })
  for (const column of new Set(ready.map((card) => card.column)))
    for (const { stream } of longest(ready, column)) await wake(stream)
}

async function wakeLongest(world: World, project: string, owner: string, column: string, but: string): Promise<void> {
  const ready = (await world.ledger.cards({ project, ready: true })).filter(({ item }) => item !== but)
  for (const { stream } of longest(ready, column)) await world.ledger.wake(stream, owner, now(world))
}

function longest(ready: CardIndex[], column: string | null): CardIndex[] {
  return ready
    .filter((card) => card.column === column)
    .sort((a, b) => ((a.readySince ?? '') < (b.readySince ?? '') ? -1 : 1))
    .slice(0, MOST_WOKEN)
}
