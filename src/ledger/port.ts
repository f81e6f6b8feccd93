// What the flow, the pages and the command line may ask of the store: the record, and the work still to do.
import type { Effect } from '../core/decision/effects.ts'
import type { Event, EventKind } from '../core/facts/event.ts'

/**
 * One entry of the record. `seq` counts from 1 over the whole ledger without a hole; `version` from 1 in its stream.
 * `hash` = sha256 of the canonical JSON (RFC 8785) of { seq, id, stream, version, event, previous }.
 */
export type Entry = {
  seq: number
  id: string
  stream: string
  version: number
  event: Event
  previous: string
  hash: string
}

/** An event with the id (ULID) its entry will bear. */
export type Draft = { id: string; event: Event }

/** An ordered act. `key` merges: a later order of the same stream and key replaces an earlier one that still waits. */
export type Order = { key: string; effect: Effect }
export type PendingOrder = Order & { id: number; stream: string; seq: number; tries: number }

export type Appended = { ok: true; entries: Entry[]; orders: PendingOrder[] } | { ok: false; conflict: true }

/** What is known of a card for looking it up: kept beside the record, rebuilt from it. */
export type CardIndex = {
  stream: string
  owner: string
  project: string
  projectNumber: number
  item: string
  content: string | null
  pull: string | null
  repository: string | null
  number: number | null
  sha: string | null
  title: string
  column: string | null
  /** Since when the card could be pulled on (ISO 8601); absent where it could not. */
  readySince?: string
}

export type Search = {
  /** Free words: card titles, logins, gates, reasons, manifest names. */
  words?: string
  actor?: string
  gate?: string
  verdict?: string
  reason?: string
  kind?: EventKind
  stream?: string
  /** ISO 8601, inclusive and exclusive. */
  from?: string
  to?: string
  limit?: number
  /** Only entries before this seq: the next page, newest first. */
  before?: number
}

/**
 * Words, `actor` (who moved the card), and gate, verdict and reason (these three of one entry) may each be met by
 * another entry of the move. `from` and `to` are about when it was opened, and `before` about that entry.
 */
export type MoveSearch = Omit<Search, 'kind' | 'stream'>

/** A move that was found: the entry that opened it (its event is a `move-opened`), and its card as last seen. */
export type FoundMove = { opened: Entry; card: CardIndex | null }

/**
 * What happened on one board, whichever card it was about: events of some kinds since an instant (ISO 8601). `before`:
 * only entries before this seq, for the page of ten thousand that comes before another one.
 */
export type BoardSearch = { project: string; kinds: EventKind[]; since: string; before?: number }

export type Delivery = { guid: string; event: string; body: string; receivedAt: string }

/** Makes a task due no later than `due`, and leaves a knock with it. */
export type Wake = { key: string; owner: string; due: string; knock?: string }

/** A unit of work: one key is worked by one process at a time. `knocks` are JSON texts that came since the last turn. */
export type Task = {
  key: string
  owner: string
  due: string
  /** Turns begun since the last one that ended well. */
  tries: number
  /** Those of them that failed by the task's own fault. */
  faults: number
  /** Those of them that never ended: the process died or hung. */
  deaths: number
  knocks: { id: number; text: string }[]
  lease: string
}

/** Rows forgotten: GUIDs of routed deliveries, done orders, knocks of tasks long set aside, accounts nobody used. */
export type Pruned = { deliveries: number; orders: number; knocks: number; accounts: number }

/**
 * Why a turn did not end well. `own`: it may be poison. `outage`: it failed with what it stands on. `none`: it has only to
 * wait, so the turn does not count, and a knock wakes it earlier.
 */
export type Fault = 'own' | 'outage' | 'none'

export type Ledger = {
  /** Creates or migrates the tables. Refuses a store of a newer version with one sentence. */
  open(): Promise<void>
  close(): Promise<void>
  /** Throws with one sentence where the store cannot be written. */
  ping(): Promise<void>

  read(stream: string): Promise<Entry[]>
  /** The entries, their orders, the card's index row and documents, in one transaction. */
  append(
    stream: string,
    expected: number,
    drafts: Draft[],
    also?: { orders?: Order[]; card?: CardIndex; documents?: { digest: string; text: string }[] },
  ): Promise<Appended>
  entry(seq: number): Promise<Entry | null>
  /** All entries in order, `from` inclusive; for verify, replay and export. */
  entries(from?: number): AsyncIterable<Entry>
  head(): Promise<{ seq: number; hash: string }>
  search(search: Search): Promise<Entry[]>
  /** Newest first. */
  moves(search: MoveSearch): Promise<FoundMove[]>
  /** The entries that name one of these moves, in order: enough to fold each, without reading their streams. */
  entriesOfMoves(moves: string[]): Promise<Entry[]>
  document(digest: string): Promise<string | null>
  /** Oldest first; the newest ten thousand where there are more. `project`: the board's node id. */
  happened(search: BoardSearch): Promise<{ entry: Entry; card: CardIndex }[]>

  cards(where: {
    stream?: string
    item?: string
    content?: string
    pull?: string
    repository?: string
    sha?: string
    project?: string
    /** Only those that could be pulled on. */
    ready?: true
  }): Promise<CardIndex[]>
  streamOfRequest(request: string): Promise<string | null>

  pending(stream: string): Promise<PendingOrder[]>
  /** Marked before the act is tried, so that a later try knows to look first. */
  attempting(ids: number[]): Promise<void>
  done(ids: number[]): Promise<void>
  /** What a write made, to be found by the next: a check run's or comment's node id. */
  handle(stream: string, name: string): Promise<string | null>
  handles(stream: string): Promise<Record<string, string>>
  keepHandle(stream: string, name: string, value: string): Promise<void>

  /** True where this GUID is new. Durable when it returns. */
  accept(delivery: Delivery): Promise<boolean>
  /** Claims deliveries that wait to be told to their cards, oldest first. */
  deliveries(limit: number): Promise<Delivery[]>
  /** Marks deliveries as told, with what they wake, all or nothing. Of each only its GUID is kept. */
  routed(guids: string[], wakes?: Wake[]): Promise<void>

  /** Makes a task due no later than `due`, and leaves a knock with it. */
  wake(key: string, owner: string, due: string, knock?: string): Promise<void>
  /** The next due task that no one works on, leased for `seconds`. */
  claim(now: string, seconds: number): Promise<Task | null>
  /** Prolongs a lease that still holds to `seconds` from `now`; false where another process took the task meanwhile. */
  renew(task: Task, now: string, seconds: number): Promise<boolean>
  /** Ends a lease: forgets the knocks that were read, and sets the next due time if there is one. */
  finish(task: Task, next: string | null): Promise<void>
  /** Gives a task back, with its knocks, to be tried again at `due`. */
  postpone(task: Task, due: string, why: string, fault: Fault): Promise<void>
  /** Sets a task aside after too many failures; `release` brings it back. */
  setAside(task: Task, why: string): Promise<void>
  release(key?: string): Promise<number>
  /** Forgets what was done with before `before` (ISO 8601): see `Pruned`. The record itself is never pruned. */
  prune(before: string): Promise<Pruned>
  /** Changes an account that all processes share, one at a time; `now`: milliseconds, by a clock that they share too. */
  account(name: string, change: (text: string | null, now: number) => string): Promise<void>
  backlog(now: string): Promise<{
    due: number
    oldest: string | null
    leased: number
    /** How many are set aside, and the first hundred of them. */
    asideCount: number
    aside: { key: string; why: string; since: string }[]
    /** Stored and not told yet, and since when the oldest of them. */
    deliveries: number
    oldestDelivery: string | null
  }>
}
