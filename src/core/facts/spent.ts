// What the record is asked about budgets, and the form in which it answers: sums, never single events.

/** What evidence tells of errors or cost over some windows of time, as in `30d`, each of which ends now. */
export type SpentQuestion = {
  of: 'spent'
  budget: 'errors' | 'cost'
  metric: string
  /** Only evidence of these gates and workflows; without it, of all. */
  from?: string[]
  /** Only evidence about changes for this environment; null: for whichever. */
  environment: string | null
  /** A sum for each of these regions; empty: one for all together. */
  regions: string[]
  windows: string[]
}

/**
 * What was spent within one window. `spent`: requests that went wrong, or what was paid; `requests`: all of them.
 * `pieces`: how much evidence that is. `silent`: evidence that does not hold the metric. `unusable`: evidence with
 * numbers that cannot be. `oldest`: when the first of it came in; null where there is none.
 */
export type Sum = {
  window: string
  spent: number
  requests: number
  pieces: number
  silent: number
  unusable: number
  oldest: string | null
}

/** `cut`: there is more evidence than is read. `region` null: all regions together. */
export type Spent = { cut: boolean; scopes: { region: string | null; windows: Sum[] }[] }

/** Which forward moves into a column were granted within a window of time that ends now. */
export type GrantsQuestion = { of: 'grants'; column: string; window: string }

/** How many, by the risk of the card as it was granted. */
export type Grants = { cut: boolean; risks: Record<string, number>; oldest: string | null }
