// What the page shows as the state of checks: a tone for its colour, a sign and a word for everybody.
import type { CheckRun } from '../world/check.ts'
import { latestRuns } from '../world/suites.ts'
import type { Pull } from '../world/thread.ts'

type Tone = 'pass' | 'wait' | 'unsure' | 'fail' | 'none'
export type State = { tone: Tone; word: string }

const WORDS: Record<string, State> = {
  success: { tone: 'pass', word: 'passed' },
  neutral: { tone: 'none', word: 'neutral' },
  skipped: { tone: 'none', word: 'skipped' },
  action_required: { tone: 'unsure', word: 'needs a look' },
  cancelled: { tone: 'none', word: 'cancelled' },
  stale: { tone: 'none', word: 'stale' },
  timed_out: { tone: 'fail', word: 'timed out' },
  startup_failure: { tone: 'fail', word: 'failed' },
  failure: { tone: 'fail', word: 'failed' },
}

export function checkState(check: CheckRun): State {
  return check.conclusion
    ? (WORDS[check.conclusion] ?? { tone: 'none', word: 'unknown' })
    : { tone: 'wait', word: 'running' }
}

/** The latest check run of each name on the pull request's head, in the order they came. */
export function checksOf(pull: Pull): CheckRun[] {
  return (pull.repository.suites.get(pull.head.sha) ?? []).flatMap(latestRuns)
}

/** All checks as one, the one that needs people first; null where there is none. */
export function rollup(checks: CheckRun[]): State | null {
  const states = checks.map(checkState)
  const order: Tone[] = ['fail', 'unsure', 'wait', 'pass', 'none']
  const tone = order.find((candidate) => states.some((state) => state.tone === candidate))
  return states.find((state) => state.tone === tone) ?? null
}
