// What a move is bound to: the change, the commit, the policy, and the gates that follow from them.
import type { Commit } from '../facts/card.ts'
import type { GateName } from '../facts/event.ts'
import type { Policy } from '../policy/policy.ts'
import type { Move } from './move.ts'
import { applies, changeKindOf, gatesFor, riskOf } from './pipeline.ts'

export type Binding = {
  change: string | null
  commit: Commit | null
  policy: string | null
  changeKind: string | null
  risk: string
  gates: GateName[]
}

export type Way = { from: string | null; to: string | null; forward: boolean; restored: boolean }

/** A new commit, an edited manifest, another label or another policy gives another binding, and voids what was judged. */
export function bindingOf(move: Move, policy: Policy | null, way: Way): Binding {
  const seen = move.seen
  const card = seen?.card
  const change = seen?.change ?? null
  const changeKind = policy && card ? changeKindOf(policy, card, change) : null
  const risk = policy && card ? riskOf(policy, card, changeKind) : 'default'
  const gates: GateName[] = []
  if (policy && card && way.forward) {
    for (const name of gatesFor(policy, way.from, way.to, way.restored)) {
      const rule = policy.gates[name]
      if (rule && applies(rule, card, changeKind, risk)) gates.push({ name, kind: rule.kind, enforce: rule.enforce })
    }
  }
  return {
    change: change?.digest ?? null,
    commit: seen?.commit ?? null,
    policy: seen?.policy?.digest ?? null,
    changeKind,
    risk,
    gates,
  }
}
