// Why a command counts for nothing though whoever wrote it may give it.
import { time } from './numbers.ts'

/** The change may not be the one that was looked at when the comment was written. */
export const OUTDATED = {
  edited: (at: string) =>
    `The description was edited after this was written (${time(at)}). Look at the change again, then comment again.`,
  unseen: () =>
    'The change was edited, or came to this board, after this was written or just before. Look at it again, then comment again.',
  policy: (at: string) =>
    `The policy changed after this was written (${time(at)}). Look at what it asks now, then comment again.`,
}
