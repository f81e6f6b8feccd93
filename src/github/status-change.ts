// A move of a card as the timeline of its issue or pull request tells it: how it is asked for, and what it means.
import { z } from 'zod'
import type { TimelineMove } from '../core/facts/card.ts'
import { actorOf, whoSchema } from './actor-answer.ts'

/** Needs the fragment `WHO`. */
export const STATUS_CHANGE = `... on ProjectV2ItemStatusChangedEvent {
  id createdAt previousStatus status wasAutomated
  actor { ...Who }
  project { id }
}`

export const statusChangeSchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  previousStatus: z.string().nullish(),
  status: z.string().nullish(),
  wasAutomated: z.boolean(),
  actor: whoSchema,
  project: z.object({ id: z.string() }).nullable(),
})
type StatusChange = z.infer<typeof statusChangeSchema>

export function moveOf(change: StatusChange): TimelineMove {
  return {
    id: change.id,
    from: change.previousStatus ?? '',
    to: change.status ?? '',
    by: actorOf(change.actor),
    at: change.createdAt,
    automated: change.wasAutomated,
  }
}
