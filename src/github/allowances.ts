// What an installation may still spend: one account, kept where all processes see it, and changed by one at a time.

/** `amount` of the allowance `name`, of which `limit` may be spent within `window` milliseconds. */
export type Want = { name: string; amount: number; limit: number; window: number }

/** What one call needs: lanes that are open, and allowances. `rank`: the lower, the earlier it goes. */
export type Wish = { lanes: string[]; wants: Want[]; rank: number }

/** How busy the asking process is, and how long (in milliseconds) its calls wait rather than come back. */
export type Asking = { running: number; atOnce: number; patience: number }

export type Allowances = {
  /** Takes what each wish needs, the first first, and answers 0 for it; else the milliseconds until it may ask again. */
  take(asking: Asking, wishes: Wish[]): Promise<number[]>
  /** Nothing is granted to that lane for so many milliseconds. */
  close(lane: string, milliseconds: number): Promise<void>
}

type Amount = { at: number; amount: number }

/** Times are milliseconds since 1970, all of the same clock. Plain JSON. */
export type Account = {
  closed: Record<string, number>
  /** By allowance and window, the oldest first, in pieces of a sixtieth of the window. */
  spent: Record<string, Amount[]>
  /** When those who were sent away come back, so that not all come at once. */
  told: Record<string, (Amount & { rank: number })[]>
  /** How many calls each process had under way when it last asked. */
  running: Record<string, { at: number; count: number }>
}

/** Where the account is kept: changes it, while nobody else does, by a clock that all processes share. */
export type Keep = (change: (account: Account, now: number) => void) => Promise<void>

const PIECES = 60
/** A process that has not asked for so long has no call under way: calls end within 15 s. */
const RUNNING_MS = 30_000
const CROWDED_MS = 250
const LONGEST_MS = 3_600_000

const emptyAccount = (): Account => ({ closed: {}, spent: {}, told: {}, running: {} })

/** In this process alone. */
export function keepHere(now: () => number): Keep {
  const account = emptyAccount()
  return async (change) => change(account, now())
}

/** In a store that keeps a text for all processes. */
export function keepAsText(edit: (change: (text: string | null, now: number) => string) => Promise<void>): Keep {
  return (change) =>
    edit((text, now) => {
      const account: Account = text === null ? emptyAccount() : JSON.parse(text)
      change(account, now)
      return JSON.stringify(account)
    })
}

/** `process` tells this process from the others that share the account. */
export function createAllowances(keep: Keep, process = 'here'): Allowances {
  return {
    async take(asking, wishes) {
      let waits: number[] = []
      await keep((account, now) => {
        waits = grant(account, now, process, asking, wishes)
      })
      return waits
    },
    close: (lane, milliseconds) =>
      keep((account, now) => {
        account.closed[lane] = Math.max(now + milliseconds, account.closed[lane] ?? 0)
      }),
  }
}

function grant(account: Account, now: number, process: string, asking: Asking, wishes: Wish[]): number[] {
  forget(account, now)
  const others = Object.entries(account.running).flatMap(([id, { count }]) => (id === process ? [] : [count]))
  let free = asking.atOnce - asking.running - others.reduce((sum, count) => sum + count, 0)
  let granted = 0
  // What was refused to the more urgent is not given to the less urgent.
  const refused = new Map<string, number>()
  const waits = wishes.map((wish) => {
    if (free <= 0) return CROWDED_MS
    const names = [...wish.lanes, ...wish.wants.map(keyOf)]
    const opens = Math.max(
      now,
      ...wish.lanes.map((lane) => account.closed[lane] ?? 0),
      ...wish.wants.map((want) => freeAt(now, account.spent[keyOf(want)] ?? [], want)),
      ...names.map((name) => refused.get(name) ?? 0),
    )
    if (opens <= now) {
      for (const want of wish.wants) spend(account, now, want)
      free -= 1
      granted += 1
      return 0
    }
    for (const want of wish.wants)
      if (freeAt(now, account.spent[keyOf(want)] ?? [], want) > now) refused.set(keyOf(want), opens)
    return (opens - now > asking.patience ? tell(account, now, opens, wish) : opens) - now
  })
  account.running[process] = { at: now, count: asking.running + granted }
  return waits
}

/** When there is room for a want among these amounts, which stand in the order of their times. */
function freeAt(now: number, amounts: Amount[], want: Want): number {
  let over = amounts.reduce((sum, { amount }) => sum + amount, 0) + Math.min(want.amount, want.limit) - want.limit
  if (over <= 0) return now
  for (const { at, amount } of amounts) {
    over -= amount
    if (over <= 0) return at + want.window
  }
  return now
}

function spend(account: Account, now: number, want: Want): void {
  if (want.amount === 0) return
  const piece = want.window / PIECES
  account.spent[keyOf(want)] ??= []
  const spent = account.spent[keyOf(want)] as Amount[]
  const last = spent.at(-1)
  // Kept with its latest time: a piece is forgotten late rather than early.
  if (last && Math.floor(last.at / piece) === Math.floor(now / piece)) {
    last.amount += want.amount
    last.at = now
  } else spent.push({ at: now, amount: want.amount })
}

/** Finds a time behind all those of the same urgency who were sent away before, and keeps it in mind. No promise. */
function tell(account: Account, now: number, opens: number, wish: Wish): number {
  const times = wish.wants.map((want) => {
    const told = (account.told[keyOf(want)] ?? []).filter(({ rank }) => rank <= wish.rank)
    const all = [...(account.spent[keyOf(want)] ?? []), ...told].sort((a, b) => a.at - b.at)
    return freeAt(now, all, want)
  })
  const at = Math.min(Math.max(opens, ...times), Math.max(opens, now + LONGEST_MS))
  for (const want of wish.wants) {
    account.told[keyOf(want)] ??= []
    const told = account.told[keyOf(want)] as (Amount & { rank: number })[]
    const same = told.find((each) => each.at === at && each.rank === wish.rank)
    if (same) same.amount += want.amount
    else told.push({ at, amount: want.amount, rank: wish.rank })
  }
  return at
}

function forget(account: Account, now: number): void {
  for (const [lane, until] of Object.entries(account.closed)) if (until <= now) delete account.closed[lane]
  for (const [key, amounts] of Object.entries(account.spent)) {
    const window = Number(key.split('/')[1])
    account.spent[key] = amounts.filter(({ at }) => at > now - window)
  }
  for (const [key, amounts] of Object.entries(account.told)) account.told[key] = amounts.filter(({ at }) => at > now)
  for (const [process, { at }] of Object.entries(account.running))
    if (at <= now - RUNNING_MS) delete account.running[process]
}

function keyOf({ name, window }: Want): string {
  return `${name}/${window}`
}
