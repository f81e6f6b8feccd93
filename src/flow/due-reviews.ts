// The reviews that emergencies on a board owe and that are overdue, as far as the record knows.
import type { DueReview } from '../core/facts/emergency.ts'
import { type Facts, mergeFacts, recordFacts } from '../core/facts/query.ts'
import type { Policy } from '../core/policy/policy.ts'
import { after, now, type RecordReader } from './world.ts'

/** A review that nobody held for so long is no longer asked for. */
const LONGEST_SECONDS = 2 * 366 * 86_400
const MOST = 50

/** Oldest first. Whether their issues were closed meanwhile, GitHub tells. */
export async function dueReviews(record: RecordReader, project: string): Promise<DueReview[]> {
  const at = now(record)
  const happened = await record.ledger.happened({
    project,
    kinds: ['emergency-used', 'review-opened', 'review-closed'],
    since: after(at, -LONGEST_SECONDS),
  })
  const owed = new Map<string, DueReview>()
  for (const { entry, card } of happened) {
    const { event } = entry
    if (event.kind === 'emergency-used') {
      const { move, by, team, due } = event
      owed.set(move, { move, by, team, due, item: card.item, title: card.title, issue: null })
    }
    if (event.kind === 'review-closed') owed.delete(event.move)
    const review = event.kind === 'review-opened' ? owed.get(event.move) : undefined
    if (review && event.kind === 'review-opened')
      review.issue = { id: event.issue, number: event.number, url: event.url }
  }
  return [...owed.values()].filter(({ due }) => due <= at).slice(0, MOST)
}

/** The facts with what is still owed where the policy has no lane any more: taking it out of the policy settles no debt. */
export async function withDueReviews(
  record: RecordReader,
  project: string,
  policy: Policy | null,
  facts: Facts,
): Promise<Facts> {
  if (policy === null || policy.emergency !== undefined) return facts
  const due = await dueReviews(record, project)
  return due.length === 0 ? facts : mergeFacts(facts, recordFacts({ fact: 'record', question: { of: 'reviews' } }, due))
}
