// The issue in which an emergency is reviewed afterwards: what happened, and what the review has to answer.
import type { EmergencyReview } from '../../facts/emergency.ts'
import type { Move } from '../move.ts'
import { columnWords } from './comment.ts'
import { code, link, oneLine, plain } from './escape.ts'
import { short, time } from './numbers.ts'

/** Tells the issue of one move from all others, together with its author. */
export function reviewMarker(move: string): string {
  return `<!-- andon:review ${move} -->`
}

/** Links to the record begin with `andon://`. `move`: as it is right after the emergency. */
export function reviewIssue(move: Move, review: EmergencyReview): { title: string; body: string } {
  const { current, seen } = move
  const card = seen?.card
  const title = card?.title ?? ''
  const to = current?.to ?? ''
  const shown = card?.content ? link(title, card.content.url) : plain(title)
  const body = [
    reviewMarker(review.move),
    `In an emergency, ${code(review.by.login)} of the team ${code(review.team)} moved the card ${shown} from ${columnWords(current?.from ?? null)} to ${columnWords(current?.to ?? null)}, ${time(review.at)}. These gates were not asked:`,
    review.skipped.map((gate) => `- ${code(gate)}`).join('\n'),
    `**To be reviewed until ${time(review.due)}**`,
    [
      '- Was it an emergency, and why?',
      '- Would those gates have passed? Ask them now, where that can still be done.',
      '- What is to be changed, so that the next one need not go this way?',
    ].join('\n'),
    `Somebody other than ${code(review.by.login)} closes this issue once that is answered. While it is open after ${time(review.due)}, no card of the team ${code(review.team)} moves forward on this board.`,
    `<sub>${[
      current?.change ? `change ${code(short(current.change))}` : null,
      current?.commit ? `commit ${code(current.commit.sha.slice(0, 10))}` : null,
      `[record of this move](andon://moves/${review.move})`,
    ]
      .filter((part) => part !== null)
      .join(' · ')}</sub>`,
  ].join('\n\n')
  return { title: oneLine(`Review of an emergency: ${oneLine(title, 150)} → ${to}`, 250), body }
}
