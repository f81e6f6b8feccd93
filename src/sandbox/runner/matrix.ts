// The combinations of a job's matrix, with `include` and `exclude` as GitHub reads them.

export type Combination = Record<string, unknown>

/** `null` where there is no matrix: the job runs once. Throws where the matrix has no combination at all. */
export function combinations(matrix: unknown): Combination[] | null {
  if (typeof matrix !== 'object' || matrix === null) return null
  const {
    include = [],
    exclude = [],
    ...axes
  } = matrix as { include?: Combination[]; exclude?: Combination[] } & Combination
  let found: Combination[] = Object.keys(axes).length > 0 ? [{}] : []
  for (const [axis, values] of Object.entries(axes)) {
    if (!Array.isArray(values)) throw new Error(`Matrix vector '${axis}' must be an array`)
    found = found.flatMap((one) => values.map((value) => ({ ...one, [axis]: value })))
  }
  found = found.filter((one) => !exclude.some((out) => matches(out, one, Object.keys(out))))
  const all = [...found, ...extend(found, include, Object.keys(axes))]
  if (all.length === 0) throw new Error('Matrix vector does not contain any values')
  if (all.length > 256) throw new Error(`Matrix of ${all.length} jobs: GitHub allows 256`)
  return all
}

/** `name (a, b)`: how GitHub names a job of a matrix where its name does not use it. */
export function combinationLabel(combination: Combination): string {
  const word = (value: unknown): string =>
    typeof value === 'object' && value !== null ? Object.values(value).map(word).join(', ') : String(value)
  return `(${Object.values(combination).map(word).join(', ')})`
}

// An entry of `include` joins every combination whose own axes it would not overwrite; where there is none, it
// becomes a combination by itself.
function extend(found: Combination[], include: Combination[], axes: string[]): Combination[] {
  const added: Combination[] = []
  for (const entry of include) {
    const shared = Object.keys(entry).filter((key) => axes.includes(key))
    const joined = found.filter((one) => matches(entry, one, shared))
    for (const one of joined) Object.assign(one, entry)
    if (joined.length === 0) added.push({ ...entry })
  }
  return added
}

function matches(pattern: Combination, one: Combination, keys: string[]): boolean {
  return keys.every((key) => JSON.stringify(pattern[key]) === JSON.stringify(one[key]))
}
