// What to do about what was decided, as data. `flow/perform` does it.

export type Effect =
  /** Moves the card. `column` null clears the field. Not done where the card stands elsewhere than `expected` says. */
  | { effect: 'place-card'; column: string | null; expected: { column: string | null; since: string | null }; why: 'return' | 'advance' | 'ask' }
  | { effect: 'archive-card' }
  | {
      effect: 'write-check'
      name: string
      repository: string
      sha: string
      externalId: string
      conclusion: 'success' | 'failure' | 'action_required' | 'cancelled' | null
      title: string
      summary: string
      text: string
    }
  | { effect: 'write-comment'; body: string }
  | { effect: 'remove-label'; label: string }
  | { effect: 'dispatch-workflow'; request: string; file: string; input: Record<string, unknown> }
