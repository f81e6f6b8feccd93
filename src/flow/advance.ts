// Takes one card's turn: remembers, reads, decides, appends, and only then acts.
import { nextDeadline, outstanding } from '../core/decision/deadline.ts'
import { decide, wanted } from '../core/decision/decide.ts'
import { foresee, mergeBlobs } from '../core/decision/foresee.ts'
import { evolve, type Move } from '../core/decision/move.ts'
import { STALE_SECONDS, sameStand } from '../core/decision/place.ts'
import { pullDeadline, waitsOnChecks } from '../core/decision/pull.ts'
import { hasNewWaivers } from '../core/decision/waiver.ts'
import type { Actor } from '../core/facts/actor.ts'
import type { Card } from '../core/facts/card.ts'
import type { Event } from '../core/facts/event.ts'
import { isOfRecord, mergeFacts, type Query, unanswered } from '../core/facts/query.ts'
import type { Policy } from '../core/policy/policy.ts'
import type { Knock } from '../github/knock.ts'
import type { CardReading, GitHub } from '../github/port.ts'
import type { CardIndex } from '../ledger/port.ts'
import { adopt } from './adopt.ts'
import { ask } from './ask.ts'
import { indexOf } from './card-index.ts'
import { dispatchRuns } from './dispatch-runs.ts'
import { withDueReviews } from './due-reviews.ts'
import { DENIED_SECONDS, Denied, installationOf } from './installation.ts'
import { type Governing, governing } from './load-policy.ts'
import { lastOnBoard, notePolicy } from './note-policy.ts'
import { openReviews } from './open-reviews.ts'
import { performWrites } from './perform.ts'
import { wakeReady, withReadiness } from './pull-cards.ts'
import { resolveChange } from './resolve-change.ts'
import { runAnswers } from './run-answers.ts'
import { commandEvents, labelEvents, newCommands, queriesOf } from './take-commands.ts'
import { Turn } from './turn.ts'
import { after, now, type World } from './world.ts'

/** How often the facts may turn out not to suffice before a card is left for later. */
const MOST_READS = 4
/** A turn decides by the time at its end: GitHub's limits may keep it waiting until then. */
const LONGEST_TURN_SECONDS = 120

export type CardTask = { stream: string; item: string; owner: string; knocks: Knock[] }

/** One turn. Answers when the card wants to be looked at again (ISO 8601), or null. */
export async function advance(world: World, task: CardTask): Promise<string | null> {
  const { github } = await installationOf(world, task.owner)
  const turn = await Turn.begin(world.ledger, world.newId, task.stream)
  const [stood] = await world.ledger.cards({ stream: task.stream })
  // What was ordered and not yet done must not wait for news that matter.
  const last = await policyOf(world, turn.move)
  if (idle(turn.move, task.knocks, last, now(world)) && (await world.ledger.pending(task.stream)).length === 0)
    return nextLook(world, turn.move)

  // No run is called late before GitHub was asked: the webhook of its end may be late or lost.
  const end = after(now(world), LONGEST_TURN_SECONDS)
  const late = outstanding(turn.move, now(world)).some((request) => request.deadline <= end)
  const answer = await runAnswers(world, github, turn.move, task.knocks, late || task.knocks.length === 0)
  for (const event of answer.events) turn.take(event)
  for (const document of answer.documents) turn.keep(document)

  const hint = task.knocks.findLast((knock) => knock.knock === 'item' && knock.to !== null)
  const wish = foresee(turn.move, last, hint?.knock === 'item' ? hint.to : null, now(world))
  const foreseen = mergeBlobs(wish).filter((query) => !isOfRecord(query))
  const reading = await github.readCard({ address: { item: task.item, owner: task.owner }, wanted: foreseen })
  if (reading.card === null) {
    await remove(world, github, turn)
    return endTurn(world, turn, last, stood)
  }

  const { address, content } = reading.card
  const where = { owner: address.owner, board: address.number, repository: content?.repository ?? null }
  const governed = governing(reading.policies, where, last ?? (await lastOnBoard(world, where)), world)
  if (governed === null) {
    await turn.commit(null)
    // An open move goes on once the policy is back, or can be read again.
    return turn.move.current?.outcome === null ? nextLook(world, turn.move) : null
  }
  // A board that came under the policy just now is taken as it stands; this card with it.
  if (await adopt(world, github, address.owner, address.number, governed.policy?.board.field ?? 'Status'))
    return now(world)
  governed.ref = await notePolicy(world, address, reading.policies.repository, governed)
  const lagging = await think(world, github, turn, reading, governed, task.knocks)
  await turn.commit(indexOf(turn))
  // Now that the record holds it, a look at the record tells which of several waivers came first.
  if (hasNewWaivers(turn.move)) {
    const { record: _, ...facts } = reading.facts
    reading.facts = facts
    await think(world, github, turn, reading, governed, [])
    await turn.commit(indexOf(turn))
  }
  // A refused dispatch is an answer too: the same read is decided about once more.
  const { refused, again } = await dispatchRuns(world, github, turn)
  if (refused) {
    await think(world, github, turn, reading, governed, [])
    await turn.commit(indexOf(turn))
  }
  let whole = await performWrites(world, github, turn)
  if (turn.move.reviews.some(({ issue }) => issue === null)) {
    await openReviews(world, github, turn)
    whole = await performWrites(world, github, turn)
  }
  const soon = await endTurn(world, turn, governed.policy, stood)
  if (soon) await world.ledger.wake(turn.stream, task.owner, soon)
  const next = lagging ? after(now(world), STALE_SECONDS) : nextLook(world, turn.move)
  return earliest(next, again, whole ? null : after(now(world), DENIED_SECONDS))
}

