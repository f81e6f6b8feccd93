// Reads `/andon …` out of a comment, and says who may give which command.
import type { Actor } from '../facts/actor.ts'
import { type Facts, isMember, type Query } from '../facts/query.ts'
import type { Policy } from '../policy/policy.ts'
import { agentOf } from './movers.ts'
import { readWaive, type Waive } from './waive-command.ts'
import { waiveQueries } from './waiver.ts'

export type Command = { command: 'status' } | { command: 'retry'; gate: string | null } | { command: 'approve' } | Waive

export type ReadCommand = { ok: true; command: Command } | { ok: false; message: string }

const KNOWN =
  'Andon knows `/andon status`, `/andon retry [gate]`, `/andon approve` and `/andon waive <gate> until <date> because <reason>`.'
const LATER = ['rollback']

export const RETRY_OF_GRANTED =
  'The move is granted already, and its gates stay as they were judged. Move the card on: the next move asks its own gates, and again those that could not be measured.'

/** The command of a comment whose first line begins with `/andon`; null where it is no command. */
export function readCommand(body: string): ReadCommand | null {
  const line = /^\s*\/andon(?:[ \t]+([^\r\n]*))?\s*$/m.exec(body.split(/\r?\n/)[0] ?? '')
  if (line === null) return null
  const words = (line[1] ?? '').trim()
  const [word = '', ...rest] = words.split(/\s+/)
  switch (word.toLowerCase()) {
    case 'status':
      return { ok: true, command: { command: 'status' } }
    case 'approve':
      return { ok: true, command: { command: 'approve' } }
    case 'retry':
      return rest.length > 1
        ? { ok: false, message: 'Name one gate, or none: `/andon retry offline-eval`.' }
        : { ok: true, command: { command: 'retry', gate: rest[0] ?? null } }
    case 'waive':
      return readWaive(words.slice(word.length))
    default:
      if (LATER.includes(word.toLowerCase()))
        return { ok: false, message: 'This command is not available in this version of Andon.' }
      return { ok: false, message: KNOWN }
  }
}

/** Slugs of all teams that the policy names: their members may command. */
function commandTeams(policy: Policy): string[] {
  const slugs = Object.values(policy.gates).flatMap((rule) => {
    const { teams } = rule.settings as { teams?: string[] }
    return rule.kind === 'approval' ? (teams ?? []) : []
  })
  return [...new Set(slugs)]
}

/** What must be known of GitHub to tell whether someone may give this command. */
export function commandQueries(command: Command, policy: Policy): Query[] {
  if (command.command === 'waive') return waiveQueries(command, policy)
  return command.command === 'retry' ? commandTeams(policy).map((slug) => ({ fact: 'team', slug })) : []
}

/**
 * Why a command is not carried out; null where it is. An approval is only noted here: its gate says whether it counts.
 * A waiver has rules of its own.
 */
export function refuseCommand(command: Command, by: Actor, policy: Policy, facts: Facts): string | null {
  if (by.type !== 'User' || agentOf(policy, by)) return 'Only people can give commands.'
  if (command.command !== 'retry') return null
  if (command.gate !== null && !Object.hasOwn(policy.gates, command.gate))
    return `The policy has no such gate. It has: ${Object.keys(policy.gates)
      .map((name) => `\`${name}\``)
      .join(', ')}.`
  const teams = commandTeams(policy)
  if (teams.length === 0)
    return 'Members of the teams that the policy names may do this, and the policy names none. Move the card again instead.'
  const member = teams.some((slug) => isMember(facts, slug, by))
  return member ? null : `Only members of ${teams.map((slug) => `\`${slug}\``).join(', ')} may do this.`
}
