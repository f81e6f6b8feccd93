// Warns of rules in a policy that can never apply, or that always pass.
import type { Problem } from '../facts/problem.ts'
import type { Window } from '../gates/freeze-window.ts'
import type { Merged } from './merged.ts'
import type { Policy } from './policy.ts'

export function vainRules(policy: Policy, merged: Merged): Problem[] {
  return windowsForNobody(policy, merged)
}

/** The names a card's risk may have: those of the rules, and `default` where none matches. */
function risksOf(policy: Policy): string[] {
  return ['default', ...policy.risk.map((rule) => rule.name)]
}

function windowsForNobody(policy: Policy, merged: Merged): Problem[] {
  return Object.values(policy.gates).flatMap((gate) => {
    if (gate.kind !== 'freeze') return []
    const { windows } = gate.settings as { windows: Window[] }
    return windows.flatMap(({ except }, at) => {
      const everybody = except?.risk && !except.changes && risksOf(policy).every((risk) => except.risk?.includes(risk))
      if (!everybody) return []
      const message = 'This window never freezes anything: it excepts every risk there is.'
      return [
        merged.problem(['gates', gate.name, 'windows', at, 'except', 'risk'], {
          message,
          remedy: 'Leave out one of them, or the window.',
        }),
      ]
    })
  })
}
