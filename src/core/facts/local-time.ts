// Wall-clock times of a time zone as instants, right across daylight saving.

/** A wall-clock time; `month` counts from 1. Days over the month's end roll on, as in `Date.UTC`. */
export type LocalTime = { year: number; month: number; day: number; hour: number; minute: number }

const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether this is a zone by name that the time zone database knows, as in `Europe/Berlin` or `UTC`. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{1,63}$/.test(zone)) return false
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** What the clocks of the zone show at an instant (milliseconds since 1970, UTC). */
export function localTime(instant: number, zone: string): LocalTime {
  const shown = new Date(instant + offset(instant, zone))
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
  }
}

/**
 * The instant at which the zone's clocks show this time. Where they show it twice (the end of daylight saving) or skip
 * it (its start), `pick` chooses the earlier or the later reading.
 */
export function instantOf(time: LocalTime, zone: string, pick: 'earlier' | 'later'): number {
  const asUtc = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute)
  const day = 86_400_000
  const offsets = [offset(asUtc - day, zone), offset(asUtc + day, zone)]
  const readings = offsets.map((by) => asUtc - by)
  const real = readings.filter((instant) => instant + offset(instant, zone) === asUtc)
  const candidates = real.length > 0 ? real : readings
  return pick === 'earlier' ? Math.min(...candidates) : Math.max(...candidates)
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offset(instant: number, zone: string): number {
  const part: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(instant)) part[type] = Number(value)
  const shown = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second)
  return shown - Math.floor(instant / 1000) * 1000
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}
