// What an installation may still spend, kept in this process. Several processes will keep the same on the store.

/** `amount` of the allowance `name`, of which `limit` may be spent within `window` milliseconds. */
export type Want = { name: string; amount: number; limit: number; window: number }

/** Where the governor keeps its account. Times are milliseconds since 1970. */
export type Allowances = {
  /** Takes all that is wanted at once and answers 0; else takes nothing, and answers when to ask again. */
  take(now: number, lanes: string[], wants: Want[]): Promise<number>
  /** Nothing is granted to that lane before `until`. */
  close(lane: string, until: number): Promise<void>
}

/** Sliding windows in memory. */
export function createAllowances(): Allowances {
  const spent = new Map<string, { at: number; amount: number }[]>()
  const closed = new Map<string, number>()

  function freeAt(now: number, want: Want): number {
    const entries = (spent.get(want.name) ?? []).filter((entry) => entry.at > now - want.window)
    let over = entries.reduce((sum, entry) => sum + entry.amount, 0) + Math.min(want.amount, want.limit) - want.limit
    for (const entry of entries) {
      if (over <= 0) break
      over -= entry.amount
      if (over <= 0) return entry.at + want.window
    }
    return now
  }

  return {
    async take(now, lanes, wants) {
      const opens = Math.max(
        0,
        ...lanes.map((lane) => closed.get(lane) ?? 0),
        ...wants.map((want) => freeAt(now, want)),
      )
      if (opens > now) return opens
      for (const name of new Set(wants.map((want) => want.name))) {
        const same = wants.filter((want) => want.name === name)
        const longest = Math.max(...same.map((want) => want.window))
        const kept = (spent.get(name) ?? []).filter((entry) => entry.at > now - longest)
        const amount = Math.max(...same.map((want) => want.amount))
        if (amount > 0) kept.push({ at: now, amount })
        spent.set(name, kept)
      }
      return 0
    },
    async close(lane, until) {
      closed.set(lane, Math.max(until, closed.get(lane) ?? 0))
    },
  }
}
