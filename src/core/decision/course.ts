// One course of deciding: what has been decided so far, the move as it then is, and what could not be answered.
import type { Event } from '../facts/event.ts'
import { NO_FACTS, type Query, unanswered } from '../facts/query.ts'
import { type Attempt, evolve, type Move } from './move.ts'

export class Course {
  move: Move
  readonly at: string
  readonly decided: Event[] = []
  readonly missing: Query[] = []
  private readonly seed: string
  private issued = 0

  constructor(move: Move, event: Event) {
    this.move = move
    this.at = event.at
    this.seed = event.kind === 'card-seen' ? event.id : ''
  }

  /** The move that is open, if one is. */
  get open(): Attempt | null {
    return this.move.current?.outcome === null ? this.move.current : null
  }

  emit(event: Event): void {
    this.decided.push(event)
    this.move = evolve(this.move, event)
  }

  /** A new id, drawn without randomness from the one that the read of the card bears. */
  issue(): string {
    this.issued += 1
    return step(this.seed, this.issued)
  }

  /** Keeps the parts of queries that the facts at hand do not answer; true where there are none. */
  answered(queries: Query[]): boolean {
    const facts = this.move.seen?.facts ?? NO_FACTS
    const missing = queries.map((query) => unanswered(query, facts)).filter((query) => query !== null)
    this.missing.push(...missing)
    return missing.length === 0
  }
}

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID plus a number, in Crockford's base 32; only its random part is touched. */
function step(ulid: string, by: number): string {
  const head = ulid.slice(0, -8)
  let rest = by
  let tail = ''
  for (const digit of [...ulid.slice(-8)].reverse()) {
    rest += Math.max(0, DIGITS.indexOf(digit))
    tail = DIGITS[rest % 32] + tail
    rest = Math.floor(rest / 32)
  }
  return head + tail
}
