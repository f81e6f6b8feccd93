// What of an event the search can find: the terms it is filtered by and the words it is known by.
import type { Event } from '../core/facts/event.ts'
import { REASONS } from '../core/facts/reason.ts'
import { worst } from '../core/facts/verdict.ts'
import { storableText } from './entry.ts'

export type TermName = 'kind' | 'actor' | 'gate' | 'verdict' | 'reason' | 'move' | 'request'
export type Indexed = { terms: { name: TermName; value: string }[]; words: (string | null)[] }

type Found = Partial<Record<TermName, (string | null | undefined)[]>> & { words?: (string | null | undefined)[] }

/** PostgreSQL indexes no more than some 2,700 bytes of a row. */
const LONGEST_TERM = 200

/** A term as it is stored and asked for. Logins are told apart without regard to case, as on GitHub. */
export function termValue(name: TermName, value: string): string {
  return storableText((name === 'actor' ? value.toLowerCase() : value).slice(0, LONGEST_TERM))
}

/** The terms and words of an event. `request` is given only where a request is made, so that it names one stream. */
export function indexed(event: Event): Indexed {
  const { words = [], ...found } = find(event)
  const terms: Indexed['terms'] = [{ name: 'kind', value: event.kind }]
  for (const [name, values] of Object.entries(found) as [TermName, (string | null | undefined)[]][]) {
    const distinct = new Set(values.map((value) => termValue(name, value ?? '')))
    for (const value of distinct) if (value) terms.push({ name, value })
  }
  const spoken = terms.filter(({ name }) => name !== 'request' && name !== 'move').map(({ value }) => value)
  return { terms, words: [...spoken, ...words.map((word) => word ?? null)] }
}

function find(event: Event): Found {
  switch (event.kind) {
    case 'board-adopted':
      return { words: [event.owner, event.title] }
    case 'policy-changed':
      return {
        words: [event.repository, event.digest.replace('sha256:', ''), ...event.sources.map(({ path }) => path)],
      }
    case 'card-adopted':
    case 'card-placed':
      return { words: [event.column] }
    case 'card-seen': {
      const { card, change } = event
      const { content, pull } = card
      return {
        actor: [event.mover?.login],
        words: [
          card.title,
          card.place.column?.name,
          content?.repository,
          content && String(content.number),
          content?.author.login,
          pull?.author.login,
          pull?.sha,
          ...(content?.labels.map((label) => label.name) ?? []),
          change?.kind,
          change?.digest.replace('sha256:', ''),
          ...(change?.parts.flatMap((part) => [part.name, part.path]) ?? []),
        ],
      }
    }
    case 'move-asked':
      return { actor: [event.by.login], words: [event.to, event.label] }
    case 'approval-given':
      return { actor: [event.by.login] }
    case 'gate-waived':
      return {
        actor: [event.by.login],
        gate: [event.gate],
        reason: ['waived'],
        words: [event.reason, event.compensate, event.team, event.change.replace('sha256:', '')],
      }
    case 'emergency-refused':
      return { move: [event.move], actor: [event.by.login], words: [event.label, ...event.teams] }
    case 'emergency-used':
      return {
        move: [event.move],
        actor: [event.by.login],
        gate: event.skipped,
        reason: ['skipped-emergency'],
        words: [event.team],
      }
    case 'review-opened':
      return { move: [event.move], words: [String(event.number)] }
    case 'review-closed':
      return { move: [event.move], actor: [event.by?.login] }
    case 'waiver-ended':
      return { gate: [event.gate], words: [event.because] }
    case 'command-given':
      return { actor: [event.by.login], words: [event.command, event.refused] }
    case 'run-started':
    case 'card-archived':
    case 'card-removed':
      return {}
    case 'run-ended':
      return { words: [event.conclusion] }
    case 'dispatch-refused':
    case 'evidence-refused':
      return { reason: [event.reason], verdict: [verdictOf(event.reason)], words: [event.detail] }
    case 'evidence-received':
      return { words: [event.evidence.tool?.name, event.evidence.suite?.name, ...Object.keys(event.evidence.metrics)] }
    case 'move-opened':
      return {
        move: [event.move],
        actor: [event.by.login],
        words: [
          event.from,
          event.to,
          event.commit?.repository,
          event.commit?.sha,
          event.changeKind,
          event.risk,
          event.agent,
        ],
      }
    case 'gate-asked':
      return { move: [event.move], gate: [event.gate], request: [event.request], words: [event.asked.file] }
    case 'gate-judged': {
      const { verdict, reason, detail, rows } = event.judgement
      return {
        move: [event.move],
        gate: [event.gate],
        verdict: [verdict],
        reason: [reason],
        words: [...(detail ?? []), ...(rows?.map((row) => row.name) ?? [])],
      }
    }
    case 'gates-voided':
      return { move: [event.move], words: [event.because] }
    case 'move-granted':
      return {
        move: [event.move],
        verdict: ['pass'],
        reason: [event.reason],
        words: [event.from, event.to],
      }
    case 'move-refused':
      return {
        move: [event.move],
        gate: event.reasons.map(({ gate }) => gate),
        reason: event.reasons.map(({ reason }) => reason),
        verdict: [worst(event.reasons.map(({ reason }) => verdictOf(reason)))],
        words: [event.from, event.to, ...event.reasons.flatMap(({ detail }) => detail)],
      }
    case 'card-ready':
    case 'card-unready':
      return { words: [event.to] }
    case 'move-parked':
      return { move: [event.move] }
    case 'move-ended':
      return { move: [event.move], words: [event.outcome] }
    case 'workflow-ordered':
      return { move: [event.move], request: [event.request], words: [event.name, event.asked.file] }
    default:
      event satisfies never
      return {}
  }
}

/** A refusal whose reason this version does not know is still a refusal. */
function verdictOf(reason: keyof typeof REASONS) {
  const verdict = Object.hasOwn(REASONS, reason) ? REASONS[reason] : 'fail'
  return verdict === 'pass' || verdict === 'wait' ? 'fail' : verdict
}
