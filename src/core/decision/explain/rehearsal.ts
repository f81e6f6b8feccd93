// What a rehearsed move would meet, in plain words: for the terminal, where nothing was asked and nothing is shown on GitHub.
import type { Verdict } from '../../facts/verdict.ts'
import type { GateState } from '../move.ts'
import type { Rehearsal, Started } from '../rehearse.ts'
import { nextSteps } from './comment.ts'
import { found } from './gate-words.ts'
import { unmarkedWords } from './pieces.ts'
import { reasonWords } from './reasons.ts'

type Played = Extract<Rehearsal, { attempt: unknown }>

/** One gate: `says` are lines. `verdict` null: it would not be asked, or its workflow would be started. */
export type GateWords = { gate: string; verdict: Verdict | null; starts: string | null; shown: boolean; says: string[] }

const OUTCOMES = {
  pass: 'would be granted',
  wait: 'would wait',
  refuse: 'would be refused',
} satisfies Record<Played['outcome'], string>

export function outcomeWords(outcome: Played['outcome']): string {
  return OUTCOMES[outcome]
}

/** Why a rule refuses the move before any gate is asked. */
export function ruleWords({ attempt }: Played): string[] {
  const rules = attempt.refusals.filter((refusal) => refusal.gate === null)
  return rules.map(({ reason, detail }) => unmarkedWords(reasonWords(reason, detail)))
}

export function gateWords({ attempt, starts }: Played): GateWords[] {
  // Where a rule refuses, no gate is asked.
  if (attempt.refusals.some((refusal) => refusal.gate === null)) return []
  return attempt.gates.map((gate) => wordsOf(gate, starts))
}

function wordsOf({ name, enforce, judgement }: GateState, starts: Started[]): GateWords {
  const started = starts.find((each) => each.name === name && each.when === 'asked')
  const words = { gate: name, shown: !enforce }
  if (started) return { ...words, verdict: null, starts: started.file, says: [`Would start ${started.file}.`] }
  if (judgement === null)
    return { ...words, verdict: null, starts: null, says: ['Would not be asked: the move is refused before.'] }
  return { ...words, verdict: judgement.verdict, starts: null, says: unmarkedWords(found(judgement)).split('<br>') }
}

/** What would run once the move is granted. */
export function grantedWords({ starts }: Played): string[] {
  const granted = starts.filter((each) => each.when === 'granted')
  return granted.map(({ name, file }) => `Once it is granted, ${file} would start (${name}).`)
}

/** What is still needed, each step once; a workflow that would start by itself needs nobody. */
export function neededWords({ attempt }: Played): string[] {
  return nextSteps(attempt).map(unmarkedWords)
}
