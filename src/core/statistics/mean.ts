// Means and proportions with their standard errors, and quantiles: what an evaluation says of itself.

/** The arithmetic mean, summed with Neumaier's compensation, so that the order of the values does not matter much. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length
}

/** A sum with a running compensation for lost digits (Neumaier 1974). */
export function sum(values: readonly number[]): number {
  let total = 0
  let lost = 0
  for (const value of values) {
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}

/** Standard error of the mean, s / √n with s over n − 1; null for fewer than two values. */
export function standardError(values: readonly number[]): number | null {
  const average = mean(values)
  if (average === null || values.length < 2) return null
  const squares = sum(values.map((value) => (value - average) ** 2))
  return Math.sqrt(squares / (values.length - 1) / values.length)
}

/** Standard error of a proportion p of n independent trials, √(p(1 − p)/n); null where there was no trial. */
export function standardErrorOfProportion(p: number, n: number): number | null {
  return n > 0 ? Math.sqrt((p * (1 - p)) / n) : null
}

/**
 * Standard error of the mean of values that come in clusters (repeats of one case): √(Σ_c (Σ_i (x_i − x̄))²) / n,
 * as in Miller, "Adding Error Bars to Evals" (arXiv 2411.00640), equation 4. Equal repeats add nothing to it.
 * `clusters[i]` names the cluster of `values[i]`. Null for fewer than two clusters.
 */
export function clusteredStandardError(values: readonly number[], clusters: readonly string[]): number | null {
  const average = mean(values)
  if (average === null) return null
  const residuals = new Map<string, number>()
  values.forEach((value, index) => {
    const cluster = clusters[index] ?? ''
    residuals.set(cluster, (residuals.get(cluster) ?? 0) + value - average)
  })
  if (residuals.size < 2) return null
  return Math.sqrt(sum([...residuals.values()].map((residual) => residual ** 2))) / values.length
}

/**
 * The quantile of a sample by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the
 * default of R and NumPy). `q` from 0 to 1; null for an empty sample.
 */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  return below === undefined || above === undefined ? null : below + (above - below) * (place - Math.floor(place))
}