/**
 * Reads until the decision has all it wants, then takes the read of the card and what follows from it. True where the
 * read seems to lag behind our own last move of the card.
 */
async function think(
  world: World,
  github: GitHub,
  turn: Turn,
  reading: CardReading,
  governed: Governing,
  knocks: Knock[],
): Promise<boolean> {
  const { card } = reading
  const { policy, ref } = governed
  if (card === null) return false
  const commands = newCommands(turn.move, reading.commands, knocks)
  const pending = await world.ledger.pending(turn.stream)
  const pendingLabels = pending.flatMap(({ effect }) => (effect.effect === 'remove-label' ? [effect.label] : []))
  const open = turn.move.current?.outcome === null ? turn.move.current : null
  const pinned = open?.commit?.floating ? open.commit.sha : null
  reading.facts = await withDueReviews(world, card.address.project, policy, reading.facts)
  for (let reads = 0; ; reads++) {
    const at = now(world)
    reading.facts = await withReadiness(world, card.address.project, policy, reading.facts)
    const { change, commit, problems, missing } = resolveChange(card, reading.facts, pinned, world.seal)
    const seen: Event = {
      kind: 'card-seen',
      id: world.newId(),
      at,
      card,
      commit,
      facts: reading.facts,
      change,
      manifestProblems: problems,
      policy: ref,
      mover: moverOf(knocks, card),
    }
    const before: Event[] = policy
      ? [
          ...commandEvents(turn.move, commands, policy, {
            card,
            change,
            commit,
            policy: ref,
            facts: reading.facts,
            at,
          }),
          ...labelEvents(turn.move, card, policy, knocks, pendingLabels, at),
        ]
      : []
    const then = [...before, seen].reduce(evolve, turn.move)
    const still = [...missing, ...wanted(then, seen, policy), ...(policy ? queriesOf(commands, policy) : [])]
    const unread = still
      .map((query) => unanswered(query, reading.facts))
      .filter((query): query is Query => query !== null)
    if (unread.length > 0 && reads < MOST_READS) {
      const answers = await ask(world, github, card.address, mergeBlobs(unread), turn.unwritten)
      reading.facts = mergeFacts(reading.facts, answers)
      continue
    }
    const decided = decide(then, seen, policy)
    if (before.length === 0 && decided.length === 0 && !turn.changed && !tellsMore(turn.move, then))
      return lags(then, card)
    for (const event of [...before, seen, ...decided]) turn.take(event)
    if (governed.document) turn.keep(governed.document)
    return lags(then, card)
  }
}

/** Wakes those for whom the card made room; answers when this one wants to be looked at for a pull of its own. */
async function endTurn(
  world: World,
  turn: Turn,
  policy: Policy | null,
  stood: CardIndex | undefined,
): Promise<string | null> {
  const card = indexOf(turn)
  if (policy === null || card === null) return null
  await wakeReady(world, policy, card, stood)
  const { current, placing } = turn.move
  // One that came too late is in line again as soon as it is back: nobody tells of our own move of it.
  const back = current?.outcome === 'refused' && current.via === 'andon' && placing === null
  const returned = back && stood?.column !== card.column
  return returned || isArriving(turn.move) ? now(world) : pullDeadline(turn.move, policy, now(world))
}

