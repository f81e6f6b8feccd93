// What people do on the page, done to the world in their name: GitHub's own rules apply, and its webhooks go out.
import { z } from 'zod'
import type { Person } from '../world/account.ts'
import { columnOf, type Item, type Project } from '../world/board.ts'
import { moveCard } from '../world/card-fields.ts'
import { repositionCard } from '../world/cards.ts'
import { comment } from '../world/comments.ts'
import { addLabel, removeLabel } from '../world/labels.ts'
import { Refusal } from '../world/refusal.ts'
import { review } from '../world/reviews.ts'
import type { World } from '../world/world.ts'
import { actors } from './board-view.ts'

const base = { as: z.string(), card: z.number() }
const actSchema = z.discriminatedUnion('act', [
  /** `after`: the card it is put under; null: at the column's top; left out: where it stood in the order. */
  z.object({ act: z.literal('move'), ...base, column: z.string(), after: z.number().nullable().optional() }),
  z.object({ act: z.literal('review'), ...base, state: z.enum(['APPROVED', 'CHANGES_REQUESTED']) }),
  z.object({ act: z.literal('comment'), ...base, body: z.string() }),
  z.object({ act: z.literal('label'), ...base, name: z.string(), on: z.boolean() }),
])

/** Does what was asked. Answers with null, or with the sentence that says why not. */
export function act(world: World, project: Project, asked: unknown): string | null {
  const read = actSchema.safeParse(asked)
  if (!read.success) return 'The page asked for something that is not known here.'
  const by = actors(project).find((person) => person.login === read.data.as)
  const item = project.items.find((candidate) => candidate.id === read.data.card)
  if (!by) return 'There is no such person.'
  if (!item) return 'This card is not on the board any more.'
  try {
    carryOut(world, by, item, read.data)
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

function carryOut(world: World, by: Person, item: Item, asked: z.infer<typeof actSchema>): void {
  const { content } = item
  switch (asked.act) {
    case 'move': {
      const { after } = asked
      if (columnOf(item) !== asked.column) moveCard(world, by, item, asked.column)
      if (after !== undefined) {
        const above = after === null ? null : item.project.items.find((candidate) => candidate.id === after)
        if (above !== undefined && above !== item) repositionCard(world, by, item, above)
      }
      return
    }
    case 'review':
      if (content.kind !== 'PullRequest') throw new Refusal('invalid', 'Only a pull request can be reviewed.')
      review(world, by, content, asked.state)
      return
    case 'comment':
      if (content.kind === 'DraftIssue') throw new Refusal('invalid', 'A draft takes no comments.')
      comment(world, by, content, asked.body)
      return
    case 'label':
      if (content.kind === 'DraftIssue') throw new Refusal('invalid', 'A draft bears no labels.')
      if (asked.on) addLabel(world, by, content, asked.name)
      else removeLabel(world, by, content, asked.name)
      return
    default:
      asked satisfies never
  }
}
