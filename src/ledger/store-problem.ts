// What can be wrong with a store that is no bug of ours, each in one sentence that says what to do.

export type StoreFault =
  | 'read-only'
  | 'full'
  | 'locked'
  | 'newer'
  | 'older'
  | 'absent'
  | 'unreachable'
  | 'failing'
  | 'broken'
  | 'damaged'

/** Thrown where the store cannot do its work. The message is one sentence for the operator and holds no secret. */
export class StoreProblem extends Error {
  readonly fault: StoreFault
  /** What was being done did not fail by its own fault, and is tried again. */
  readonly transient = true
  constructor(fault: StoreFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StoreProblem'
    this.fault = fault
  }

  /** This process can never work with the store again, whatever is done about the store. */
  get final(): boolean {
    return this.fault === 'broken' || this.fault === 'newer'
  }
}

export const SENTENCES: Record<Exclude<StoreFault, 'newer' | 'older'>, (place: string) => string> = {
  'read-only': (place) => `The store ${place} cannot be written; give Andon's user the right to write there.`,
  full: (place) => `The disk of the store ${place} is full; free some space, nothing acknowledged was lost.`,
  locked: (place) => `The store ${place} is locked by another process; stop what holds it, or wait until it ends.`,
  absent: (place) =>
    `There is no store of Andon's at ${place}; start Andon once, or name the store by DATABASE_URL or ANDON_DATA.`,
  unreachable: (place) => `The store ${place} cannot be reached; check that it runs and that its address is right.`,
  failing: (place) =>
    `The store ${place} could not do its work for want of memory or for its disk; look at the log of that machine.`,
  broken: (place) => `The disk did not keep what was written to the store ${place}; mend it, and start Andon anew.`,
  damaged: (place) => `The store ${place} is damaged or is no store of Andon's; restore it from a backup.`,
}

/** The codes of Node, SQLite and PostgreSQL that stand for a fault, the first that fits; a prefix ends in `*`. */
const CODES: [StoreFault & keyof typeof SENTENCES, string[]][] = [
  ['read-only', ['EACCES', 'EROFS', 'EPERM', 'SQLITE_READONLY*', '25006', '42501']],
  ['full', ['ENOSPC', 'EDQUOT', 'SQLITE_FULL', '53100']],
  ['locked', ['SQLITE_BUSY*', 'SQLITE_LOCKED*', '40*', '55P03', '57014']],
  ['damaged', ['SQLITE_CORRUPT*', 'SQLITE_NOTADB', 'XX001', 'XX002']],
  [
    'unreachable',
    [
      ...[
        'ECONNREFUSED',
        'ECONNRESET',
        'ENOTFOUND',
        'ETIMEDOUT',
        'EHOSTUNREACH',
        'EAI_AGAIN',
        'ENOENT',
        'EPIPE',
        'ENOTDIR',
      ],
      ...['SQLITE_CANTOPEN*', '08*', '28*', '3D000', '25P03', '53300', '57P*'],
    ],
  ],
  ['failing', ['EIO', 'SQLITE_IOERR*', 'SQLITE_NOMEM', '53*', '58*']],
]

/** pg tells these by their words alone. */
export const SILENT = /Query read timeout/
const LOST =
  /Query read timeout|timeout exceeded when trying to connect|Connection terminated|not queryable|SASL|password must be a string/

/** Of two transactions that waited for each other PostgreSQL ended this one: the other has what it waited for by now. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '40P01'
}

/** The problem that an error of the database stands for; null where it is none, and so a bug of ours. */
export function storeProblem(error: unknown, place: string): StoreProblem | null {
  if (error instanceof StoreProblem) return error
  if (!(error instanceof Error)) return null
  const code = 'code' in error ? String(error.code) : ''
  const matches = (known: string) => (known.endsWith('*') ? code.startsWith(known.slice(0, -1)) : code === known)
  const fault =
    CODES.find(([, codes]) => code && codes.some(matches))?.[0] ?? (LOST.test(error.message) ? 'unreachable' : null)
  return fault ? new StoreProblem(fault, SENTENCES[fault](place), error) : null
}
