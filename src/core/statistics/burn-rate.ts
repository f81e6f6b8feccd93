// How fast an error budget is spent, and when that is too fast.
//
// Source: The Site Reliability Workbook (Google, O'Reilly 2018), chapter 5, "Alerting on SLOs": the sixth approach,
// "Multiwindow, Multi-Burn-Rate Alerts", and its table of recommended parameters for a 99.9% objective over 30 days.

/** A pair of windows: it fires while errors come at least `rate` times as fast as the budget allows, over both of them. */
export type BurnPair = { rate: number; long: string; short: string }

/**
 * The workbook's two pairs that call a person: 2% of a budget of 30 days spent in one hour, 5% in six. Its third one (rate
 * 1 over `3d` and `6h`, 10% in three days) opens a ticket: a budget is there to be spent at about that rate.
 */
export const PAGING_PAIRS: readonly BurnPair[] = [
  { rate: 14.4, long: '1h', short: '5m' },
  { rate: 6, long: '6h', short: '30m' },
]

/**
 * The share of requests that went wrong as a multiple of the share that may (1 − the objective): at rate 1 the budget is
 * spent just as its window ends. Null where there were no requests.
 */
export function burnRate(bad: number, requests: number, limit: number): number | null {
  return requests > 0 ? exact(bad / requests / limit) : null
}

/** The part of the whole budget that burning at this rate for this long spends, 1 being all of it. Any one unit of time. */
export function partSpent(rate: number, duration: number, budgetWindow: number): number {
  return exact((rate * duration) / budgetWindow)
}

/**
 * Whether a pair fires. The long window tells that much is being spent, the short one that it has not stopped; while the
 * short one holds no request, nothing says that it has.
 */
export function fires(rate: number, long: number | null, short: number | null): boolean {
  return long !== null && long >= rate && (short === null || short >= rate)
}

/** 0.0144 / 0.001 is 14.399999999999999 in binary: what is on the line must not fall beside it. */
function exact(value: number): number {
  return Number(value.toPrecision(12))
}
