// Opens the store that the environment names: to read it, for the commands that look into the record, or to mend tasks.
import { resolve } from 'node:path'
import { type LedgerSettings, openReader, openUpkeep, type Reader, type Upkeep } from '../ledger/ledger.ts'
import { StoreProblem } from '../ledger/store-problem.ts'
import type { Terminal } from './main.ts'

export type Environment = Record<string, string | undefined>

export const STORE_HELP = `The store is the one that the app uses: DATABASE_URL, else the folder ANDON_DATA (default ./.andon). It is only read,
and may be read while the app runs.`

/** Answers what `work` answers; null, with a sentence on the terminal, where the store cannot be read. */
export const withStore = opening<Reader>(openReader)
/** The same for the commands that mend tasks. */
export const withUpkeep = opening<Upkeep>(openUpkeep)

function opening<Ledger extends { close(): Promise<void> }>(open: (settings: LedgerSettings) => Promise<Ledger>) {
  return async <Answer>(
    command: string,
    terminal: Terminal,
    environment: Environment,
    work: (ledger: Ledger) => Promise<Answer>,
  ): Promise<Answer | null> => {
    let ledger: Ledger | null = null
    try {
      ledger = await open({
        databaseUrl: environment.DATABASE_URL || undefined,
        folder: resolve(terminal.cwd, environment.ANDON_DATA || './.andon'),
        clock: () => new Date(),
      })
      return await work(ledger)
    } catch (error) {
      if (!(error instanceof StoreProblem)) throw error
      terminal.err(`andon ${command}: ${error.message}\n`)
      return null
    } finally {
      await ledger?.close()
    }
  }
}
