// Guesses which known name a mistyped one was meant to be.

/** The known name that differs least, where it is near enough to be meant; null where none is. */
export function nearest(word: string, names: Iterable<string>): string | null {
  const typed = word.toLowerCase().slice(0, 64)
  let best: string | null = null
  let least = Math.max(1, Math.floor(typed.length / 3)) + 1
  for (const name of names) {
    const known = name.toLowerCase().slice(0, 64)
    // The beginning of a longer name is meant by it, too: `timeout` by `timeout-minutes`.
    const begun =
      typed.length >= 4 && known.length > typed.length ? distance(typed, known.slice(0, typed.length)) + 0.5 : Infinity
    const steps = Math.min(distance(typed, known), begun)
    if (steps < least) [best, least] = [name, steps]
  }
  return best
}

/** How many letters must be added, dropped, changed or swapped with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swap =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, change, swap))
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
