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
  }
>

export function evolveAttempt(move: Move, event: AttemptEvent): Move {
  if (event.kind === 'move-opened') return open(move, event)
  const current = move.current
  if (current === null || current.id !== event.move) return move
  switch (event.kind) {
    case 'gate-asked':
      return event.purpose === 'start'
        ? { ...move, current: { ...current, followUps: [...current.followUps, event.request] } }
        : { ...move, current: gate(current, event.gate, { request: event.request, judgement: null }) }
    case 'workflow-ordered':
      return { ...move, current: { ...current, followUps: [...current.followUps, event.request] } }
    case 'gate-judged':
      return { ...move, current: gate(current, event.gate, { request: event.request, judgement: event.judgement }) }
    case 'gates-voided':
      return {
        ...move,
        current: {
          ...current,
          ...(({ change, commit, policy, changeKind, risk }) => ({ change, commit, policy, changeKind, risk }))(event),
          gates: event.gates.map(unasked),
          voided: current.commit && current.commit.sha !== event.commit?.sha ? { commit: current.commit, gates: current.gates } : current.voided,
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
        archived: false,
        home: current.to,
        enteredAt: arrived ? (move.place.since ?? event.at) : event.at,
        placing: arrived ? null : { from: move.place, to: current.to },
        current: ended,
      }
    }
    case 'move-refused': {
      const ended: Attempt = { ...current, outcome: 'refused', reason: 'gates-not-passed', refusals: event.reasons, endedAt: event.at }
      const away = move.place.column === current.to && move.place.column !== move.home && !current.restored
      return { ...move, placing: away ? { from: move.place, to: move.home } : move.placing, current: ended }
    }
    case 'move-ended':
      return { ...move, current: { ...current, outcome: event.outcome, endedAt: event.at } }
    default:
      return event satisfies never
  }
}

function open(move: Move, event: Extract<Event, { kind: 'move-opened' }>): Move {
  const { kind: _, at, move: id, gates, ...rest } = event
  return {
    ...move,
    known: true,
    ask: null,
    placing: event.since === null && event.to !== move.place.column && event.whileWaiting === 'stay' ? { from: move.place, to: event.to } : move.placing,
    current: {
      ...rest,
      id,
      openedAt: at,
      endedAt: null,
      outcome: null,
      reason: null,
      refusals: [],
      gates: gates.map(unasked),
      followUps: [],
      voided: null,
    },
  }
}

function unasked(gate: { name: string; kind: string; enforce: boolean }): GateState {
  return { ...gate, request: null, judgement: null }
}

function gate(attempt: Attempt, name: string, change: Partial<GateState>): Attempt {
  return { ...attempt, gates: attempt.gates.map((state) => (state.name === name ? { ...state, ...change } : state)) }
}
