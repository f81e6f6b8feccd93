// The tables as the queries see them. Times are milliseconds since 1970 (UTC); migrations.ts creates them.
import type { Generated } from 'kysely'

export type Tables = {
  /** One row: the version of the tables, and the oldest version of this code that can still work with them. */
  store: { id: number; version: number; readable_from: number; pinged: number }
  /** One row: the last entry. Whoever appends holds it locked, so that `seq` has no hole and the chain one end. */
  head: { id: number; seq: number; hash: string }
  /** The record. Only ever added to: the database itself refuses anything else. */
  entries: {
    seq: number
    id: string
    stream: string
    version: number
    at: number
    event: string
    previous: string
    hash: string
  }
  streams: { stream: string; version: number }
  /** What an entry can be found by. Rebuilt from the record where it is in doubt. */
  terms: { name: string; value: string; seq: number }
  documents: { digest: string; content: Buffer }
  cards: {
    stream: string
    owner: string
    project: string
    project_number: number
    item: string
    content: string | null
    pull: string | null
    repository: string | null
    number: number | null
    sha: string | null
    title: string
    place: string | null
    ready_since: string | null
  }
  orders: {
    id: Generated<number>
    stream: string
    key: string
    seq: number
    effect: string
    tries: number
    done_at: number | null
  }
  handles: { stream: string; name: string; value: string }
  deliveries: {
    id: Generated<number>
    guid: string
    event: string
    body: Buffer
    received_at: number
    leased_until: number
    routed_at: number | null
  }
  /**
   * One row a key that has work to do. `due` null: nothing more to do once the present turn ends. `tries`: turns begun
   * since the last one that finished; `faults`: those that failed by their own fault; `deaths`: those that never ended.
   * `lease`: the token of the turn that is being worked.
   */
  tasks: {
    key: string
    owner: string
    due: number | null
    tries: number
    faults: Generated<number>
    deaths: Generated<number>
    lease: string | null
    leased_until: number | null
    why: string | null
    aside_since: number | null
  }
  knocks: { id: Generated<number>; key: string; text: string }
  /** What each installation has spent of what GitHub allows it. */
  allowances: { name: string; account: string; changed_at: number }
}
