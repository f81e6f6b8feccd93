// Gate `freeze`: now is in no freeze window.
import { z } from 'zod'
import { instantOf, isZone, type LocalTime, localTime } from '../facts/local-time.ts'
import type { LocalGate } from './gate.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::00)?$/
const WEEK_TIME = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{2}):(\d{2})$/

const dateTime = z.string().refine((text) => readDateTime(text) !== null, {
  error: 'Write a date and a time of day without an offset, as in "2026-12-20T00:00"; the zone is named by `zone`.',
})
const weekTime = z.string().refine((text) => readWeekTime(text) !== null, {
  error: 'Write a day of the week and a time of day, as in "Fri 16:00".',
})
const zone = z
  .string()
  .refine(isZone, { error: 'Name a time zone as in `Europe/Berlin` or `UTC`.' })
  .describe('The time zone of the times, by its name in the time zone database, as in `Europe/Berlin`.')

const datesSchema = z
  .strictObject({
    from: dateTime.describe('When the freeze begins: local date and time, as in "2026-12-20T00:00".'),
    to: dateTime.describe('When the freeze ends: local date and time.'),
    zone,
  })
  .refine((window) => window.from < window.to, { error: 'The window ends before it begins.' })
const weeklySchema = z.strictObject({
  weekly: z
    .strictObject({
      from: weekTime.describe('When the freeze begins each week, as in "Fri 16:00".'),
      to: weekTime.describe('When it ends, as in "Mon 08:00".'),
    })
    .refine((week) => week.from !== week.to, { error: 'The window begins and ends at the same time.' })
    .describe('A freeze that comes back each week.'),
  zone,
})

const settings = z.strictObject({
  windows: z
    .array(z.union([datesSchema, weeklySchema]))
    .min(1)
    .max(200)
    .describe('When nothing moves forward: dates, or days of the week.'),
})

type Window = z.infer<typeof settings>['windows'][number]
type Span = { from: number; to: number }

export const freezeGate = {
  kind: 'freeze',
  settings,
  question: () => ({ ask: 'nothing' }),
  judge(context, settings) {
    const end = frozenUntil(Date.parse(context.at), settings.windows)
    if (end === null) return { verdict: 'pass', reason: 'no-freeze' }
    return { verdict: 'wait', reason: 'in-freeze', until: new Date(end).toISOString() }
  },
} satisfies LocalGate<z.infer<typeof settings>>

/** The end of the freeze that holds at an instant, through all windows that overlap or touch; null where none holds. */
function frozenUntil(now: number, windows: Window[]): number | null {
  let end = now
  // Weekly windows that together fill the week never end: a year ahead is far enough to look.
  for (let step = 0; step < 200; step++) {
    const ends = windows
      .flatMap((window) => spansAround(window, end))
      .flatMap((span) => (span.from <= end && end < span.to ? [span.to] : []))
    if (ends.length === 0) break
    end = Math.max(...ends)
  }
  return end === now ? null : end
}

function spansAround(window: Window, now: number): Span[] {
  if ('weekly' in window) return weeklySpans(window.weekly, window.zone, now)
  const [from, to] = [readDateTime(window.from), readDateTime(window.to)]
  return from && to ? [span(from, to, window.zone)] : []
}

/** The window of this week and of the one before, which may reach into this one. */
function weeklySpans(week: { from: string; to: string }, zone: string, now: number): Span[] {
  const [from, to] = [readWeekTime(week.from), readWeekTime(week.to)]
  if (!from || !to) return []
  const today = localTime(now, zone)
  const monday = today.day - ((new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay() + 6) % 7)
  const wraps = to.day < from.day || (to.day === from.day && week.to < week.from)
  const on = (time: WeekTime, day: number): LocalTime => ({
    ...today,
    day: day + time.day,
    hour: time.hour,
    minute: time.minute,
  })
  return [monday - 7, monday].map((start) => span(on(from, start), on(to, wraps ? start + 7 : start), zone))
}

/** Where the clocks are put back or forward at a bound, the freeze is the longer one. */
function span(from: LocalTime, to: LocalTime, zone: string): Span {
  return { from: instantOf(from, zone, 'earlier'), to: instantOf(to, zone, 'later') }
}

function readDateTime(text: string): LocalTime | null {
  const found = DATE_TIME.exec(text)
  if (!found) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number)
  const real = new Date(Date.UTC(year, month - 1, day))
  const exists = real.getUTCMonth() === month - 1 && real.getUTCDate() === day && year >= 1970
  return exists && hour < 24 && minute < 60 ? { year, month, day, hour, minute } : null
}

type WeekTime = { day: number; hour: number; minute: number }

function readWeekTime(text: string): WeekTime | null {
  const found = WEEK_TIME.exec(text)
  const [hour, minute] = [Number(found?.[2]), Number(found?.[3])]
  return found && hour < 24 && minute < 60 ? { day: DAYS.indexOf(found[1] ?? ''), hour, minute } : null
}
