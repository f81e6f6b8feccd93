// What is said about waivers: why one is not granted, which ones are open on a card, and how they end.
import { sameActor } from '../../facts/actor.ts'
import type { OpenWaiver } from '../../facts/record-question.ts'
import type { Waiver, WaiverEnd } from '../../facts/waiver.ts'
import type { Attempt } from '../move.ts'
import { code, plain } from './escape.ts'
import { time } from './numbers.ts'

const MOST_NAMED = 5

export const WAIVE_FORM =
  'Write it on one line: `/andon waive <gate> until <date> because <reason>`, as in `/andon waive offline-eval until 2026-12-01 because its data set is known to be wrong`.'

const names = (all: string[]): string => all.map((one) => code(one)).join(', ')

/** Why a waiver is not granted, and what to do. */
export const WAIVE_REFUSALS = {
  noZone: (text: string) =>
    `${code(text)} has no time zone, so nobody could tell when the waiver ends. Write the date alone (its end, in UTC), or the time as in \`2026-12-01T18:00Z\` or \`2026-12-01T18:00+01:00\`.`,
  noDate: (text: string) =>
    `${code(text)} is no date. Write it as in \`2026-12-01\` (its end, in UTC) or \`2026-12-01T18:00Z\`.`,
  reason: (length: number, shortest: number, longest: number) =>
    `A waiver needs a reason of ${shortest} to ${longest} characters on the same line; this one has ${length}.`,
  policyUnreadable: () => 'The policy cannot be read now, so there is nothing to bind a waiver to.',
  unknownGate: (gates: string[]) => `The policy has no such gate. It has: ${names(gates)}.`,
  notAsked: (gates: string[]) =>
    gates.length === 0
      ? 'No gate stands in the way of this card: move it first, then waive what refuses it.'
      : `This move does not ask that gate. It asks: ${names(gates)}.`,
  notWaivable: (gate: string) =>
    `The policy lets nobody waive ${code(gate)}. A gate that may be waived has \`waive\` with the teams that may.`,
  onlyShown: (gate: string) => `${code(gate)} is only shown (\`enforce: false\`): there is nothing to waive.`,
  noMember: (gate: string, teams: string[]) => `Only members of ${names(teams)} may waive ${code(gate)}.`,
  agent: () => 'An agent cannot accept that a gate fails: ask a person of the team.',
  tied: (how: string) =>
    `Whoever made the change or moved the card may not waive its gates, and this person ${how}. Ask somebody else of the team.`,
  noChange: () => 'The change is not resolved, so there is nothing to bind a waiver to: its manifest comes first.',
  past: (until: string) => `${time(until)} is past.`,
  tooLong: (gate: string, days: number, latest: string) =>
    `${code(gate)} may be waived for ${days} days at most: until ${time(latest)}.`,
  spent: (most: number, open: OpenWaiver[]) =>
    `The board may have ${most} open waivers, and has them: ${open
      .slice(0, MOST_NAMED)
      .map(({ title, gate, by, until }) => `${code(title)} (${code(gate)}, by ${code(by)}, until ${time(until)})`)
      .join('; ')}${open.length > MOST_NAMED ? `; and ${open.length - MOST_NAMED} more` : ''}. One must end first.`,
}

/** The list of a card's open waivers, as Markdown; null where there are none. */
export function openWaivers(waivers: Waiver[], attempt: Attempt): string | null {
  if (waivers.length === 0) return null
  const lines = waivers.map((waiver) => {
    const { gate, until, by, team, reason, compensate } = waiver
    const words = `- ${code(gate)} until ${time(until)}, by ${code(by.login)} of ${code(team)}: ${why(reason, compensate)}`
    return `${words}${waiverNote(waiver, attempt)}`
  })
  return `**Waived on this card**\n\n${lines.join('\n')}`
}

/** The reason as it was typed, and what makes up for the gate meanwhile. */
export function why(reason: string, compensate: string | null): string {
  return `“${plain(reason, 500)}”${compensate === null ? '' : ` Meanwhile: ${plain(compensate, 500)}`}`
}

/** What keeps a waiver from counting for this move. */
function waiverNote({ by, gate }: Waiver, attempt: Attempt): string {
  if (attempt.outcome !== null && attempt.outcome !== 'refused') return ''
  if (sameActor(by, attempt.by)) return ' **It does not count for this move: whoever gave it moved the card.**'
  if (attempt.by.type === 'Unknown') return ' **It does not count for this move: GitHub did not tell who made it.**'
  const refused = attempt.outcome === 'refused' && attempt.gates.some(({ name }) => name === gate)
  return refused ? ' **Move the card again: it counts from then on.**' : ''
}

export const WAIVER_ENDS: Record<WaiverEnd, string> = {
  expired: 'it expired',
  change: 'the change is another one now',
  policy: 'the policy is another one now',
  budget: 'the board had as many open waivers as the policy allows',
  removed: 'the card was archived',
}
