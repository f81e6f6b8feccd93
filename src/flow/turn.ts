// One turn of a card: what was remembered, what came in since, and what is to be appended together.
import { type Effect, effects, orderKey } from '../core/decision/effects.ts'
import { evolve, type Move, recall } from '../core/decision/move.ts'
import type { Event } from '../core/facts/event.ts'
import { isKnownKind } from '../core/facts/event-kinds.ts'
import type { CardIndex, Draft, Ledger, Order } from '../ledger/port.ts'
import { learnAbout } from './log-context.ts'

/** The card's entries are no longer those this turn began with: it is void, and the card is taken up anew. */
class TurnLost extends Error {
  readonly transient = true
  readonly retryAfter = 0

  constructor(stream: string) {
    super(`${stream} was advanced by another process.`)
  }
}

/** Who does not understand all that is recorded of a card must not decide about it: the newer version does. */
class NewerRecord extends Error {
  readonly transient = true
  readonly retryAfter = 60

  constructor(stream: string, kind: string) {
    super(
      `${stream} has an entry of the kind "${kind}", which a newer version of Andon wrote: this one leaves it to that.`,
    )
  }
}

export class Turn {
  move: Move
  readonly stream: string
  private version: number
  private drafts: Draft[] = []
  private orders = new Map<string, Effect>()
  private documents: { digest: string; text: string }[] = []
  private readonly ledger: Ledger
  private readonly newId: () => string

  private constructor(ledger: Ledger, newId: () => string, stream: string, events: Event[]) {
    this.ledger = ledger
    this.newId = newId
    this.stream = stream
    this.version = events.length
    this.move = recall(events)
    this.tellLog()
  }

  static async begin(ledger: Ledger, newId: () => string, stream: string): Promise<Turn> {
    const entries = await ledger.read(stream)
    const newer = entries.find(({ event }) => !isKnownKind(event.kind))
    if (newer) throw new NewerRecord(stream, newer.event.kind)
    return new Turn(
      ledger,
      newId,
      stream,
      entries.map((entry) => entry.event),
    )
  }

  /** Takes an event in, and orders what follows from it; nothing is stored before `commit`. */
  take(event: Event): void {
    this.move = evolve(this.move, event)
    this.tellLog()
    this.drafts.push({ id: this.newId(), event })
    for (const effect of effects(this.move, event)) this.orders.set(orderKey(effect), effect)
  }

  private tellLog(): void {
    if (this.move.current) learnAbout({ move: this.move.current.id })
  }

  keep(document: { digest: string; text: string }): void {
    this.documents.push(document)
  }

  /** What was taken in and is not stored yet. */
  get unwritten(): Event[] {
    return this.drafts.map(({ event }) => event)
  }

  get changed(): boolean {
    return this.drafts.length > 0
  }

  /** Stores all that was taken in, in one transaction. Throws a `TurnLost` where another process was faster. */
  async commit(card: CardIndex | null): Promise<void> {
    if (this.drafts.length === 0) return
    const orders: Order[] = [...this.orders].map(([key, effect]) => ({ key, effect }))
    const also = { orders, documents: this.documents, ...(card ? { card } : {}) }
    const appended = await this.ledger.append(this.stream, this.version, this.drafts, also)
    if (!appended.ok) throw new TurnLost(this.stream)
    this.version += this.drafts.length
    this.drafts = []
    this.orders = new Map()
    this.documents = []
  }
}
