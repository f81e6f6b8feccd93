// Who may move a card forward: what a column says of its movers, and a policy of its agents. Unknown is never allowed.
import { type Actor, BOARD_AUTOMATION, isNamed } from '../facts/actor.ts'
import { type Card, declarerOf } from '../facts/card.ts'
import type { Refusal, Via } from '../facts/event.ts'
import type { Facts, Query } from '../facts/query.ts'
import type { AgentRule, ColumnRule, Movers, Policy } from '../policy/policy.ts'
import { columnsEntered, type Way } from './pipeline.ts'

export type Mover = { by: Actor; via: Via }

/** The agent whose account this is, whatever the account's type. */
export function agentOf(policy: Policy, { login }: Actor): AgentRule | null {
  return policy.agents?.find((agent) => agent.login.toLowerCase() === login.toLowerCase()) ?? null
}

/** Names of the agents that moved the card or wrote the change: its pull request, one of its commits, or the issue that declares it. */
export function agentsBehind(policy: Policy, card: Card, by: Actor): string[] {
  const authors = card.pull ? [card.pull.author, ...card.pull.committers] : []
  const names = [by, ...authors, declarerOf(card) ?? by].flatMap((actor) => agentOf(policy, actor)?.name ?? [])
  return [...new Set(names)]
}

/** Whose members must be known to tell whether someone may make this move; `mover` is null while it is not known who. */
export function moverQueries(policy: Policy, way: Way, mover: Mover | null): Query[] {
  const account = mover && accountOf(mover)
  if (mover && account && (account.type !== 'User' || agentOf(policy, account))) return []
  const slugs = columnsEntered(policy, way).flatMap(({ movers }) =>
    movers && !(account && isNamed(movers.users, account)) ? movers.teams : [],
  )
  return [...new Set(slugs)].map((slug) => ({ fact: 'team', slug }))
}

/** Why this mover may not make this forward move. */
export function moverRefusals(policy: Policy, way: Way, mover: Mover, facts: Facts): Refusal[] {
  const account = accountOf(mover)
  const agent = agentOf(policy, account)
  const guarded = columnsEntered(policy, way).filter(
    ({ movers, pull }) => movers !== undefined && !(pull && mover.via === 'andon'),
  )
  const to = way.to ?? ''
  if (mover.by.type === 'Unknown' && account === mover.by) {
    const restricted = policy.agents?.some(({ mayEnter }) => mayEnter !== null && !mayEnter.includes(to)) ?? false
    return guarded.length > 0 || restricted ? [refuse('mover-unknown', [to])] : []
  }
  const found = guarded.flatMap((rule) => refusalOf(rule, account, agent, facts))
  if (agent?.mayEnter && !agent.mayEnter.includes(to))
    found.push(refuse('agent-not-allowed', [agent.name, to, ...agent.mayEnter]))
  return found
}

function refusalOf({ name, movers }: ColumnRule, account: Actor, agent: AgentRule | null, facts: Facts): Refusal[] {
  if (movers === undefined || mayMove(movers, account, agent, facts)) return []
  if (account.type === 'User' && agent === null) {
    const unknown = movers.teams.filter((slug) => facts.teams[slug] === null)
    if (unknown.length > 0) return [refuse('team-unknown', unknown)]
    // Not read yet: `moverQueries` asks for it, and nothing is decided before.
    if (movers.teams.some((slug) => facts.teams[slug] === undefined)) return []
  }
  return [refuse('mover-not-allowed', [account.login, name, ...sayWho(movers)])]
}

/** An agent has only its own name to count by. */
function mayMove(movers: Movers, account: Actor, agent: AgentRule | null, facts: Facts): boolean {
  if (agent) return movers.agents.includes(agent.name)
  switch (account.type) {
    case 'Bot':
      return isNamed(movers.bots, account)
    case 'User':
      return isNamed(movers.users, account) || movers.teams.some((slug) => isNamed(facts.teams[slug] ?? [], account))
    case 'Unknown':
      return false
    default:
      return account.type satisfies never
  }
}

/** Whoever set GitHub's board automation going, it is the automation that moves the card. */
function accountOf({ by, via }: Mover): Actor {
  return via === 'automation' ? { login: BOARD_AUTOMATION, id: 0, type: 'Bot' } : by
}

function sayWho({ teams, users, bots, agents }: Movers): string[] {
  return [...teams.map((slug) => `team ${slug}`), ...users, ...bots, ...agents.map((name) => `agent ${name}`)]
}

function refuse(reason: Refusal['reason'], detail: string[]): Refusal {
  return { reason, gate: null, detail }
}
