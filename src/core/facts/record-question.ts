// What may be asked of Andon's own record beside a card's own entries: what was done with the other cards of its board.
import type { DueReview } from './emergency.ts'
import type { Grants, GrantsQuestion, Spent, SpentQuestion } from './spent.ts'

/** A gate's failure that somebody accepted for a while, on any card of the board, and that still holds. */
export type OpenWaiver = { item: string; title: string; gate: string; by: string; until: string }

/** The cards that stand in a column by the record, each with the risk that its last move was bound to. */
export type CardRisk = { item: string; risk: string }

/** `waivers`: those that hold now on the card's board. `reviews`: those overdue there, as far as the record knows. A question is flat: its key holds no more. */
export type RecordQuestion =
  | { of: 'waivers' }
  | { of: 'reviews' }
  | { of: 'risks'; column: string }
  | SpentQuestion
  | GrantsQuestion

type Answers = { waivers: OpenWaiver[]; reviews: DueReview[]; risks: CardRisk[]; spent: Spent; grants: Grants }
export type RecordAnswer = Answers[RecordQuestion['of']]

/** The key of a question's answer in `Facts.record`. */
export function recordKey(question: RecordQuestion): string {
  return JSON.stringify(question, Object.keys(question).sort())
}

/** The answer to a question, or undefined where it was not asked. */
export function recordAnswer<Question extends RecordQuestion>(
  record: Record<string, RecordAnswer> | undefined,
  question: Question,
): Answers[Question['of']] | undefined {
  const key = recordKey(question)
  return record && Object.hasOwn(record, key) ? (record[key] as Answers[Question['of']]) : undefined
}