/** Whether our own pull of the card took place, and its gates are not asked yet. */
function isArriving({ current, placing, place }: Move): boolean {
  if (current?.outcome !== null || current.via !== 'andon' || placing !== null) return false
  return place.column === current.to && current.gates.every((gate) => gate.judgement === null)
}

function lags(move: Move, card: Card): boolean {
  return !sameStand(move.place, { column: card.place.column?.name ?? null, since: card.place.since })
}

/** Whether a read is worth an entry though nothing was decided: the card stands elsewhere, or under another policy. */
function tellsMore(before: Move, after: Move): boolean {
  return (
    before.seen === null ||
    before.policy !== after.policy ||
    before.archived !== after.archived ||
    before.place.column !== after.place.column ||
    before.place.since !== after.place.since ||
    (before.placing === null) !== (after.placing === null) ||
    before.seen.change?.digest !== after.seen?.change?.digest ||
    // What a review was given for is known only while nothing was edited since.
    before.reviewed !== after.reviewed
  )
}

/** A card that GitHub does not show is gone only where its board is shown: else the app lost the right to see it. */
async function remove(world: World, github: GitHub, turn: Turn): Promise<null> {
  if (turn.move.known || turn.move.current) {
    const [card] = await world.ledger.cards({ stream: turn.stream })
    if (card && (await github.board(card.owner, card.projectNumber)) === null)
      throw new Denied(`Board ${card.projectNumber} of ${card.owner} is not shown to the app: its cards wait.`)
    const open = turn.move.current?.outcome === null ? turn.move.current : null
    if (open) turn.take({ kind: 'move-ended', at: now(world), move: open.id, outcome: 'removed' })
    if (turn.move.home !== null || turn.move.place.column !== null) turn.take({ kind: 'card-removed', at: now(world) })
    await turn.commit(indexOf(turn))
  }
  return null
}

/** The last readable policy that this card was decided by. */
async function policyOf(world: World, move: Move): Promise<Policy | null> {
  const text = move.policy === null ? null : await world.ledger.document(move.policy)
  return text === null ? null : (JSON.parse(text) as Policy)
}

/** A delivery that names another column tells of another move, perhaps of somebody else. */
function moverOf(knocks: Knock[], { place }: Card): Actor | null {
  const here = place.column?.name ?? null
  const knock = knocks.findLast(
    (each) => each.knock === 'item' && each.mover !== null && (each.to === null || each.to === here),
  )
  return knock?.knock === 'item' ? knock.mover : null
}

/** Checks end by the dozen: only a card whose open move asks about checks has to look. */
function idle(move: Move, knocks: Knock[], policy: Policy | null, at: string): boolean {
  if (knocks.length === 0) return false
  const open = move.current?.outcome === null ? move.current : null
  return knocks.every((knock) => {
    if (knock.knock === 'check')
      return (
        !knock.rerequested &&
        !open?.gates.some((gate) => gate.kind === 'checks') &&
        !(policy && waitsOnChecks(move, policy))
      )
    if (knock.knock === 'run')
      return knock.status !== 'completed' && outstanding(move, at).every((request) => request.run !== null)
    return false
  })
}

/**
 * Something outstanding is also looked at with every sweep, since a webhook may never come. After our own move of the
 * card one more look tells whether a person's move was undone by it: the board then stands as the record says, and no
 * sweep would look.
 */
function nextLook(world: World, move: Move): string | null {
  const open = move.current?.outcome === null
  const at = now(world)
  const settles = move.placed && after(move.placed.at, STALE_SECONDS)
  const deadline = earliest(
    settles && settles > at ? settles : null,
    nextDeadline(move, at),
    ...move.reviews.map(({ due }) => due).filter((due) => due > at),
  )
  // Whether an issue was closed is told by nothing but a look.
  const owed = move.reviews.some(({ issue, due }) => issue === null || due <= at)
  if (!open && !owed && outstanding(move, at).length === 0 && move.placing === null) return deadline
  return earliest(deadline, after(at, world.sweepSeconds))
}

function earliest(...times: (string | null)[]): string | null {
  return times.filter((time) => time !== null).sort()[0] ?? null
}
