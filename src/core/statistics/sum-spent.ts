// Adds up what evidence says was spent. Its numbers are a workflow's word: what cannot be is counted, and never added.
import { millisecondsOf } from '../facts/duration.ts'
import type { Event } from '../facts/event.ts'
import type { EvidenceSummary } from '../facts/evidence.ts'
import type { Spent, SpentQuestion, Sum } from '../facts/spent.ts'
import { sum } from './mean.ts'

type Received = Pick<
  Extract<Event, { kind: 'evidence-received' }>,
  'at' | 'evidence' | 'name' | 'environment' | 'regions'
>
type Piece = { at: string; spent: number; requests: number; is: 'counted' | 'silent' | 'unusable' }

/** No service answers a trillion requests between two looks: such a number would only drown the errors. */
const MOST_REQUESTS = 1e12

/**
 * The sums over all windows that end at `now`. Evidence counts from when its run's end was heard, which no workflow can
 * choose. Where it is not known which environment or region it is about, or who asked for it, it counts against each
 * budget, and in favour of none.
 */
export function sumSpent(question: SpentQuestion, received: readonly Received[], now: string): Spent['scopes'] {
  const regions = question.regions.length === 0 ? [null] : question.regions
  return regions.map((region) => {
    const pieces = received.flatMap((one) => pieceOf(question, region, one))
    return { region, windows: question.windows.map((window) => sumWindow(pieces, window, now)) }
  })
}

function sumWindow(pieces: Piece[], window: string, now: string): Sum {
  const from = Date.parse(now) - millisecondsOf(window)
  const within = pieces.filter(({ at }) => Date.parse(at) > from)
  const counted = within.filter(({ is }) => is === 'counted')
  return {
    window,
    spent: sum(counted.map(({ spent }) => spent)),
    requests: sum(counted.map(({ requests }) => requests)),
    pieces: counted.length,
    silent: within.filter(({ is }) => is === 'silent').length,
    unusable: within.filter(({ is }) => is === 'unusable').length,
    oldest: within.map(({ at }) => at).sort()[0] ?? null,
  }
}

function pieceOf(question: SpentQuestion, region: string | null, received: Received): Piece[] {
  const { at, evidence } = received
  const known = isAbout(question.environment, received.environment == null ? [] : [received.environment])
  const there = isAbout(region, received.regions ?? [])
  const asked = isOf(question.from, received.name)
  if (known === 'no' || there === 'no' || asked === 'no') return []
  const found = question.budget === 'cost' ? costOf(evidence, question.metric) : errorsOf(evidence, question.metric)
  if (typeof found === 'string') return [{ at, spent: 0, requests: 0, is: found }]
  const against = known === 'unknown' || there === 'unknown' || asked === 'unknown'
  return [{ at, ...found, ...(against ? { requests: found.spent } : {}), is: 'counted' }]
}

/** Names are told apart without regard to case: an author's other spelling opens no budget of its own. */
function isAbout(asked: string | null, told: string[]): 'yes' | 'no' | 'unknown' {
  if (asked === null) return 'yes'
  if (told.length === 0) return 'unknown'
  return told.some((name) => name.toLowerCase() === asked.toLowerCase()) ? 'yes' : 'no'
}

function isOf(names: string[] | undefined, name: string | undefined): 'yes' | 'no' | 'unknown' {
  if (names === undefined) return 'yes'
  return name === undefined ? 'unknown' : names.includes(name) ? 'yes' : 'no'
}

type Found = { spent: number; requests: number } | 'silent' | 'unusable'

function costOf({ metrics }: EvidenceSummary, metric: string): Found {
  const value = Object.hasOwn(metrics, metric) ? metrics[metric]?.value : undefined
  if (value === undefined) return 'silent'
  return Number.isFinite(value) && value >= 0 ? { spent: value, requests: 0 } : 'unusable'
}

/** The metric is the share of `n` requests that went wrong; where it does not say of how many, or is not there, the arms do. */
function errorsOf({ metrics, arms }: EvidenceSummary, metric: string): Found {
  const share = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined
  const counts =
    share?.n === undefined
      ? Object.values(arms ?? {}).map(({ errors, requests }) => ({ spent: errors, requests }))
      : [{ spent: share.value * share.n, requests: share.n }]
  const isShare = share === undefined || (share.value >= 0 && share.value <= 1)
  const areCounts = counts.every((one) => one.spent >= 0 && one.spent <= one.requests && one.requests <= MOST_REQUESTS)
  if (share === undefined && counts.length === 0) return 'silent'
  if (!isShare || !areCounts || counts.length === 0) return 'unusable'
  return { spent: sum(counts.map(({ spent }) => spent)), requests: sum(counts.map(({ requests }) => requests)) }
}
