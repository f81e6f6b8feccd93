// How fast a clock this machine can bear: time-outs of some seconds must stay longer than what they wait for.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const FASTEST = 40
const SLOWEST = 5
/** How long a command of the app takes on a quiet machine with two cores. */
const QUIET_MS = 700

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A machine with much other work starts processes slowly, and answers late: the clock goes slower by as much. */
export async function bearableSpeed(): Promise<number> {
  const began = Date.now()
  for (let each = 0; each < 3; each++) await promisify(execFile)(process.execPath, [CLI, 'check', '--help'])
  const slowness = (Date.now() - began) / 3 / QUIET_MS
  return Math.round(Math.min(FASTEST, Math.max(SLOWEST, FASTEST / slowness)))
}
