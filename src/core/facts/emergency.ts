// The review that an emergency owes: who skipped what, until when it is due, and the issue it is done in.
import type { Actor } from './actor.ts'

/** `team`: whose member used the lane. `issue` null: it could not be opened yet. `id`: its GraphQL node id. */
export type EmergencyReview = {
  move: string
  at: string
  by: Actor
  team: string
  skipped: string[]
  due: string
  issue: { id: string; number: number; url: string } | null
}

/** One that is due on any card of the board, and of which no closing is recorded. */
export type DueReview = Omit<EmergencyReview, 'at' | 'skipped'> & { item: string; title: string }

/** `closedBy` null: it is open, or GitHub does not say who closed it. */
export type IssueState = { open: boolean; closedBy: Actor | null }
