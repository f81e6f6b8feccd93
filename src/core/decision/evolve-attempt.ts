// Remembers the course of one move: opened, asked, judged, granted or refused.
import type { Event } from '../facts/event.ts'
import type { Attempt, GateState, Move } from './move.ts'

type AttemptEvent = Extract<
  Event,
  {
    kind:
      | 'move-opened'
      | 'gate-asked'
      | 'workflow-ordered'
      | 'gate-judged'
      | 'gates-voided'
      | 'move-parked'
      | 'move-granted'
      | 'move-refused'
      | 'move-ended'
      | 'emergency-refused'
  }
>

export function evolveAttempt(move: Move, event: AttemptEvent): Move {
  if (event.kind === 'move-opened') return open(move, event)
  const current = move.current
  if (current === null || current.id !== event.move) return move
  switch (event.kind) {
    case 'gate-asked':
      return event.purpose === 'start'
        ? { ...move, current: { ...current, late: [...current.late, started(event)] } }
        : { ...move, current: gate(current, event.gate, { request: event.request, judgement: null }) }
    case 'workflow-ordered':
      return { ...move, current: { ...current, followUps: [...current.followUps, event.request] } }
    case 'gate-judged':
      return { ...move, current: judged(current, event) }
    case 'gates-voided':
      return {
        ...move,
        current: {
          ...(({ riskBy: _, ...rest }) => rest)(current),
          ...(({ change, commit, policy, changeKind, risk }) => ({ change, commit, policy, changeKind, risk }))(event),
          ...(event.riskBy ? { riskBy: event.riskBy } : {}),
          gates: event.gates.map(unasked),
          voided:
            current.commit && current.commit.sha !== event.commit?.sha
              ? { commit: current.commit, gates: current.gates }
              : current.voided,
        },
      }
    case 'move-parked':
      return { ...move, placing: { from: move.place, to: move.home } }
    case 'move-granted': {
      const ended: Attempt = { ...current, outcome: 'granted', reason: event.reason, endedAt: event.at }
      const arrived = move.place.column === current.to
      return {
        ...move,
        known: true,
        ready: null,
        archived: false,
        archivedFrom: null,
        home: current.to,
        enteredAt: arrived ? (move.place.since ?? event.at) : event.at,
        placing: arrived ? null : { from: move.place, to: current.to },
        current: ended,
      }
    }
    case 'move-refused': {
      const ended: Attempt = {
        ...current,
        outcome: 'refused',
        reason: 'gates-not-passed',
        refusals: event.reasons,
        ...(current.via === 'andon' ? { beside: cardsBeside(move, current.to) } : {}),
        endedAt: event.at,
      }
      // Wherever it stands, nothing but its home was granted to it.
      const away = move.place.column !== move.home && !current.restored
      return { ...move, ready: null, placing: away ? { from: move.place, to: move.home } : null, current: ended }
    }
    case 'emergency-refused':
      return { ...move, current: { ...current, emergency: { label: event.label, teams: event.teams } } }
    case 'move-ended':
      return { ...move, ready: null, current: { ...current, outcome: event.outcome, endedAt: event.at } }
    default:
      return event satisfies never
  }
}

function open(move: Move, event: Extract<Event, { kind: 'move-opened' }>): Move {
  const { kind: _, at, move: id, gates, ...rest } = event
  const away = event.to !== move.place.column
  // Our own move overwrote this wish: what it left is known now, and the wish is not found again.
  const left = away && event.since !== null ? { column: event.to, since: event.since } : move.placed?.from
  return {
    ...move,
    known: true,
    // While it is on its way, nobody else is to take its turn.
    ready: event.via === 'andon' ? move.ready : null,
    ask: event.via === 'label' || event.via === 'command' ? null : move.ask,
    placing: away && event.whileWaiting === 'stay' ? { from: move.place, to: event.to } : move.placing,
    placed: move.placed && left ? { ...move.placed, from: left } : move.placed,
    current: {
      ...rest,
      id,
      openedAt: at,
      endedAt: null,
      outcome: null,
      reason: null,
      refusals: [],
      gates: gates.map(unasked),
      late: [],
      followUps: [],
      voided: null,
    },
  }
}

/** The other cards in a column, by the last read of this one. */
export function cardsBeside({ seen }: Move, column: string | null): string[] {
  const cards = seen?.facts.columns[column ?? ''] ?? []
  return cards.filter(({ archived, item }) => !archived && item !== seen?.card.address.item).map(({ item }) => item)
}

function unasked(gate: { name: string; kind: string; enforce: boolean }): GateState {
  return { ...gate, request: null, judgement: null }
}

function gate(attempt: Attempt, name: string, change: Partial<GateState>): Attempt {
  return { ...attempt, gates: attempt.gates.map((state) => (state.name === name ? { ...state, ...change } : state)) }
}

function started(event: Extract<Event, { kind: 'gate-asked' }>): GateState {
  const judgement = { verdict: 'wait' as const, reason: 'run-requested' as const, until: event.deadline }
  return { name: event.gate, kind: 'evaluation', enforce: false, request: event.request, judgement }
}

function judged(attempt: Attempt, event: Extract<Event, { kind: 'gate-judged' }>): Attempt {
  const { request, judgement } = event
  const isLate = attempt.late.some((state) => state.request === request && request !== null)
  if (!isLate) return gate(attempt, event.gate, { request, judgement })
  return {
    ...attempt,
    late: attempt.late.map((state) => (state.request === request ? { ...state, judgement } : state)),
  }
}
