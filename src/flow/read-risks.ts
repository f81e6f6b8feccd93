// Tells at which risk the cards of a column stand there, as their last moves were bound to it.
import { recall } from '../core/decision/move.ts'
import type { CardRisk } from '../core/facts/record-question.ts'
import type { RecordReader } from './world.ts'

/** More cards than any limit by risk is likely to be asked about; those beyond are left untold. */
const MOST_CARDS = 500

/** A card that never moved under a policy has no risk in the record, and is left out. */
export async function readRisks({ ledger }: RecordReader, project: string, column: string): Promise<CardRisk[]> {
  const cards = await ledger.cards({ project })
  const found: CardRisk[] = []
  for (const { stream, item } of cards.filter((card) => card.column === column).slice(0, MOST_CARDS)) {
    const { current } = recall((await ledger.read(stream)).map(({ event }) => event))
    if (current) found.push({ item, risk: current.risk })
  }
  return found
}
