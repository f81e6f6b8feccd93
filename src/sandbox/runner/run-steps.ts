// Runs a list of steps one after the other: `if`, `env`, `continue-on-error`, and what becomes of each.
import { runAction } from './action-step.ts'
import { holds, numeric, text, texts } from './expressions.ts'
import type { Conclusion } from './host.ts'
import { type Frame, type JobState, type StepOutcome, scopeOf } from './job-state.ts'
import type { MappingToken } from './read-template.ts'
import { runShell } from './shell-step.ts'

/** GitHub's own bound on a step that states none. */
const MINUTES = 360

export type StepWatch = { started(index: number): void; ended(index: number, conclusion: Conclusion): void }

/** The worst of the steps; the frame's `steps` hold each one's outcome. `watch` is told of each as it goes. */
export async function runSteps(
  job: JobState,
  frame: Frame,
  steps: MappingToken[],
  watch?: StepWatch,
): Promise<StepOutcome['result']> {
  for (const [index, token] of steps.entries()) {
    watch?.started(index)
    const { outcome, conclusion, outputs } = await runStep(job, frame, token)
    const id = token.find('id')
    if (id) frame.steps[String(id)] = { outputs, outcome, conclusion }
    if (conclusion === 'failure') frame.failed = true
    watch?.ended(index, conclusion)
    if (job.stop.aborted) return 'cancelled'
  }
  if (job.cancel.aborted) return 'cancelled'
  return frame.failed ? 'failure' : 'success'
}

type Ended = { outcome: Conclusion; conclusion: Conclusion; outputs: Record<string, string> }

async function runStep(job: JobState, frame: Frame, token: MappingToken): Promise<Ended> {
  try {
    const before = scopeOf(job, frame, { ...job.env, ...frame.env })
    const env = { ...job.env, ...frame.env, ...texts(token.find('env'), before) }
    const scope = scopeOf(job, frame, env)
    if (!holds(token.find('if'), scope)) return { outcome: 'skipped', conclusion: 'skipped', outputs: {} }
    const name = stepName(token, (part) => text(part, scope))
    const minutes = numeric(token.find('timeout-minutes'), scope, MINUTES)
    const call = { job, frame, token, name, env, scope, minutes }
    job.log.beginStep(name)
    const { result, outputs } = token.find('uses') ? await runAction(call, runSteps) : await runShell(call)
    const forgiven = result === 'failure' && text(token.find('continue-on-error'), scope) === 'true'
    return { outcome: result, conclusion: forgiven ? 'success' : result, outputs }
  } catch (error) {
    // An expression that cannot be evaluated: GitHub fails the step with the evaluator's words.
    job.log.error((error as Error).message)
    return { outcome: 'failure', conclusion: 'failure', outputs: {} }
  }
}

/** The step's name as GitHub shows it; `read` gives the text of a part, evaluated or as it stands. */
export function stepName(token: MappingToken, read: (part: ReturnType<MappingToken['find']>) => string): string {
  const name = read(token.find('name'))
  if (name) return name
  const uses = token.find('uses')
  if (uses) return `Run ${uses}`
  return `Run ${read(token.find('run')).trim().split('\n')[0] ?? ''}`
}
