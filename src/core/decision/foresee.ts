// Guesses what the next decision about a card will have to know, so that one request can ask it along with the card.
import type { Query } from '../facts/query.ts'
import { gateOf } from '../gates/index.ts'
import type { Policy } from '../policy/policy.ts'
import { contextOf } from './context.ts'
import type { Attempt, Move } from './move.ts'
import { agentsBehind } from './movers.ts'
import { applies, changeKindOf, gatesFor, nextColumn } from './pipeline.ts'
import { origin } from './place.ts'
import { riskOf, riskQueries } from './risk.ts'
import { ruleQueries } from './rules.ts'

/** A wrong guess costs one more request and nothing else. `to`: the column a delivery named. */
export function foresee(move: Move, policy: Policy | null, to: string | null, at: string): Query[] {
  const { seen } = move
  if (policy === null) return []
  const open = move.current?.outcome === null ? move.current : null
  const target = to ?? open?.to ?? nextColumn(policy, origin(move))
  const from = origin(move)
  const way = { from, to: target, restored: move.archived }
  const queries = ruleQueries(policy, way, open)
  if (seen === null) return queries
  if (seen.change) {
    const paths = seen.change.parts.flatMap((part) => (part.path === null ? [] : [part.path]))
    if (paths.length > 0)
      queries.push({ fact: 'blobs', repository: seen.change.repository, sha: seen.change.sha, paths })
  }
  const changeKind = changeKindOf(policy, seen.card, seen.change)
  queries.push(...riskQueries(policy, seen.card, changeKind))
  const { risk } = riskOf(policy, seen.card, changeKind, seen.facts)
  const guess = {
    commit: seen.commit,
    changeKind,
    risk,
    from,
    to: target,
    by: open?.by ?? { login: '', id: 0, type: 'Unknown' },
  } as Attempt
  const agents = agentsBehind(policy, seen.card, guess.by)
  for (const name of gatesFor(policy, from, target, move.archived)) {
    const rule = policy.gates[name]
    if (rule === undefined || !applies(rule, seen.card, changeKind, risk, agents)) continue
    const question = gateOf(rule.kind).question(contextOf(move, seen, guess, policy, at), rule.settings)
    if (question.ask === 'github' || question.ask === 'people') queries.push(...question.queries)
  }
  return mergeBlobs(queries)
}

/** One lookup a commit, however many gates ask for its paths; every other query once. */
export function mergeBlobs(queries: Query[]): Query[] {
  const merged = new Map<string, Query>()
  for (const query of queries) {
    const key = query.fact === 'blobs' ? `blobs ${query.repository}@${query.sha}` : JSON.stringify(query)
    const known = merged.get(key)
    if (query.fact === 'blobs' && known?.fact === 'blobs')
      merged.set(key, { ...query, paths: [...new Set([...known.paths, ...query.paths])] })
    else merged.set(key, query)
  }
  return [...merged.values()]
}
