// Reads one board again: what GitHub says was changed, and the next pages of the whole, round and round.
import { recall } from '../core/decision/move.ts'
import { cardStream, sameLabel } from '../core/facts/card.ts'
import type { BoardItem, BoardPage, GitHub } from '../github/port.ts'
import { wakeAllReady } from './pull-cards.ts'
import { after, now, type World } from './world.ts'

/** Pages of a hundred cards that a sweep reads of the whole board: one of 300 cards is read whole each time. */
const PAGES_A_SWEEP = 3
/** Where GitHub's filter cannot be trusted, the round goes this much faster. */
const HURRY = 4
/** Pages that a sweep reads of the cards that were changed; nearly always the first one holds them all. */
const CHANGED_PAGES = 3
/** GitHub filters by days, in a time zone that it does not name. */
const DAY_SECONDS = 86_400
/** How far GitHub's clock and ours may be apart. */
const SKEW_SECONDS = 600

/** A round that fails this often at one place begins anew: GitHub may have forgotten the place. */
const MOST_FAILURES = 3

/**
 * How far the sweeps of a board have come. `since`: no change before it is unknown. `changed`: the rest of a long list
 * of changed cards, of a sweep that began at `begun`. `round`: where the reading of the whole board has arrived; the
 * cards it has met so far lie beside it, in as many handles as `parts`.
 */
type Progress = {
  since: string
  changed: { day: string; begun: string; cursor: string } | null
  round: { begun: string; cursor: string | null; parts: number } | null
  failures: number
}

type Board = {
  owner: string
  number: number
  field: string
  /** Whether a card of that repository (null: of none) is under the board's policy. */
  governs: (repository: string | null) => boolean
  /** The labels that ask for a move. */
  asking: string[]
  /** The columns that others pull from, under the policies of this mark. */
  pulling?: { from: string[]; mark: string }
}

type Reading = {
  world: World
  github: GitHub
  board: Board
  stream: string
  begun: string
  /** Wakes the cards of a page that stand elsewhere than the record says; `from`: see `differs`. */
  look: (page: BoardPage, from: string | null) => Promise<void>
}

/**
 * One sweep of one board; null where the board cannot be seen. `adopted` is asked once the board is known to be there,
 * and is true where it has just been taken as it stands. `whole`: the whole board has been gone round.
 */
export async function sweepBoard(
  world: World,
  github: GitHub,
  board: Board,
  wake: (stream: string) => Promise<void>,
  adopted: () => Promise<boolean>,
): Promise<{ cards: number; whole: boolean } | null> {
  const stream = `sweep:${board.owner}/${board.number}`
  const begun = now(world)
  const kept = await world.ledger.handle(stream, 'progress')
  const before: Progress = kept ? JSON.parse(kept) : { since: begun, changed: null, round: null, failures: 0 }
  const keep = (progress: Progress) => world.ledger.keepHandle(stream, 'progress', JSON.stringify(progress))
  let cards = 0
  const { from: pulled, mark } = board.pulling ?? { from: [], mark: '' }
  const looked = pulled.length > 0 ? await world.ledger.handle(stream, 'pull') : null
  // Whether a card is ready under a new policy nobody has asked yet.
  const mayBeReady = (item: BoardItem) =>
    pulled.length > 0 && looked !== mark && !item.archived && pulled.includes(item.place.column?.name ?? '')
  const look: Reading['look'] = async (page, from) => {
    for (const item of page.items) {
      cards += 1
      if (
        board.governs(item.repository) &&
        (asks(item, board) || mayBeReady(item) || (await differs(world, item, from)))
      )
        await wake(cardStream(item.item))
    }
  }
  const reading = { world, github, board, stream, begun, look }
  try {
    const changes = await readChanges(reading, before, adopted)
    if (changes === null) return null
    if (changes === 'adopted') return { cards, whole: false }
    const { round, met } = await goRound(reading, changes.project, before.round, changes.trusted)
    if (pulled.length > 0) await wakeAllReady(world, changes.project, wake)
    if (met) await wakeMissing(world, changes.project, met, wake)
    // The first round to end may have begun under the policy before.
    if (met && pulled.length > 0 && looked !== mark)
      await world.ledger.keepHandle(stream, 'pull', looked === `once ${mark}` ? mark : `once ${mark}`)
    await keep({ since: changes.since, changed: changes.changed, round, failures: 0 })
    return { cards, whole: met !== null }
  } catch (error) {
    const failures = before.failures + 1
    await keep(
      failures < MOST_FAILURES ? { ...before, failures } : { ...before, changed: null, round: null, failures: 0 },
    )
    throw error
  }
}

