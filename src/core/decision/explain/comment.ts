// The one comment on a card: what was asked, what each gate said, why, and what to do next.
import type { Reason } from '../../facts/reason.ts'
import type { Attempt, GateState, Move } from '../move.ts'
import { emergencyWords } from './emergency-words.ts'
import { code, link } from './escape.ts'
import { exceptionOf, found, verdictSign } from './gate-words.ts'
import { short, time } from './numbers.ts'
import { reasonWords, remedyWords } from './reasons.ts'
import { openWaivers } from './waiver-words.ts'

/** Tells Andon's comment from all others, together with its author. */
export const COMMENT_MARKER = '<!-- andon:card -->'

/** The comment as Markdown; null while nothing was asked of the card. Links to the record begin with `andon://`. */
export function commentFor(move: Move): string | null {
  const attempt = move.current
  if (attempt === null || (isQuiet(attempt) && !move.seen?.card.comment)) return null
  const parts = [COMMENT_MARKER, `### ${headline(move, attempt)}`, asked(attempt)]
  const refused = attempt.refusals.filter((refusal) => refusal.gate === null)
  for (const refusal of refused) parts.push(reasonWords(refusal.reason, refusal.detail))
  if (attempt.gates.length > 0 && refused.length === 0)
    parts.push(gateTable(move, attempt.gates, attempt.outcome !== null))
  if (attempt.late.length > 0) parts.push(`Started as the card arrived:\n\n${gateTable(move, attempt.late, false)}`)
  const emergency = emergencyWords(move, attempt)
  if (emergency) parts.push(emergency)
  const waived = openWaivers(move.waivers, attempt)
  if (waived) parts.push(waived)
  const follow = followUps(move, attempt)
  if (follow) parts.push(follow)
  const next = nextSteps(attempt)
  if (next.length > 0) parts.push(`**What to do next**\n\n${next.map((step) => `- ${step}`).join('\n')}`)
  if (move.lastCommand) parts.push(commandWords(move.lastCommand))
  parts.push(footer(attempt))
  return parts.join('\n\n')
}

/** A move that asked nothing of the card needs no word: it is in the record, and writes no check run. */
export function isQuiet(attempt: Attempt): boolean {
  return attempt.outcome === 'granted' && attempt.gates.length + attempt.late.length + attempt.followUps.length === 0
}

const ASKS_PEOPLE: ReadonlySet<Reason | undefined> = new Set(['approvals-missing', 'budget-approvals-missing'])

/** The state of the move in one line of Markdown. */
export function headline(move: Move, attempt: Attempt): string {
  const to = columnWords(attempt.to)
  switch (attempt.outcome) {
    case null: {
      const people = attempt.gates.some((gate) => ASKS_PEOPLE.has(gate.judgement?.reason))
      return `⏳ Waiting to enter ${to}${people ? ': people are asked' : ''}`
    }
    case 'granted':
      return attempt.forward ? `✅ Granted${exceptions(attempt)}: this card may be in ${to}` : `↩️ Moved back to ${to}`
    case 'refused': {
      const back = attempt.restored
        ? 'is archived again'
        : attempt.from === null
          ? 'is taken off its column again'
          : `goes back to ${columnWords(move.home)}`
      return `⛔ Refused: not yet in ${to}; the card ${back}`
    }
    case 'superseded':
      return `⏹ Superseded: the card was moved again before ${to} had answered`
    case 'withdrawn':
      return `⏹ Withdrawn: the card was taken back before ${to} had answered`
    case 'removed':
      return `⏹ Ended: the card left the board before ${to} had answered`
    default:
      return attempt.outcome satisfies never
  }
}

/** Which gates did not pass and let the card through all the same. */
function exceptions(attempt: Attempt): string {
  const made = attempt.gates.flatMap(({ name, judgement }) => {
    const word = exceptionOf(judgement)
    return word === null ? [] : [`${code(name)} ${word}`]
  })
  return made.length > 0 ? `, with ${made.join(', ')}` : ''
}

export function columnWords(column: string | null): string {
  return column === null ? 'no column' : `**${code(column)}**`
}

