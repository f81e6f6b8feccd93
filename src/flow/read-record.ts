// Answers what a gate asks of Andon's own record: what was done with the other cards of the board.
import type { CardAddress } from '../core/facts/card.ts'
import type { Event } from '../core/facts/event.ts'
import type { RecordAnswer, RecordQuestion } from '../core/facts/record-question.ts'
import { dueReviews } from './due-reviews.ts'
import { openWaivers } from './open-waivers.ts'
import { readRisks } from './read-risks.ts'
import { readGrants, readSpent } from './read-spending.ts'
import type { RecordReader } from './world.ts'

/** `unwritten`: what this turn has taken in and the record does not hold yet. */
export async function readRecord(
  record: RecordReader,
  address: CardAddress,
  question: RecordQuestion,
  unwritten: readonly Event[],
): Promise<RecordAnswer> {
  switch (question.of) {
    case 'waivers':
      return openWaivers(record, address.project)
    case 'risks':
      return readRisks(record, address.project, question.column)
    case 'reviews':
      return dueReviews(record, address.project)
    case 'spent':
      return readSpent(record, address, question, unwritten)
    case 'grants':
      return readGrants(record, address, question, unwritten)
    default:
      return question satisfies never
  }
}
