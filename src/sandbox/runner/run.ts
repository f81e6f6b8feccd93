// One run on its way: what it is, where it reports, and its turn among the others of its `concurrency` group.
import type { ArtifactService } from './artifact-service.ts'
import { resolve, type Scope } from './expressions.ts'
import type { RunnerHost, RunnerOptions, RunOrder } from './host.ts'
import type { TemplateToken } from './read-template.ts'
import type { Groups, Places } from './turns.ts'

export type Run = {
  order: RunOrder
  host: RunnerHost
  options: RunnerOptions
  service: ArtifactService
  places: Places
  groups: Groups
  cancel: AbortController
  stop: AbortSignal
}

/** Waits for the turn that a `concurrency` key asks for; `own` is aborted where a newer one takes the place. */
export async function enterGroup(
  run: Run,
  token: TemplateToken | undefined,
  scope: Scope,
  own: AbortController,
): Promise<() => void> {
  const found = resolve(token, scope) as string | { group?: unknown; 'cancel-in-progress'?: unknown } | undefined
  if (!found) return () => {}
  const group = String(typeof found === 'object' ? (found.group ?? '') : found)
  const cancelRunning = typeof found === 'object' && String(found['cancel-in-progress']) === 'true'
  const cancelled = AbortSignal.any([run.cancel.signal, own.signal])
  return run.groups.enter(`${run.order.repository}:${group}`.toLowerCase(), cancelRunning, () => own.abort(), cancelled)
}
