// The windows of a freeze: how a policy writes them, and the spans of time that each means.
import { Cron } from 'croner'
import { z } from 'zod'
import { instantOf, isZone, type LocalTime, localTime } from '../facts/local-time.ts'
import { isRecord } from '../facts/shape.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::00)?$/
const WEEK_TIME = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{2}):(\d{2})$/
/** No `?`, which croner reads as now; no nicknames and no seconds. */
const CRON = /^[0-9A-Za-z*,/#-]+(?: [0-9A-Za-z*,/#-]+){4}$/
const MINUTE = 60_000
const DAY = 86_400_000

const dateTime = z.string().refine((text) => readDateTime(text) !== null, {
  error: 'Write a date and a time of day without an offset, as in "2026-12-20T00:00"; the zone is named by `zone`.',
})
const weekTime = z.string().refine((text) => readWeekTime(text) !== null, {
  error: 'Write a day of the week and a time of day, as in "Fri 16:00".',
})
const cron = z
  .string()
  .max(100)
  .superRefine((text, context) => {
    const message = cronProblem(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

const names = z.array(z.string().min(1).max(64)).min(1)
const exceptSchema = z
  .strictObject({
    risk: names.optional().describe('Cards of one of these risks, as in `[low]`; `default` where no rule matches.'),
    changes: names.optional().describe('Cards with a change of one of these kinds, as in `[guardrail-policy]`.'),
  })
  .refine((except) => Object.keys(except).length > 0, {
    error: '`except` names nothing: give `risk`, `changes`, or both, or leave it out.',
  })
  .describe('The window does not hold for cards that meet every condition given here. Without it: for no card.')

/** What every window has, whatever its form. */
const common = {
  zone: z
    .string({
      error: (issue) =>
        issue.input === undefined
          ? 'These times have no zone. Name one beside them, as in `zone: Europe/Berlin`.'
          : undefined,
    })
    .refine(isZone, { error: 'Name a time zone as in `Europe/Berlin` or `UTC`.' })
    .describe('The time zone of the times, by its name in the time zone database, as in `Europe/Berlin`.'),
  except: exceptSchema.optional(),
}

const datesSchema = z
  .strictObject({
    from: dateTime.describe('When the freeze begins: local date and time, as in "2026-12-20T00:00".'),
    to: dateTime.describe('When the freeze ends: local date and time.'),
    ...common,
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
  ...common,
})
const cronSchema = z.strictObject({
  cron: cron.describe(
    'When the freeze begins, again and again: minute, hour, day of the month, month and day of the week, as in "0 18 28-31 * *" (18:00 on the last days of a month). `L` is the last day of the month, `FRI#2` its second Friday.',
  ),
  minutes: z
    .number()
    .int()
    .min(1)
    .max(43_200)
    .describe('How long it then lasts, in minutes that pass: 12 hours are 720.'),
  ...common,
})

const TIMES = ['from', 'to', 'weekly', 'cron', 'minutes']

export const windowSchema = z.union([datesSchema, weeklySchema, cronSchema], {
  error: ({ input }) =>
    isRecord(input) && !TIMES.some((key) => Object.hasOwn(input, key))
      ? 'This window names no time. Give it `from` and `to`, or `weekly`, or `cron` and `minutes`.'
      : undefined,
})

export type Window = z.infer<typeof windowSchema>
type Span = { from: number; to: number }

/** Whether the window will hold at no later time either. */
export function isPast(window: Window, now: number): boolean {
  const to = 'to' in window ? readDateTime(window.to) : null
  return to !== null && instantOf(to, window.zone, 'later') <= now
}

/** The spans of a window that may hold an instant. */
export function spansAround(window: Window, now: number): Span[] {
  if ('weekly' in window) return weeklySpans(window.weekly, window.zone, now)
  if ('cron' in window) return cronSpans(window, now)
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

/**
 * The latest beginning that has come by an instant. croner says which times of day match, on clocks that never change;
 * what those are in the zone is told here as for the other windows: one that is skipped or comes twice is not lost.
 */
function cronSpans({ cron, minutes, zone }: Extract<Window, { cron: string }>, now: number): Span[] {
  const schedule = scheduleOf(cron)
  const clock = (instant: number) => asUtc(localTime(instant, zone))
  const shift = Math.abs(clock(now + DAY) - clock(now - DAY) - 2 * DAY)
  // Near a change of the clocks a later time of day may have come already: the last few are looked at.
  for (const ahead of shift > 0 ? [shift, shift / 2, 0] : [0]) {
    const match = schedule.previousRuns(1, new Date(clock(now) + ahead + MINUTE))[0]
    if (match === undefined) return []
    const start = localTime(match.getTime(), 'UTC')
    const { from, to } = span(start, start, zone)
    if (from <= now) return [{ from, to: to + minutes * MINUTE }]
  }
  return []
}

/** Why a text is no cron expression that can be used; null where it is one. */
function cronProblem(text: string): string | null {
  const form =
    'Write five fields as cron has them, as in "0 18 28-31 * *": minute, hour, day of the month, month, day of the week.'
  if (!CRON.test(text)) return form
  try {
    const next = scheduleOf(text).nextRun(new Date(Date.UTC(2026, 0, 1)))
    return next === null ? `\`${text}\` never comes.` : null
  } catch {
    return `\`${text}\` is no time that cron knows. ${form}`
  }
}

function scheduleOf(text: string): Cron {
  return new Cron(text, { utcOffset: 0, mode: '5-part' })
}

/** Where the clocks are put back or forward at a bound, the freeze is the longer one. */
function span(from: LocalTime, to: LocalTime, zone: string): Span {
  return { from: instantOf(from, zone, 'earlier'), to: instantOf(to, zone, 'later') }
}

function asUtc({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute)
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
