// Brings the answers that a decision still wants: GitHub's in one request, the record's from the store.
import type { CardAddress } from '../core/facts/card.ts'
import type { Event } from '../core/facts/event.ts'
import { type Facts, isOfRecord, mergeFacts, NO_FACTS, type Query, recordFacts } from '../core/facts/query.ts'
import type { GitHub } from '../github/port.ts'
import { readRecord } from './read-record.ts'
import type { World } from './world.ts'

/** `unwritten`: what this turn has taken in and the record does not hold yet. */
export async function ask(
  world: World,
  github: GitHub,
  address: CardAddress,
  queries: Query[],
  unwritten: readonly Event[],
): Promise<Facts> {
  const asked = queries.filter((query) => !isOfRecord(query))
  let facts = asked.length > 0 ? await github.answer(address, asked) : NO_FACTS
  for (const query of queries)
    if (isOfRecord(query))
      facts = mergeFacts(facts, recordFacts(query, await readRecord(world, address, query.question, unwritten)))
  return facts
}
