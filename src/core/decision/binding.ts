// What a move is bound to: the change, the commit, the policy, and the gates that follow from them.
import type { Actor } from '../facts/actor.ts'
import type { Binding, GateName } from '../facts/event.ts'
import type { Query } from '../facts/query.ts'
import type { Policy } from '../policy/policy.ts'
import type { Move } from './move.ts'
import { agentsBehind } from './movers.ts'
import { applies, changeKindOf, gatesFor, type Way } from './pipeline.ts'
import { riskOf, riskQueries } from './risk.ts'

/** The move that is bound; `by`: who made it. */
type Bound = Way & { forward: boolean; by: Actor }

/** What must be known before a move can be bound. */
export function bindingQueries(move: Move, policy: Policy | null): Query[] {
  const seen = move.seen
  if (policy === null || seen === null) return []
  return riskQueries(policy, seen.card, changeKindOf(policy, seen.card, seen.change))
}

/** A new commit, an edited manifest, another label or another policy gives another binding, and voids what was judged. */
export function bindingOf(move: Move, policy: Policy | null, way: Bound): Binding {
  const seen = move.seen
  const card = seen?.card
  const change = seen?.change ?? null
  const changeKind = policy && card ? changeKindOf(policy, card, change) : null
  const found = policy && card ? riskOf(policy, card, changeKind, seen.facts) : { risk: 'default' }
  const agents = policy && card ? agentsBehind(policy, card, way.by) : []
  const gates: GateName[] = []
  if (policy && card && way.forward) {
    for (const name of gatesFor(policy, way.from, way.to, way.restored)) {
      const rule = policy.gates[name]
      if (rule && applies(rule, card, changeKind, found.risk, agents))
        gates.push({ name, kind: rule.kind, enforce: rule.enforce })
    }
  }
  return {
    change: change?.digest ?? null,
    commit: seen?.commit ?? null,
    policy: seen?.policy?.digest ?? null,
    changeKind,
    ...found,
    gates,
  }
}
