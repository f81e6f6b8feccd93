// The demo's story, scene by scene: what somebody does, and what must have become of it.

import type { Example } from '../../sandbox/example/example.ts'
import { columnOf, type Item } from '../../sandbox/world/board.ts'
import { moveCard } from '../../sandbox/world/card-fields.ts'
import { comment } from '../../sandbox/world/comments.ts'
import { review } from '../../sandbox/world/reviews.ts'
import type { Pull } from '../../sandbox/world/thread.ts'
import type { World } from '../../sandbox/world/world.ts'

/** What must hold at a scene's end. `checks`: name after `andon`, '' for the whole; null: in progress. */
export type Expected = {
  column: string
  headline: string
  checks: Record<string, string | null>
  /** Words that Andon must give as what it found. */
  found?: string
}

/** `said`: one sentence of what is done. The card is named by its change's file. */
export type Scene = {
  said: (card: Item) => string
  act: (stage: { world: World; example: Example }, card: Item) => void
  card: string
  expects: Expected
}

const move = (login: string, card: string, to: string, how: string, expects: Expected): Scene => ({
  said: (item) => `${login} moves ${nameOf(item)} from ${columnOf(item)} to ${to}${how}.`,
  act: ({ world, example }, item) => moveCard(world, personOf(example, login), item, to),
  card,
  expects,
})

const granted = (column: string, ...gates: string[]): Expected => ({
  column,
  headline: `✅ Granted: this card may be in ${column}`,
  checks: { '': 'success', ...Object.fromEntries(gates.map((gate) => [gate, 'success'])) },
})

export const SCENES: Scene[] = [
  move('ada', '1-calmer', 'Staging', ', and its evaluation runs for real', {
    column: 'Ready for Evaluation',
    headline: '⛔ Refused: not yet in Staging; the card goes back to Ready for Evaluation',
    checks: { '': 'failure', 'offline-eval': 'failure' },
    found: 'accuracy 0.7333',
  }),
  move(
    'ada',
    '2-question-mark',
    'Ready for Evaluation',
    ', where its manifest is read',
    granted('Ready for Evaluation', 'definition-of-ready'),
  ),
  move('ada', '2-question-mark', 'Staging', '', {
    ...granted('Staging', 'offline-eval'),
    found: 'accuracy 0.9833',
  }),
  move('ada', '2-question-mark', 'Production', ', which asks for people', {
    column: 'Production',
    headline: '⏳ Waiting to enter Production: people are asked',
    checks: { '': null, 'release-approval': null },
  }),
  {
    said: (item) => `bo, who wrote ${nameOf(item)}, approves it with a comment.`,
    act: ({ world, example }, item) => void comment(world, personOf(example, 'bo'), pullOf(item), '/andon approve'),
    card: '2-question-mark',
    expects: {
      column: 'Production',
      headline: '⏳ Waiting to enter Production: people are asked',
      checks: { '': null, 'release-approval': null },
      found: 'bo opened the pull request',
    },
  },
  {
    said: (item) => `cy of the team ai-safety reviews ${nameOf(item)} and approves.`,
    act: ({ world, example }, item) => void review(world, personOf(example, 'cy'), pullOf(item), 'APPROVED'),
    card: '2-question-mark',
    expects: granted('Production', 'release-approval'),
  },
  move('ada', '3-praise', 'Staging', '', granted('Staging', 'offline-eval')),
  move('ada', '4-both-ends', 'Staging', ', and it is close', granted('Staging', 'offline-eval')),
  move('bo', '5-thanks', 'Staging', '', granted('Staging', 'offline-eval')),
  move('ada', '6-early', 'Staging', ', the fourth card where three may be', {
    column: 'Ready for Evaluation',
    headline: '⛔ Refused: not yet in Staging; the card goes back to Ready for Evaluation',
    checks: { '': 'failure' },
    found: 'limit',
  }),
]

function nameOf({ content }: Item): string {
  return content.kind === 'DraftIssue' ? content.title : `#${content.number} “${content.title}”`
}

function pullOf({ content }: Item): Pull {
  if (content.kind !== 'PullRequest') throw new Error(`${content.title} is no pull request.`)
  return content
}

function personOf({ people }: Example, login: string) {
  const person = people[login]
  if (!person) throw new Error(`The example has no person ${login}.`)
  return person
}
