// What a rehearsal found, as JSON for scripts.
import { gateWords, grantedWords, neededWords, ruleWords } from '../../core/decision/explain/rehearsal.ts'
import type { Rehearsed } from '../../flow/rehearse-board.ts'

/** `record`: whether there was one to look into. */
export function jsonOf(all: Rehearsed[], record: boolean): string {
  return `${JSON.stringify({ record, cards: all.map(cardOf) }, null, 2)}\n`
}

function cardOf({ card, home, waits, rehearsal, unfinished }: Rehearsed): object {
  const { content } = card
  const about = {
    card: content ? `${content.repository}#${content.number}` : null,
    item: card.address.item,
    title: card.title,
    url: content?.url ?? null,
    column: card.place.column?.name ?? null,
    waits,
    outcome: rehearsal.outcome,
    ...(unfinished ? { unfinished } : {}),
  }
  if (!('attempt' in rehearsal)) return about
  const { attempt, starts } = rehearsal
  const words = new Map(gateWords(rehearsal).map((each) => [each.gate, each]))
  const gates = attempt.gates
    .filter(({ name }) => words.has(name))
    .map(({ name, kind, enforce, judgement }) => {
      const { verdict = null, starts = null, says = [] } = words.get(name) ?? {}
      // The judgement of a run that would only now be asked for would be about nothing.
      return {
        gate: name,
        kind,
        enforce,
        verdict,
        starts,
        says,
        ...(starts === null && judgement ? { judgement } : {}),
      }
    })
  const { commit, change, changeKind, risk, refusals } = attempt
  return {
    ...about,
    move: { from: home, to: attempt.to },
    ...{ change, commit: commit?.sha ?? null, kind: changeKind, risk },
    rules: ruleWords(rehearsal),
    reasons: refusals.map(({ gate, reason }) => ({ gate, reason })),
    gates,
    starts,
    granted: grantedWords(rehearsal),
    needed: neededWords(rehearsal),
  }
}