function asked(attempt: Attempt): string {
  const how = {
    board: 'moved this card',
    automation: "(GitHub's board automation) moved this card",
    label: 'asked by label to move this card',
    command: 'asked again to move this card',
    andon: 'had room and pulled this card',
  }
  const when = time(attempt.openedAt)
  if (attempt.restored)
    return `${moverWords(attempt)} took this card out of the archive into ${columnWords(attempt.to)}, ${when}.`
  return `${moverWords(attempt)} ${how[attempt.via]} from ${columnWords(attempt.from)} to ${columnWords(attempt.to)}, ${when}.`
}

/** Who moved the card, with the mark of an agent. */
export function moverWords({ by, agent }: Pick<Attempt, 'by' | 'agent'>): string {
  return agent === undefined ? code(by.login) : `🤖 the agent ${code(agent)} (${code(by.login)})`
}

const LINK_WORDS: Record<string, string> = {
  approval: 'review',
  budget: 'review',
  evaluation: 'run',
  checks: 'check',
  issues: 'issue',
}

function gateTable(move: Move, gates: GateState[], settled: boolean): string {
  const lines = gates.map((gate) => {
    const { judgement } = gate
    const sign =
      judgement === null || (settled && judgement.verdict === 'wait')
        ? '▫️ not needed'
        : `${verdictSign(judgement)} ${exceptionOf(judgement) ?? judgement.verdict}`
    const run = gate.request === null ? null : move.requests[gate.request]?.run
    const url = run?.url ?? gate.judgement?.urls?.[0]
    const name = `${code(gate.name)}${gate.enforce ? '' : ' (shown only)'}`
    return `| ${name} | ${sign} | ${found(gate.judgement)}${url ? ` ${link(LINK_WORDS[gate.kind] ?? 'see', url)}` : ''} |`
  })
  return ['| Gate | Verdict | What was found |', '|---|---|---|', ...lines].join('\n')
}

function followUps(move: Move, attempt: Attempt): string | null {
  const lines = attempt.followUps.flatMap((id) => {
    const request = move.requests[id]
    if (request === undefined) return []
    const state =
      request.answer && !('evidence' in request.answer)
        ? reasonWords(request.answer.reason, [request.answer.detail ?? ''])
        : request.ended
          ? 'done'
          : 'asked to run'
    return [`- ${code(request.name)}: ${state}${request.run ? ` ${link('run', request.run.url)}` : ''}`]
  })
  return lines.length > 0 ? `Then:\n\n${lines.join('\n')}` : null
}

/** Each remedy once, the most pressing first. */
export function nextSteps(attempt: Attempt): string[] {
  if (attempt.outcome === 'granted' || attempt.outcome === 'superseded' || attempt.outcome === 'withdrawn') return []
  const refused = attempt.refusals.map((refusal) => remedyWords(refusal.reason, refusal.detail))
  const waiting = attempt.gates.map((gate) =>
    gate.judgement && gate.judgement.verdict !== 'pass'
      ? remedyWords(gate.judgement.reason, gate.judgement.detail)
      : undefined,
  )
  return [...new Set([...refused, ...waiting])].filter((step) => step !== undefined)
}

function commandWords(command: NonNullable<Move['lastCommand']>): string {
  const said = `${code(command.command)} by ${code(command.by.login)}`
  return command.refused === null
    ? `Last command: ${said}, ${time(command.at)}.`
    : `⚠️ Last command: ${said} was not carried out. ${command.refused}`
}

function footer(attempt: Attempt): string {
  const parts = [
    attempt.change ? `change ${code(short(attempt.change))}` : null,
    attempt.commit ? `commit ${code(attempt.commit.sha.slice(0, 10))}` : null,
    attempt.policy ? `policy ${code(short(attempt.policy))}` : null,
    attempt.risk === 'default' ? null : `risk ${code(attempt.risk)}${riskWords(attempt.riskBy)}`,
    `[record of this move](andon://moves/${attempt.id})`,
  ]
  return `<sub>${parts.filter((part) => part !== null).join(' · ')}</sub>`
}

/** Why a card has its risk, where nobody said so by a label or in the manifest. */
function riskWords(by: Attempt['riskBy']): string {
  if (by === undefined) return ''
  if ('field' in by) return ` (${code(by.field)} is ${code(by.value)})`
  return by.path === null ? ' (GitHub does not list all files it touches)' : ` (touches ${code(by.path)})`
}
