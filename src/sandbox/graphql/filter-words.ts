// Splits GitHub's filter language (`status:"In Progress" -label:bug words`) into its terms.

/** `key` is null for a plain word. `values` are alternatives, as in `status:Todo,Done`. */
export type Term = { key: string | null; values: string[]; negated: boolean }

/** The terms of a filter, in order; keys in lower case. */
export function filterTerms(text: string): Term[] {
  const terms: Term[] = []
  for (const [, minus, key, listed, word] of text.matchAll(
    /(?:^|\s)(-)?(?:([\w@-]+|"[^"]+"):((?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))*)|("[^"]*"|\S+))/g,
  )) {
    const negated = minus === '-'
    if (key && listed) {
      const values = [...listed.matchAll(/"([^"]*)"|([^",]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
      terms.push({ key: unquote(key).toLowerCase(), values, negated })
    } else if (word) terms.push({ key: null, values: [unquote(word)], negated })
  }
  return terms
}

/** `>2026-01-02`, `>=…`, `<…`, `a..b` or one day, against a time in ISO 8601. */
export function matchesDate(at: string, condition: string): boolean {
  const range = condition.split('..')
  if (range.length === 2) return at >= (range[0] ?? '') && at.slice(0, range[1]?.length) <= (range[1] ?? '')
  const [, sign, date] = /^(>=|<=|>|<)?(.*)$/.exec(condition) ?? []
  const same = at.slice(0, date?.length ?? 0)
  switch (sign) {
    case '>':
      return same > (date ?? '')
    case '>=':
      return same >= (date ?? '')
    case '<':
      return same < (date ?? '')
    case '<=':
      return same <= (date ?? '')
    default:
      return same === date
  }
}

function unquote(text: string): string {
  return text.replace(/^"(.*)"$/, '$1')
}
