// All checks and statuses of a commit as one.
import type { CheckRun, CommitStatus } from '../../world/check.ts'
import { nodeId } from '../../world/node-id.ts'
import type { Repository } from '../../world/repository.ts'
import { latestRuns } from '../../world/suites.ts'

export type Rollup = {
  kind: 'StatusCheckRollup'
  node: string
  repository: Repository
  sha: string
  contexts: (CheckRun | CommitStatus)[]
}

/** The latest run of each name of each app and the latest status of each context; null where there are none. */
export function rollup(repository: Repository, sha: string): Rollup | null {
  const runs = (repository.suites.get(sha) ?? []).flatMap(latestRuns)
  const statuses = new Map((repository.statuses.get(sha) ?? []).map((status) => [status.context, status]))
  const contexts = [...runs, ...statuses.values()]
  if (contexts.length === 0) return null
  return { kind: 'StatusCheckRollup', node: nodeId('StatusContext', repository.id, sha), repository, sha, contexts }
}

/** The worst of them in a rollup's words. */
export function rollupState(contexts: (CheckRun | CommitStatus)[]): 'SUCCESS' | 'FAILURE' | 'PENDING' | 'ERROR' {
  const states = contexts.map((context) => {
    if (context.kind === 'StatusContext') return context.state.toUpperCase()
    if (context.status !== 'completed') return 'PENDING'
    return ['success', 'neutral', 'skipped'].includes(context.conclusion ?? '') ? 'SUCCESS' : 'FAILURE'
  })
  return (['ERROR', 'FAILURE', 'PENDING'] as const).find((state) => states.includes(state)) ?? 'SUCCESS'
}
