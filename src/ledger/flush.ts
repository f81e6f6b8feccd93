// Brings what the embedded store committed to the disk, without holding up the process meanwhile.
import { type FileHandle, open } from 'node:fs/promises'
import { groupCalls } from './group.ts'
import { SENTENCES, StoreProblem } from './store-problem.ts'

export type Flush = {
  /** Settles when all that was committed before the call is on the disk. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * Flushes SQLite's write-ahead log, as SQLite itself does after each commit under `synchronous = FULL`: but once for all
 * commits of the moment, and on another thread. `log`: the log's path; SQLite keeps one file there for as long as the
 * store is open. `place`: the store's, for messages.
 */
export function createFlush(log: string, place: string): Flush {
  let file: Promise<FileHandle> | undefined
  let failure: StoreProblem | undefined
  const flushAll = groupCalls(
    async (waiting: undefined[]) => {
      // After a flush that failed, nobody knows what reached the disk: a later one would succeed and prove nothing.
      if (failure) throw failure
      try {
        file ??= open(log, 'r+')
        await (await file).datasync()
      } catch (error) {
        failure = new StoreProblem('broken', SENTENCES.broken(place), error)
        throw failure
      }
      return waiting
    },
    Number.POSITIVE_INFINITY,
    () => 0,
  )
  return {
    flush: () => flushAll(undefined),
    close: async () => (await file?.catch(() => undefined))?.close(),
  }
}
