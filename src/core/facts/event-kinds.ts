// The kinds of all events, as a list to choose from.
import type { EventKind } from './event.ts'

/** Held complete by the compiler: a kind that is added to `Event` is missing here until it is named. */
const KINDS: Record<EventKind, true> = {
  'board-adopted': true,
  'policy-changed': true,
  'card-adopted': true,
  'card-seen': true,
  'move-asked': true,
  'approval-given': true,
  'gate-waived': true,
  'command-given': true,
  'run-started': true,
  'run-ended': true,
  'dispatch-refused': true,
  'evidence-received': true,
  'evidence-refused': true,
  'card-placed': true,
  'review-opened': true,
  'card-archived': true,
  'card-removed': true,
  'move-opened': true,
  'gate-asked': true,
  'gate-judged': true,
  'gates-voided': true,
  'move-parked': true,
  'move-granted': true,
  'move-refused': true,
  'move-ended': true,
  'emergency-refused': true,
  'emergency-used': true,
  'review-closed': true,
  'waiver-ended': true,
  'card-ready': true,
  'card-unready': true,
  'workflow-ordered': true,
}

export const EVENT_KINDS = Object.keys(KINDS)

/** False for a kind that only a newer version knows. */
export function isKnownKind(kind: string): boolean {
  return Object.hasOwn(KINDS, kind)
}
