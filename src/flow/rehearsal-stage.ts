// What holds for all cards of a rehearsed board: the record, the policies and since when they are in force.
import { evolve, type Move, NEW_MOVE, recall } from '../core/decision/move.ts'
import { type Rehearsal, rehearse } from '../core/decision/rehearse.ts'
import type { Actor } from '../core/facts/actor.ts'
import { type Card, cardStream } from '../core/facts/card.ts'
import type { Event, PolicyRef } from '../core/facts/event.ts'
import type { Facts, Query } from '../core/facts/query.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { BoardReader, CardReading, PolicyFile } from '../github/port.ts'
import { type Governing, governing } from './load-policy.ts'
import { boardStream } from './note-policy.ts'
import { resolveChange } from './resolve-change.ts'
import type { RecordReader, World } from './world.ts'

/** `card`: as in `acme/bot#7`, or an item's id; null: every card. `policy` stands in for the repositories' own. */
export type Wish = {
  board: { owner: string; number: number }
  card: { repository: string; number: number } | { item: string } | null
  to: string | null
  /** Who would move it; null: somebody who may. */
  by: Actor | null
  policy: PolicyFile | null
}

export type Standing = RecordReader & { reader: BoardReader; now: string } & Pick<World, 'seal' | 'presets'>

export type Cast = {
  reading: CardReading & { card: Card }
  remembered: Move
  governed: Governing | null
  played: { rehearsal: Rehearsal; missing: Query[]; move: Move } | null
}

/** The id of a read that enters no record; new ids are counted up from it. */
const NO_ID = '00000000000000000000000000'

/** What holds for all cards of the board: its policies, since when they are in force, and the record. */
export class Stage {
  private readonly on: Standing
  private readonly wish: Pick<Wish, 'to' | 'by'>
  private readonly story: Event[]
  private readonly policies = new Map<string, Governing | null>()

  private constructor(on: Standing, wish: Pick<Wish, 'to' | 'by'>, story: Event[]) {
    this.on = on
    this.wish = wish
    this.story = story
  }

  static async set(on: Standing, wish: Wish): Promise<Stage> {
    const entries = await on.ledger.read(boardStream(wish.board.owner, wish.board.number))
    return new Stage(
      on,
      wish,
      entries.map(({ event }) => event),
    )
  }

  /** A card that the record does not know is taken as it stands, as when its board comes under the policy. */
  async cast(reading: CardReading & { card: Card }): Promise<Cast> {
    const { card } = reading
    const events = (await this.on.ledger.read(cardStream(card.address.item))).map(({ event }) => event)
    const column = card.place.column?.name ?? null
    const adopted: Event = { kind: 'card-adopted', at: this.on.now, column, since: card.place.since }
    const remembered = events.length > 0 ? recall(events) : evolve(NEW_MOVE, adopted)
    return { reading, remembered, governed: await this.governed(reading, remembered), played: null }
  }

  private async governed({ policies, card }: Cast['reading'], move: Move): Promise<Governing | null> {
    const { organization, repository } = policies
    const { owner, number: board } = card.address
    const where = { owner, board, repository: card.content?.repository ?? null }
    const key = JSON.stringify([where.repository, organization?.repository, repository?.repository, move.policy])
    if (!this.policies.has(key)) {
      const text = move.policy === null ? null : await this.on.ledger.document(move.policy)
      const last = text === null ? null : (JSON.parse(text) as Policy)
      const found = governing(policies, where, last, this.on)
      this.policies.set(key, found && { ...found, ref: this.dated(found.ref, repository?.repository ?? '') })
    }
    return this.policies.get(key) ?? null
  }

  /** Since when it is in force; one that the record does not know yet would be from now on. */
  private dated(ref: PolicyRef, repository: string): PolicyRef {
    if (ref.problems.length > 0) return ref
    const last = this.story.findLast((event) => event.kind === 'policy-changed' && event.repository === repository)
    if (last?.kind !== 'policy-changed') return ref
    return { ...ref, since: last.digest !== ref.digest ? this.on.now : last.previous === null ? null : last.at }
  }

  play({ reading, remembered, governed }: Cast, facts: Facts): Cast['played'] {
    const { card } = reading
    const open = remembered.current?.outcome === null ? remembered.current : null
    const pinned = open?.commit?.floating ? open.commit.sha : null
    const { change, commit, problems, missing } = resolveChange(card, facts, pinned, this.on.seal)
    const policy = governed?.ref ?? null
    const read = { card, commit, facts, change, manifestProblems: problems, policy, mover: null }
    const move = evolve(remembered, { kind: 'card-seen', id: NO_ID, at: this.on.now, ...read })
    const played = rehearse(move, governed?.policy ?? null, this.wish)
    // Where no gate is asked, nobody has to know what the change consists of.
    const asks = 'attempt' in played.rehearsal && played.rehearsal.attempt.gates.length > 0
    return { ...played, move, missing: asks ? [...missing, ...played.missing] : played.missing }
  }
}
