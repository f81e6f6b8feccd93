// One entry of the record in one sentence of Markdown, for the pages and the command line.
import type { Event } from '../../facts/event.ts'
import { columnWords, moverWords } from './comment.ts'
import { code, plain } from './escape.ts'
import { exceptionOf } from './gate-words.ts'
import { number, short, time } from './numbers.ts'
import { reasonWords } from './reasons.ts'
import { WAIVER_ENDS, why } from './waiver-words.ts'

const MOST_METRICS = 6

/** What happened. Never throws: the record may come from a newer version, whose kinds and reasons are unknown here. */
export function eventWords(event: Event): string {
  switch (event.kind) {
    case 'board-adopted':
      return `The board ${code(event.title)} came under the policy with ${event.cards} cards.`
    case 'policy-changed':
      return `The policy ${code(short(event.digest))} came into force for ${event.repository === '' ? 'cards of repositories without one of their own' : `cards of ${code(event.repository)}`}.`
    case 'card-adopted':
      return `The card was taken as it stood: in ${columnWords(event.column)}.`
    case 'card-seen': {
      const commit = event.commit ? `, commit ${code(event.commit.sha.slice(0, 10))}` : ''
      const change = event.change ? `, change ${code(short(event.change.digest))}` : ', without a resolved manifest'
      return `Andon read the card: in ${columnWords(event.card.place.column?.name ?? null)}${commit}${change}.`
    }
    case 'move-asked':
      return `${code(event.by.login)} asked by ${event.label === null ? 'command' : `the label ${code(event.label)}`} to move the card to ${columnWords(event.to)}.`
    case 'approval-given':
      return `${code(event.by.login)} approved the change ${code(short(event.change))} in a comment.`
    case 'gate-waived':
      return `${code(event.by.login)} of the team ${code(event.team)} waived the gate ${code(event.gate)} for the change ${code(short(event.change))} until ${time(event.until)}: ${why(event.reason, event.compensate)}`
    case 'emergency-refused':
      return `The label ${code(event.label)} opened no emergency lane: ${code(event.by.login)} is not of ${event.teams.map((team) => code(team)).join(', ')}.`
    case 'emergency-used':
      return `${code(event.by.login)} of the team ${code(event.team)} used the emergency lane: ${event.skipped.map((gate) => code(gate)).join(', ')} not asked, a review owed until ${time(event.due)}.`
    case 'review-opened':
      return `Issue ${event.number} was opened for the review of the emergency.`
    case 'review-closed':
      return `The review of the emergency was closed${event.by === null ? '' : ` by ${code(event.by.login)}`}.`
    case 'waiver-ended':
      return `The waiver of the gate ${code(event.gate)} ended: ${Object.hasOwn(WAIVER_ENDS, event.because) ? WAIVER_ENDS[event.because] : code(String(event.because))}.`
    case 'command-given':
      return `${code(event.by.login)} commented ${code(event.command)}${event.refused === null ? '.' : `, which was not carried out. ${plain(event.refused)}`}`
    case 'run-started':
      return `Run ${event.run} started.`
    case 'run-ended':
      return `Run ${event.run} ended, attempt ${event.attempt}: ${code(event.conclusion)}.`
    case 'dispatch-refused':
    case 'evidence-refused':
      return reasonWords(event.reason, [event.detail])
    case 'evidence-received':
      return `Run ${event.run} handed in evidence: ${metricWords(event)}.`
    case 'card-placed':
      return `Andon moved the card to ${columnWords(event.column)}.`
    case 'card-archived':
      return 'The card was archived.'
    case 'card-removed':
      return 'The card left the board.'
    case 'move-opened': {
      const gates = event.gates.length > 0 ? `; its gates: ${event.gates.map(({ name }) => code(name)).join(', ')}` : ''
      const way = event.restored
        ? `took the card out of the archive into ${columnWords(event.to)}`
        : `moved the card from ${columnWords(event.from)} to ${columnWords(event.to)}`
      return `${moverWords(event)} ${way}${gates}.`
    }
    case 'gate-asked':
      return `The gate ${code(event.gate)} asked ${code(event.asked.file)} to run, with an answer until ${time(event.deadline)}.`
    case 'gate-judged': {
      const exception = exceptionOf(event.judgement)
      const answer = exception === null ? `says **${code(event.judgement.verdict)}**` : `was **${exception}**`
      return `The gate ${code(event.gate)} ${answer}: ${reasonWords(event.judgement.reason, event.judgement.detail)}`
    }
    case 'gates-voided':
      return `The ${event.because} is another one now: every gate is asked again.`
    case 'move-parked':
      return 'The card waits where it came from until its gates have answered.'
    case 'move-granted':
      return `The move to ${columnWords(event.to)} was **granted**: ${reasonWords(event.reason)}`
    case 'move-refused': {
      const reasons = event.reasons.map(
        ({ gate, reason, detail }) => `${gate === null ? '' : `${code(gate)}: `}${reasonWords(reason, detail)}`,
      )
      return `The move to ${columnWords(event.to)} was **refused**: ${reasons.join(' ')}`
    }
    case 'move-ended':
      return `The move ended before it was decided: ${event.outcome}.`
    case 'card-ready':
      return `The card is ready for ${columnWords(event.to)}: it is pulled there once there is room.`
    case 'card-unready':
      return `The card is not ready for ${columnWords(event.to)} any more.`
    case 'workflow-ordered':
      return `After the grant, ${code(event.name)} asked ${code(event.asked.file)} to run.`
    default:
      event satisfies never
      return `An entry of the kind ${code(String((event as Event).kind))}, which this version of Andon does not know.`
  }
}

function metricWords({ evidence: { metrics, cases } }: Extract<Event, { kind: 'evidence-received' }>): string {
  const named = Object.entries(metrics)
  const shown = named.slice(0, MOST_METRICS).map(([name, { value }]) => `${code(name)} ${plain(number(value))}`)
  const more = named.length > MOST_METRICS ? [`${named.length - MOST_METRICS} more`] : []
  const counted = cases ? [`${cases.passed} of ${cases.total} cases passed`] : []
  return [...shown, ...more, ...counted].join(', ')
}
