// What to do about what was decided, as data. `flow/perform` does it; every one can be done twice and is seen once.
import type { Event } from '../facts/event.ts'
import { dispatchInput } from './dispatch-input.ts'
import { checksFor } from './explain/checks.ts'
import { commentFor } from './explain/comment.ts'
import { reviewIssue, reviewMarker } from './explain/review-issue.ts'
import type { Move, Stand } from './move.ts'

export type Effect =
  /** Moves the card; null clears its status. Not done where the card stands elsewhere than `expected`. */
  | { effect: 'place-card'; column: string | null; expected: Stand; why: 'return' | 'advance' | 'ask' }
  | { effect: 'archive-card' }
  | {
      effect: 'write-check'
      name: string
      repository: string
      sha: string
      externalId: string
      conclusion: 'success' | 'neutral' | 'failure' | 'action_required' | 'cancelled' | null
      title: string
      summary: string
      text: string
    }
  | { effect: 'write-comment'; body: string }
  /** Takes a label off that was answered; one that was added again since asks anew, and stays. */
  | { effect: 'remove-label'; label: string; added?: string }
  /** Found again by its `marker`, which stands in the body. */
  | { effect: 'open-issue'; move: string; marker: string; title: string; body: string; labels: string[] }
  | { effect: 'dispatch-workflow'; request: string; file: string; input: Record<string, unknown> }

/** The acts that one event orders. `move` is the card as it is right after the event; a later order of the same key replaces an earlier one. */
export function effects(move: Move, event: Event): Effect[] {
  switch (event.kind) {
    case 'move-opened':
      // Nothing is shown yet: what is asked, granted or refused at once follows in the same turn.
      return place(move, 'ask')
    case 'move-asked':
      if (event.label === null) return []
      return [{ effect: 'remove-label', label: event.label, ...(event.added && { added: event.added }) }]
    case 'gate-asked':
    case 'workflow-ordered':
      return [...dispatch(move, event), ...shown(move)]
    case 'move-parked':
      return [...place(move, 'return'), ...shown(move)]
    case 'move-granted':
      return [...place(move, 'advance'), ...shown(move)]
    case 'move-refused':
      return [
        ...(move.current?.restored ? [{ effect: 'archive-card' } as const] : place(move, 'return')),
        ...shown(move),
      ]
    case 'gate-judged':
    case 'gates-voided':
    case 'move-ended':
    case 'run-started':
    case 'command-given':
    case 'gate-waived':
    case 'waiver-ended':
    case 'emergency-refused':
    case 'review-opened':
    case 'review-closed':
      return shown(move)
    case 'run-ended':
    case 'dispatch-refused':
      return move.current?.followUps.includes(event.request) ? shown(move) : []
    case 'emergency-used':
      return [...issue(move, event), ...shown(move)]
    case 'board-adopted':
    case 'policy-changed':
    case 'card-adopted':
    case 'card-seen':
    case 'card-placed':
    case 'card-archived':
    case 'card-removed':
    case 'card-ready':
    case 'card-unready':
    case 'approval-given':
    case 'evidence-received':
    case 'evidence-refused':
      return []
    default:
      event satisfies never
      return []
  }
}

/** Orders of one kind and key replace each other while they wait: only the latest comment is written. */
export function orderKey(effect: Effect): string {
  switch (effect.effect) {
    case 'place-card':
    case 'archive-card':
      return 'place'
    case 'write-check':
      return `check:${effect.externalId}:${effect.sha}:${effect.name}`
    case 'write-comment':
      return 'comment'
    case 'remove-label':
      return `label:${effect.label}`
    case 'open-issue':
      return `issue:${effect.move}`
    case 'dispatch-workflow':
      return `dispatch:${effect.request}`
    default:
      return effect satisfies never
  }
}

function place(move: Move, why: 'return' | 'advance' | 'ask'): Effect[] {
  return move.placing ? [{ effect: 'place-card', column: move.placing.to, expected: move.placing.from, why }] : []
}

function shown(move: Move): Effect[] {
  const body = commentFor(move)
  return [...checksFor(move), ...(body === null ? [] : [{ effect: 'write-comment' as const, body }])]
}

function issue(move: Move, event: Extract<Event, { kind: 'emergency-used' }>): Effect[] {
  const review = move.reviews.find((one) => one.move === event.move)
  if (review === undefined) return []
  const marker = reviewMarker(event.move)
  return [{ effect: 'open-issue', move: event.move, marker, labels: event.labels, ...reviewIssue(move, review) }]
}

function dispatch(move: Move, event: Extract<Event, { kind: 'gate-asked' | 'workflow-ordered' }>): Effect[] {
  const request = move.requests[event.request]
  const input = request && dispatchInput(move, request)
  return input ? [{ effect: 'dispatch-workflow', request: event.request, file: event.asked.file, input }] : []
}
