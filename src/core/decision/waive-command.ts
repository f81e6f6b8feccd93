// Reads what `/andon waive` says: which gate, until when, and why.
import { WAIVE_FORM, WAIVE_REFUSALS } from './explain/waiver-words.ts'

/** `until` is an instant (ISO 8601, UTC). */
export type Waive = { command: 'waive'; gate: string; until: string; reason: string }

const SHORTEST = 3
const LONGEST = 500

/** `words`: everything after `waive` on the comment's first line. */
export function readWaive(words: string): { ok: true; command: Waive } | { ok: false; message: string } {
  // Control characters and line separators are spaces, so that none of them passes for a reason.
  const [gate, joint, ...rest] = words
    .replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .split(' ')
  const at = rest.findIndex((word) => word.toLowerCase() === 'because')
  if (!gate || joint?.toLowerCase() !== 'until' || at < 1) return { ok: false, message: WAIVE_FORM }
  const named = rest.slice(0, at).join(' ')
  const until = readUntil(named)
  if (until === 'no zone') return { ok: false, message: WAIVE_REFUSALS.noZone(named) }
  if (until === 'no date') return { ok: false, message: WAIVE_REFUSALS.noDate(named) }
  const reason = rest.slice(at + 1).join(' ')
  const length = [...reason].length
  if (length < SHORTEST || length > LONGEST)
    return { ok: false, message: WAIVE_REFUSALS.reason(length, SHORTEST, LONGEST) }
  return { ok: true, command: { command: 'waive', gate, until: until.instant, reason } }
}

/** A date alone means its end in UTC; a time must say its zone, or nobody could tell when it ends. */
function readUntil(text: string): { instant: string } | 'no zone' | 'no date' {
  const read =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?)?(?: ?(Z|UTC|[+-]\d{2}:\d{2}))?$/i.exec(
      text,
    )
  if (read === null) return 'no date'
  const [, year, month, day, hour = '23', minute = '59', second, zone] = read
  const wholeDay = read[4] === undefined
  const seconds = second ?? (wholeDay ? '59' : '00')
  if (!wholeDay && zone === undefined) return 'no zone'
  if (wholeDay && zone !== undefined && !/^(Z|UTC)$/i.test(zone)) return 'no date'
  if (Number(hour) > 23 || Number(minute) > 59 || Number(seconds) > 59) return 'no date'
  if (/^[+-](1[5-9]|[2-9]\d|\d\d:[6-9])/.test(zone ?? 'Z')) return 'no date'
  const asUtc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(seconds))
  // A day that its month does not have would roll on into the next.
  if (!new Date(asUtc).toISOString().startsWith(`${year}-${month}-${day}`)) return 'no date'
  return { instant: new Date(asUtc - offsetOf(zone) + (wholeDay ? 999 : 0)).toISOString() }
}

/** How far the zone's clocks are ahead of UTC, in milliseconds. */
function offsetOf(zone = 'Z'): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(zone) ?? []
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
  return sign === '-' ? -size : size
}
