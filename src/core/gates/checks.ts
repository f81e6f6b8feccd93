// Gate `checks`: other check runs on the change's commit succeeded, counted as GitHub counts required checks.
import { z } from 'zod'
import type { Judgement } from '../facts/judgement.ts'
import { type CheckRun, type Query, queryKey } from '../facts/query.ts'
import type { LocalGate } from './gate.ts'
import { keepsAll, same } from './tightening.ts'

/** Andon's own checks would wait for themselves. */
const isOwn = (name: string) => name === 'andon' || name.startsWith('andon / ')

const settings = z.strictObject({
  names: z
    .array(
      z
        .string()
        .min(1)
        .max(256)
        .refine((name) => !isOwn(name), {
          error: 'The checks `andon` and `andon / …` are this app’s own: a gate cannot wait for itself.',
        }),
    )
    .min(1)
    .optional()
    .describe(
      'Names of the check runs that must succeed, each of them. Without it: every check run on the commit but Andon’s own.',
    ),
  app: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,99}$/, {
      error: 'An app is named by its slug: small letters, digits and hyphens, as in `github-actions`.',
    })
    .optional()
    .describe(
      'Only check runs of this GitHub App count, by its slug, as in `github-actions`. Without it, any app may report the check.',
    ),
})

type Settings = z.infer<typeof settings>

/** What GitHub, too, takes for success of a required check. */
const SUCCESS = ['success', 'neutral', 'skipped']

export const checksGate = {
  kind: 'checks',
  settings,
  tightening: { names: namesKept, app: same },
  question(context) {
    const commit = context.commit
    return commit === null ? { ask: 'nothing' } : { ask: 'github', queries: [queryOf(commit)] }
  },
  judge(answer, settings): Judgement {
    const commit = answer.commit
    if (commit === null) return { verdict: 'fail', reason: 'draft-card' }
    const key = queryKey(queryOf(commit))
    const found = Object.hasOwn(answer.facts.checkRuns, key) ? answer.facts.checkRuns[key] : undefined
    if (found === undefined) return { verdict: 'wait', reason: 'unread' }
    const counted = found.filter(
      (run) => !isOwn(run.name) && (settings.app === undefined || run.app.toLowerCase() === settings.app),
    )
    const names = settings.names
    return judgeRuns(
      counted.filter((run) => names === undefined || names.includes(run.name)),
      names?.filter((name) => !counted.some((run) => run.name === name)) ?? [],
    )
  },
} satisfies LocalGate<Settings>

/** Without names every check counts: a list of some is looser, and so is a list that lacks one. */
function namesKept(locked: string[] | undefined, now: string[] | undefined) {
  return locked === undefined ? same(locked, now) : keepsAll(locked, now)
}

function judgeRuns(runs: CheckRun[], missing: string[]): Judgement {
  const failed = runs.filter((run) => isDone(run) && !SUCCESS.includes(conclusionOf(run)))
  const running = runs.filter((run) => !isDone(run))
  const absent = missing.map((name) => `${name} has not been reported`)
  if (failed.length > 0) {
    const detail = failed.map((run) => `${run.name}: ${conclusionOf(run) || 'no conclusion'}`)
    return { verdict: 'fail', reason: 'checks-failed', detail, urls: failed.map((run) => run.url) }
  }
  if (running.length > 0) {
    const detail = [...running.map((run) => `${run.name} is running`), ...absent]
    return { verdict: 'wait', reason: 'checks-running', detail, urls: running.map((run) => run.url) }
  }
  if (absent.length > 0 || runs.length === 0) return { verdict: 'wait', reason: 'checks-missing', detail: absent }
  return { verdict: 'pass', reason: 'checks-succeeded', detail: runs.map((run) => `${run.name}: ${conclusionOf(run)}`) }
}

/** GitHub writes these words small in REST and large in GraphQL. */
const isDone = (run: CheckRun) => run.status.toLowerCase() === 'completed'
const conclusionOf = (run: CheckRun) => run.conclusion?.toLowerCase() ?? ''

const queryOf = ({ repository, sha }: { repository: string; sha: string }): Query => ({
  fact: 'check-runs',
  repository,
  sha,
})