/** Reads the cards that GitHub's filter calls changed. */
async function readChanges(
  { github, world, board, begun, look }: Reading,
  before: Progress,
  adopted: () => Promise<boolean>,
): Promise<(Pick<Progress, 'since' | 'changed'> & { project: string; trusted: boolean }) | 'adopted' | null> {
  const list = before.changed ?? { day: after(before.since, -DAY_SECONDS).slice(0, 10), begun, cursor: null }
  let { cursor }: { cursor: string | null } = list
  for (let pages = 1; ; pages++) {
    const news = await github.boardNews(board, list.day, cursor)
    if (news === null) return null
    if (pages === 1 && (await adopted())) return 'adopted'
    await look(news.changed, after(before.since, -SKEW_SECONDS))
    cursor = news.changed.cursor
    if (cursor !== null && pages < CHANGED_PAGES) continue
    if (!news.trusted) world.log.warn({ owner: board.owner, board: board.number }, UNTRUSTED)
    const known = { project: news.id, trusted: news.trusted }
    return cursor === null
      ? { ...known, since: list.begun, changed: null }
      : { ...known, since: before.since, changed: { ...list, cursor } }
  }
}

const UNTRUSTED = "GitHub's filter of changed cards does not add up: the whole board is read faster instead"

/** Reads the next pages of the whole board. `met`: every card on it, once its end is reached. */
async function goRound(
  { world, github, board, stream, begun, look }: Reading,
  project: string,
  under: Progress['round'],
  trusted: boolean,
): Promise<{ round: Progress['round']; met: string[] | null }> {
  const round = under ?? { begun, cursor: null, parts: 0 }
  const met: string[] = []
  let { cursor } = round
  for (let pages = 0; pages < PAGES_A_SWEEP * (trusted ? 1 : HURRY); pages++) {
    const page = await github.boardPage(project, board.field, cursor)
    await look(page, null)
    met.push(...page.items.map(({ item }) => item))
    cursor = page.cursor
    if (cursor === null) return { round: null, met: [...met, ...(await metBefore(world, stream, round))] }
  }
  await world.ledger.keepHandle(stream, `met:${round.parts}`, JSON.stringify({ round: round.begun, items: met }))
  return { round: { ...round, cursor, parts: round.parts + 1 }, met: null }
}

async function metBefore(world: World, stream: string, round: NonNullable<Progress['round']>): Promise<string[]> {
  if (round.parts === 0) return []
  const parts = Object.entries(await world.ledger.handles(stream)).filter(([name]) => name.startsWith('met:'))
  return parts
    .map(([, text]) => JSON.parse(text) as { round: string; items: string[] })
    .flatMap((part) => (part.round === round.begun ? part.items : []))
}

/** Cards that were on the board once, and were met nowhere: archived or removed, and perhaps nobody told us. */
async function wakeMissing(world: World, project: string, met: string[], wake: (stream: string) => Promise<void>) {
  const there = new Set(met)
  for (const card of await world.ledger.cards({ project }))
    if (card.column !== null && !there.has(card.item)) await wake(card.stream)
}

/** A label that asks for a move is taken off once it was heard: where it still is, its webhook may not have come. */
function asks(item: BoardItem, { asking }: Board): boolean {
  return !item.archived && item.labels.some((label) => asking.some((one) => sameLabel(one, label)))
}

/**
 * Whether a card stands elsewhere than the record says. `from`: where given, a card that came to its column since then
 * must have been seen to come, so that one which went away and came back is found too.
 */
async function differs(world: World, item: BoardItem, from: string | null): Promise<boolean> {
  const stream = cardStream(item.item)
  const [known] = await world.ledger.cards({ stream })
  const column = item.place.column?.name ?? null
  // It may have come, moved and gone into the archive unheard.
  if (known === undefined) return column !== null
  if (item.archived) return known.column !== null
  if (known.column !== column) return true
  if (from === null || item.place.since === null || item.place.since < from) return false
  return recall((await world.ledger.read(stream)).map(({ event }) => event)).place.since !== item.place.since
}
