// Texts that entries name by their digest: policies and evidence.
import type { Transaction } from 'kysely'
import { digestOfText } from './digest.ts'
import { inChunks, type Store } from './store.ts'
import { StoreProblem } from './store-problem.ts'
import type { Tables } from './tables.ts'

export type Document = { digest: string; text: string }

/** Throws where a document is not what its digest says: a bug of the caller. */
export function checkDocument({ digest, text }: Document): void {
  const found = digestOfText(text)
  if (found !== digest) throw new Error(`This document has the digest ${found}, not ${digest}.`)
}

/** Kept as bytes, because PostgreSQL's texts hold no NUL and the digest is over each byte. */
export async function keepDocuments(tx: Transaction<Tables>, documents: Document[]): Promise<void> {
  const distinct = new Map(documents.map(({ digest, text }) => [digest, text]))
  const rows = [...distinct].map(([digest, text]) => ({ digest, content: Buffer.from(text, 'utf8') }))
  await inChunks(rows, (chunk) =>
    tx
      .insertInto('documents')
      .values(chunk)
      .onConflict((row) => row.column('digest').doNothing())
      .execute(),
  )
}

/** The text of a digest; null where it was never kept. Throws where what is stored is not what was kept. */
export async function document(store: Store, digest: string): Promise<string | null> {
  const row = await store.db.selectFrom('documents').select('content').where('digest', '=', digest).executeTakeFirst()
  if (!row) return null
  const text = row.content.toString('utf8')
  if (digestOfText(text) !== digest) {
    throw new StoreProblem(
      'damaged',
      `The document ${digest} in the store ${store.place} was changed; restore it from a backup.`,
    )
  }
  return text
}
