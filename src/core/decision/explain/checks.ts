// The check runs of a move: `andon` for the whole, `andon / <gate>` for each gate.
import type { Commit } from '../../facts/card.ts'
import type { Verdict } from '../../facts/verdict.ts'
import type { Effect } from '../effects.ts'
import type { Attempt, GateState, Move } from '../move.ts'
import { headline, isQuiet, nextSteps } from './comment.ts'
import { code, oneLine } from './escape.ts'
import { checkSummary, checkTitle, exceptionOf, unmarked, verdictSign } from './gate-words.ts'
import { reasonWords } from './reasons.ts'

type CheckEffect = Extract<Effect, { effect: 'write-check' }>

/** The name of the check to make required. */
const MOVE_CHECK = 'andon'

function gateCheckName(gate: string): string {
  return `${MOVE_CHECK} / ${gate}`
}

/**
 * No check run for a commit that nobody named: a refused idea must not paint the default branch red. None either for a
 * move that asked nothing: a required `andon` must not turn green because a card was put into the backlog.
 */
export function checksFor(move: Move): CheckEffect[] {
  const attempt = move.current
  if (attempt === null || !attempt.forward || isQuiet(attempt)) return []
  const checks: CheckEffect[] = []
  if (attempt.voided && !attempt.voided.commit.floating) {
    checks.push(...cancelled(attempt, attempt.voided.commit, attempt.voided.gates))
  }
  if (attempt.commit === null || attempt.commit.floating) return checks
  checks.push(moveCheck(move, attempt, attempt.commit))
  for (const gate of [...attempt.gates, ...attempt.late]) checks.push(gateCheck(attempt, attempt.commit, gate))
  return checks
}

function moveCheck(move: Move, attempt: Attempt, commit: Commit): CheckEffect {
  const next = nextSteps(attempt)
  const reasons = attempt.refusals.map((refusal) => {
    const words = reasonWords(refusal.reason, refusal.detail)
    return `- ${refusal.gate === null ? '' : `${code(refusal.gate)}: `}${words}`
  })
  const gates = attempt.gates.map(
    (gate) => `- ${gate.judgement ? verdictSign(gate.judgement) : '▫️'} ${code(gate.name)}`,
  )
  const summary = [
    ...(reasons.length > 0
      ? [reasons.join('\n')]
      : gates.length > 0
        ? [gates.join('\n')]
        : ['This column asks nothing of the card.']),
  ]
  if (next.length > 0) summary.push(`**Next**\n\n${next.map((step) => `- ${step}`).join('\n')}`)
  return {
    ...base(attempt, commit, MOVE_CHECK),
    conclusion: moveConclusion(attempt),
    title: oneLine(unmarked(headline(move, attempt)).replace(/^\S+ /, '')),
    summary: summary.join('\n\n'),
  }
}

function gateCheck(attempt: Attempt, commit: Commit, gate: GateState): CheckEffect {
  const verdict = gate.judgement?.verdict ?? 'wait'
  const settled = attempt.outcome !== null && !attempt.late.includes(gate)
  return {
    ...base(attempt, commit, gateCheckName(gate.name)),
    conclusion:
      exceptionOf(gate.judgement) !== null
        ? 'neutral'
        : verdict === 'wait'
          ? settled
            ? 'cancelled'
            : null
          : conclude(verdict),
    title: checkTitle(gate.judgement),
    summary: checkSummary(gate),
  }
}

function cancelled(attempt: Attempt, commit: Commit, gates: GateState[]): CheckEffect[] {
  const words = {
    conclusion: 'cancelled' as const,
    title: 'Superseded by a newer state of the change',
    summary: 'The change is another one now; its gates are asked again.',
  }
  return [MOVE_CHECK, ...gates.map((gate) => gateCheckName(gate.name))].map((name) => ({
    ...base(attempt, commit, name),
    ...words,
  }))
}

function base(attempt: Attempt, commit: Commit, name: string): Omit<CheckEffect, 'conclusion' | 'title' | 'summary'> {
  return {
    effect: 'write-check',
    name,
    repository: commit.repository,
    sha: commit.sha,
    externalId: attempt.id,
    text: '',
  }
}

function moveConclusion(attempt: Attempt): CheckEffect['conclusion'] {
  switch (attempt.outcome) {
    case null:
      return null
    case 'granted':
      return 'success'
    case 'refused': {
      const verdicts = attempt.gates.filter((gate) => gate.enforce).map((gate) => gate.judgement?.verdict)
      const onlyUnsure = verdicts.includes('unsure') && !verdicts.includes('fail') && !verdicts.includes('error')
      return onlyUnsure && attempt.refusals.every((refusal) => refusal.gate !== null) ? 'action_required' : 'failure'
    }
    case 'superseded':
    case 'withdrawn':
    case 'removed':
      return 'cancelled'
    default:
      return attempt.outcome satisfies never
  }
}

function conclude(verdict: Exclude<Verdict, 'wait'>): CheckEffect['conclusion'] {
  switch (verdict) {
    case 'pass':
      return 'success'
    case 'unsure':
      return 'action_required'
    case 'error':
    case 'fail':
      return 'failure'
    default:
      return verdict satisfies never
  }
}
