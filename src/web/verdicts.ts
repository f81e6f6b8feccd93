// How a move and a gate stand, as a tone and a word.
import { exceptionOf } from '../core/decision/explain/gate-words.ts'
import type { Attempt, GateState } from '../core/decision/move.ts'
import { REASONS } from '../core/facts/reason.ts'
import { type Verdict, worst } from '../core/facts/verdict.ts'
import { type Html, state, type Tone } from './markup.ts'

/** The worst verdict of what counts for a move; null where it ended undecided. */
export function verdictOf(attempt: Attempt): Verdict | null {
  switch (attempt.outcome) {
    case 'granted':
      return 'pass'
    case 'refused':
      return worst(attempt.refusals.map(({ reason }) => (Object.hasOwn(REASONS, reason) ? REASONS[reason] : 'fail')))
    case null:
      return worst([
        'wait',
        ...attempt.gates.filter(({ enforce }) => enforce).map(({ judgement }) => judgement?.verdict ?? 'wait'),
      ])
    case 'superseded':
    case 'withdrawn':
    case 'removed':
      return null
    default:
      return attempt.outcome satisfies never
  }
}

export function verdictState(verdict: Verdict | null): Html {
  return verdict === null ? state('none', 'not decided') : state(verdict, verdict)
}

export function outcomeState(attempt: Attempt): Html {
  const { outcome, forward } = attempt
  return state(toneOf(outcome), outcome === null ? 'open' : outcome === 'granted' && !forward ? 'moved back' : outcome)
}

export function toneOf(outcome: Attempt['outcome']): Tone {
  switch (outcome) {
    case null:
      return 'wait'
    case 'granted':
      return 'pass'
    case 'refused':
      return 'fail'
    case 'superseded':
    case 'withdrawn':
    case 'removed':
      return 'none'
    default:
      return outcome satisfies never
  }
}

/** A gate that had not answered when the move was settled is no longer waited for. */
export function gateState(gate: GateState, settled: boolean): Html {
  const exception = exceptionOf(gate.judgement)
  if (exception !== null) return state('unsure', exception)
  const verdict = gate.judgement?.verdict ?? 'wait'
  if (verdict !== 'wait') return verdictState(verdict)
  return settled ? state('none', 'not needed') : verdictState('wait')
}

/** What a move's verdict comes from: gates by name, and the codes of rules that forbade it before any gate. */
export function decidedBy(attempt: Attempt): string[] {
  const verdict = verdictOf(attempt)
  if (verdict === null || verdict === 'pass') return []
  if (attempt.outcome === 'refused') return [...new Set(attempt.refusals.map(({ gate, reason }) => gate ?? reason))]
  return attempt.gates
    .filter(({ enforce, judgement }) => enforce && (judgement?.verdict ?? 'wait') === verdict)
    .map(({ name }) => name)
}
