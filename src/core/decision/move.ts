// What Andon remembers of one card: where it may stand, the move that is asked for, and what was measured. Folded from its entries.
import type { Actor } from '../facts/actor.ts'
import type { Commit } from '../facts/card.ts'
import type { EmergencyReview } from '../facts/emergency.ts'
import type { Asked, Event, GateName, Outcome, Refusal } from '../facts/event.ts'
import type { Judgement } from '../facts/judgement.ts'
import type { Reason } from '../facts/reason.ts'
import type { Waiver } from '../facts/waiver.ts'
import type { Approval, WorkflowAnswer } from '../gates/gate.ts'
import { evolveAttempt } from './evolve-attempt.ts'
import { evolveRequest } from './evolve-request.ts'
import { archive, placeCard, seePlace } from './place.ts'
import { bindReviews } from './reviewed.ts'
import { changeSince } from './standing.ts'

/** Where a card stands: a column's name (null: no status) and since when. */
export type Stand = { column: string | null; since: string | null }

export type GateState = GateName & { request: string | null; judgement: Judgement | null }

type Opened = Extract<Event, { kind: 'move-opened' }>

/** One attempt to take the card from one column to another. `outcome` null: it is still open. */
export type Attempt = Omit<Opened, 'kind' | 'at' | 'move' | 'gates'> & {
  id: string
  openedAt: string
  endedAt: string | null
  outcome: Outcome | null
  reason: Reason | null
  refusals: Refusal[]
  /** The cards that stood in the column when a pulled card was refused there. */
  beside?: string[]
  gates: GateState[]
  /** Gates that started because the card arrived; they decide nothing yet. */
  late: GateState[]
  /** Workflows that follow the grant: by request. */
  followUps: string[]
  /** The commit whose check runs a new commit made obsolete, until they are closed. */
  voided: { commit: Commit; gates: GateState[] } | null
  /** The emergency lane that this move asked for and its mover may not use. */
  emergency?: { label: string; teams: string[] }
}

/** A workflow run that Andon asked for. `answer` null: nothing came home yet. */
export type Request = {
  id: string
  name: string
  purpose: 'gate' | 'start' | 'then'
  move: string
  change: string | null
  policy: string | null
  commit: Commit | null
  asked: Asked
  askedAt: string
  deadline: string
  run: { id: number; url: string } | null
  ended: { conclusion: string; attempt: number } | null
  answer: WorkflowAnswer | null
  /** The digest of the evidence document, where there is one. */
  evidence: string | null
  /** `/andon retry` asked for another run: this answer is not used again. */
  dropped: boolean
}

export type Move = {
  /** Whether the card was ever adopted or seen: only then is `home` known. */
  known: boolean
  /** The column that a grant, an adoption or a backward move gave the card. */
  home: string | null
  /** When the card came into `home`. */
  enteredAt: string | null
  place: Stand
  /** Our own move of the card that is ordered and not yet seen done. */
  placing: { from: Stand; to: string | null } | null
  /** Where the card stood before our last move of it, when we moved it, and the timeline's last entry by then. */
  placed: { from: Stand; at: string; mark: string | null } | null
  archived: boolean
  /** When the card was last seen in the archive, or put there by us. */
  archivedAt: string | null
  /** The home that the card had when it was archived; a restored card comes from there. */
  archivedFrom: string | null
  seen: Extract<Event, { kind: 'card-seen' }> | null
  /** A move asked for by label or command, not yet opened. */
  ask: { to: string; by: Actor; via: 'label' | 'command' } | null
  /** By label: which adding of it was heard last, so that each asks once. */
  heard: Record<string, string>
  current: Attempt | null
  requests: Record<string, Request>
  approvals: Approval[]
  /** Those that hold: at most one a gate, the latest. */
  waivers: Waiver[]
  /** Reviews that emergencies of this card owe. */
  reviews: EmergencyReview[]
  /** Urls of the commands that were answered. */
  handled: string[]
  lastCommand: { by: Actor; command: string; refused: string | null; at: string } | null
  /** Since when Andon knows the present change to stand; null where there is none. */
  changeSince: string | null
  /** By the approving review's id: the digest of the change it was given for. */
  reviewed: Record<string, string>
  /** When the manifest was last edited at the present commit: a review of that commit given before did not see it. */
  manifestEditedAt: string | null
  /** The column that could pull the card, and since when; null while it is not ready. */
  ready: { to: string; since: string } | null
  /** The digest of the last readable policy. */
  policy: string | null
}

