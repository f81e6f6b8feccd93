// The waivers that hold now on a board, over all of its cards.
import type { OpenWaiver } from '../core/facts/record-question.ts'
import { after, now, type RecordReader } from './world.ts'

/** Longer than any waiver may hold. */
const LONGEST_SECONDS = 370 * 86_400
/** As many as a policy may allow to be open, and some. */
const MOST = 120

/** In the order in which the record took them in. */
export async function openWaivers(record: RecordReader, project: string): Promise<OpenWaiver[]> {
  const at = now(record)
  const happened = await record.ledger.happened({
    project,
    kinds: ['gate-waived', 'waiver-ended', 'card-removed'],
    since: after(at, -LONGEST_SECONDS),
  })
  const open = new Map<string, OpenWaiver>()
  const end = (item: string, gate: string | null) => {
    for (const [key, waiver] of open)
      if (waiver.item === item && (gate === null || waiver.gate === gate)) open.delete(key)
  }
  for (const { entry, card } of happened) {
    const { event } = entry
    if (event.kind === 'card-removed') end(card.item, null)
    if (event.kind !== 'gate-waived' && event.kind !== 'waiver-ended') continue
    end(card.item, event.gate)
    if (event.kind === 'gate-waived')
      open.set(entry.id, {
        item: card.item,
        title: card.title,
        gate: event.gate,
        by: event.by.login,
        until: event.until,
      })
  }
  return [...open.values()].filter(({ until }) => until > at).slice(0, MOST)
}
