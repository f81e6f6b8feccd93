// The story's last lines: what the record holds of it, found by a search and proved by its chain.
import { eventWords } from '../../core/decision/explain/event-words.ts'
import { unmarkedWords } from '../../core/decision/explain/pieces.ts'
import { verifyEntries } from '../../ledger/verify.ts'
import type { Stage } from './stage.ts'

export type Closing = { entries: number; head: string; intact: boolean; flaw: string | null; refusals: string[] }

export async function closeStory({ app }: Stage): Promise<Closing> {
  const head = await app.ledger.head()
  const proof = await verifyEntries(app.ledger.entries(), head)
  const refused = await app.ledger.search({ kind: 'move-refused', limit: 50 })
  return {
    entries: proof.entries,
    head: head.hash,
    intact: proof.ok,
    flaw: proof.ok ? null : proof.sentence,
    refusals: refused.map(({ seq, event }) => `${seq}  ${unmarkedWords(eventWords(event))}`),
  }
}