/** A card of which nothing is known. */
export const NEW_MOVE: Move = {
  known: false,
  home: null,
  enteredAt: null,
  place: { column: null, since: null },
  placing: null,
  placed: null,
  archived: false,
  archivedAt: null,
  archivedFrom: null,
  seen: null,
  ask: null,
  heard: {},
  current: null,
  requests: {},
  approvals: [],
  waivers: [],
  reviews: [],
  handled: [],
  lastCommand: null,
  changeSince: null,
  reviewed: {},
  manifestEditedAt: null,
  ready: null,
  policy: null,
}

/** Remembers one event. Pure: the same events in the same order give the same state. */
export function evolve(move: Move, event: Event): Move {
  switch (event.kind) {
    case 'board-adopted':
    case 'policy-changed':
      return move
    case 'card-adopted':
      return {
        ...move,
        known: true,
        home: event.column,
        enteredAt: event.since,
        place: { column: event.column, since: event.since },
      }
    case 'card-seen':
      return seePlace(
        {
          ...move,
          seen: event,
          changeSince: changeSince(move, event),
          ...bindReviews(move, event),
          policy: readablePolicy(move, event),
        },
        event,
      )
    case 'card-placed':
      return placeCard(move, event)
    case 'card-ready':
      return { ...move, ready: { to: event.to, since: event.at } }
    case 'card-unready':
      return { ...move, ready: null }
    case 'card-archived':
      return archive(move, event.at)
    case 'card-removed':
      return {
        ...move,
        known: true,
        home: null,
        enteredAt: null,
        archivedFrom: null,
        place: { column: null, since: null },
        placing: null,
        ready: null,
        waivers: [],
      }
    case 'move-asked':
      return {
        ...move,
        ask: { to: event.to, by: event.by, via: event.via },
        heard: event.label && event.added ? { ...move.heard, [event.label]: event.added } : move.heard,
      }
    case 'approval-given':
      return {
        ...move,
        handled: [...move.handled, event.url],
        approvals: [
          ...move.approvals,
          { by: event.by, at: event.written ?? event.at, change: event.change, url: event.url },
        ],
      }
    case 'gate-waived': {
      const { kind: _, ...waiver } = event
      return { ...move, waivers: [...without(move, event.gate), waiver] }
    }
    case 'waiver-ended':
      return { ...move, waivers: without(move, event.gate) }
    case 'command-given':
      return evolveRequest(
        {
          ...move,
          handled: [...move.handled, event.url],
          lastCommand: { by: event.by, command: event.command, refused: event.refused, at: event.at },
        },
        event,
      )
    case 'run-started':
    case 'run-ended':
    case 'dispatch-refused':
    case 'evidence-received':
    case 'evidence-refused':
      return evolveRequest(move, event)
    case 'gate-asked':
    case 'workflow-ordered':
      return evolveAttempt(evolveRequest(move, event), event)
    case 'emergency-used': {
      const { move: id, at, by, team, skipped, due } = event
      return { ...move, reviews: [...move.reviews, { move: id, at, by, team, skipped, due, issue: null }] }
    }
    case 'review-opened': {
      const issue = { id: event.issue, number: event.number, url: event.url }
      const reviews = move.reviews.map((review) => (review.move === event.move ? { ...review, issue } : review))
      return { ...move, reviews }
    }
    case 'review-closed':
      return { ...move, reviews: move.reviews.filter((review) => review.move !== event.move) }
    case 'emergency-refused':
    case 'move-opened':
    case 'gate-judged':
    case 'gates-voided':
    case 'move-parked':
    case 'move-granted':
    case 'move-refused':
    case 'move-ended':
      return evolveAttempt(move, event)
    default:
      // A newer version wrote it: whoever only shows the record leaves it out.
      event satisfies never
      return move
  }
}

/** Folds a card's entries. */
export function recall(events: Iterable<Event>, start: Move = NEW_MOVE): Move {
  let move = start
  for (const event of events) move = evolve(move, event)
  return move
}

/** A policy that cannot be read replaces none: the last readable one stays known. */
function readablePolicy(move: Move, event: Extract<Event, { kind: 'card-seen' }>): string | null {
  return event.policy && event.policy.problems.length === 0 ? event.policy.digest : move.policy
}

function without(move: Move, gate: string): Waiver[] {
  return move.waivers.filter((waiver) => waiver.gate !== gate)
}
