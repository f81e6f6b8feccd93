// Warns of movers and agents that a policy names and whose rules do not go together.
import type { Problem } from '../facts/problem.ts'
import type { Merged } from './merged.ts'
import type { AgentRule, Policy } from './policy.ts'

export function moverDoubts(policy: Policy, merged: Merged): Problem[] {
  return [...namedAsOthers(policy, merged), ...keptOut(policy, merged)]
}

/** An agent counts by its own name alone: as a person or a bot it is never found. */
function namedAsOthers(policy: Policy, merged: Merged): Problem[] {
  return policy.columns.flatMap(({ movers }, at) =>
    (['users', 'bots'] as const).flatMap((key) =>
      (movers?.[key] ?? []).flatMap((login, index) => {
        const agent = policy.agents?.find((each) => each.login.toLowerCase() === login.toLowerCase())
        if (agent === undefined) return []
        const message = `\`${login}\` is the agent \`${agent.name}\`, which counts by that name alone.`
        const remedy = `Name \`${agent.name}\` in \`agents\` of \`movers\`.`
        return [merged.problem(['columns', at, 'movers', key, index], { message, remedy }, 'value')]
      }),
    ),
  )
}

/** A column and an agent that each forbid what the other allows. */
function keptOut(policy: Policy, merged: Merged): Problem[] {
  const agents = policy.agents ?? []
  const outside = ({ mayEnter }: AgentRule, column: string) => mayEnter !== null && !mayEnter.includes(column)
  return policy.columns.flatMap(({ name, movers }, at) => {
    if (movers === undefined) return []
    const barred = agents.filter((agent) => movers.agents.includes(agent.name) && outside(agent, name))
    const unnamed = agents.filter((agent) => agent.mayEnter?.includes(name) && !movers.agents.includes(agent.name))
    return [
      ...barred.map((agent) =>
        merged.problem(['columns', at, 'movers', 'agents', movers.agents.indexOf(agent.name)], {
          message: `The agent \`${agent.name}\` never enters \`${name}\`: it is not in its \`may-enter\`.`,
          remedy: 'Add the column there, or take the agent out here.',
        }),
      ),
      ...unnamed.map((agent) =>
        merged.problem(['agents', agent.name, 'may-enter', agent.mayEnter?.indexOf(name) ?? 0], {
          message: `The agent \`${agent.name}\` never enters \`${name}\`: the column’s \`movers\` do not name it.`,
          remedy: 'Add the agent there, or take the column out here.',
        }),
      ),
    ]
  })
}
