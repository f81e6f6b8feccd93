// The five answers a gate can give, from best to worst. Only `pass` lets a card through.

export const VERDICTS = ['pass', 'wait', 'unsure', 'error', 'fail'] as const

/**
 * `wait`: not answered yet. `unsure`: measured, but the data cannot decide. `error`: could not be measured.
 */
export type Verdict = (typeof VERDICTS)[number]

/** The worst of some verdicts; `pass` when there are none, because no gate then stands in the way. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let found: Verdict = 'pass'
  for (const verdict of verdicts) if (VERDICTS.indexOf(verdict) > VERDICTS.indexOf(found)) found = verdict
  return found
}
