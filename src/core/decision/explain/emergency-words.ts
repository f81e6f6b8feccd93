// What the card's comment says of the emergency lane: that it was used and owes a review, or why it did not open.
import type { Attempt, Move } from '../move.ts'
import { code, link } from './escape.ts'
import { exceptionOf } from './gate-words.ts'
import { time } from './numbers.ts'

/** Markdown; null where no emergency was asked for. */
export function emergencyWords(move: Move, attempt: Attempt): string | null {
  const owed = move.reviews.map(({ by, team, skipped, due, issue }) => {
    const where = issue === null ? 'its issue is still to be opened' : link(`issue ${issue.number}`, issue.url)
    return `🚨 **Emergency:** ${code(by.login)} of ${code(team)} skipped ${skipped.map((gate) => code(gate)).join(', ')}. The review is due ${time(due)}: ${where}.`
  })
  const { emergency } = attempt
  const opened = attempt.gates.some((gate) => exceptionOf(gate.judgement) === 'skipped')
  if (emergency && !opened)
    owed.push(
      `The label ${code(emergency.label)} skips no gate here: ${code(attempt.by.login)}, who moved the card, is not of ${emergency.teams.map((team) => code(team)).join(', ')}.`,
    )
  return owed.length > 0 ? owed.join('\n\n') : null
}
