// Reads the times that people give a search: a day, or a moment.

const DAY = /^\d{4}-\d{2}-\d{2}$/
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * A day as in `2026-11-23` (UTC) or a moment as in `2026-11-23T10:00Z`, as the search takes it (ISO 8601); null for
 * anything else. The last day of a period counts whole, because that is what people mean by it.
 */
export function readTime(text: string, edge: 'from' | 'to'): string | null {
  if (DAY.test(text)) {
    const start = new Date(`${text}T00:00:00.000Z`)
    // Date.parse takes 30 February for 2 March.
    if (Number.isNaN(start.getTime()) || !start.toISOString().startsWith(text)) return null
    if (edge === 'to') start.setUTCDate(start.getUTCDate() + 1)
    return start.toISOString()
  }
  const moment = MOMENT.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(moment) ? null : new Date(moment).toISOString()
}
