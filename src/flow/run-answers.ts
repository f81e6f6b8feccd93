// Brings home what became of the runs that Andon asked for; evidence counts only from the run that was dispatched.
import { outstanding } from '../core/decision/deadline.ts'
import type { Move, Request } from '../core/decision/move.ts'
import { isAfter } from '../core/decision/standing.ts'
import { type Change, environmentOf } from '../core/facts/change.ts'
import type { Event } from '../core/facts/event.ts'
import { parseEvidence, summarize } from '../core/facts/evidence.ts'
import type { Reason } from '../core/facts/reason.ts'
import type { Knock } from '../github/knock.ts'
import type { GitHub, Run } from '../github/port.ts'
import { now, type Sealed, type World } from './world.ts'

export type Answer = { events: Event[]; documents: Sealed[] }

type RunFacts = Pick<
  Run,
  'id' | 'path' | 'event' | 'branch' | 'attempt' | 'status' | 'conclusion' | 'url' | 'updatedAt'
>

/**
 * A signed delivery may tell of a run's end; it is the one thing taken from a webhook as it is. Where none came,
 * `poll` asks GitHub for the runs that are still outstanding.
 */
export async function runAnswers(
  world: World,
  github: GitHub,
  move: Move,
  knocks: Knock[],
  poll: boolean,
): Promise<Answer> {
  const answer: Answer = { events: [], documents: [] }
  const repository = move.seen?.card.content?.repository
  if (repository === undefined) return answer
  for (const request of outstanding(move, now(world))) {
    const tellings = knocks.filter(
      (knock) =>
        knock.knock === 'run' &&
        knock.repository === repository &&
        (request.run ? knock.run === request.run.id : knock.name.includes(request.id)),
    )
    // Webhooks come in any order: what tells of the end is the last word.
    const told = tellings.find((knock) => knock.knock === 'run' && knock.status === 'completed') ?? tellings.at(-1)
    // Anybody may give a run that name: until ours is known by its id, GitHub is asked which one we started. And a
    // webhook that comes late may still call a run unfinished that has ended.
    const run =
      told?.knock === 'run' && request.run && (told.status === 'completed' || !poll)
        ? { ...told, id: told.run }
        : told || poll
          ? await findRun(github, repository, request)
          : null
    if (run === null) continue
    await takeRun(world, github, move, request, repository, run, answer)
  }
  return answer
}

async function findRun(github: GitHub, repository: string, request: Request): Promise<Run | null> {
  if (request.run) return github.run(repository, request.run.id)
  return github.findRun({ repository, file: request.asked.file, request: request.id, since: request.askedAt })
}

async function takeRun(
  world: World,
  github: GitHub,
  move: Move,
  request: Request,
  repository: string,
  run: RunFacts,
  answer: Answer,
): Promise<void> {
  const at = now(world)
  const strange = strangeness(move, request, run)
  const refuse = (reason: Reason, detail: string) =>
    void answer.events.push({ kind: 'evidence-refused', at, request: request.id, run: run.id, reason, detail })
  if (strange) {
    // A run that only bears the request in its name is another's word: it is not recorded as ours.
    if (request.run !== null) refuse(strange.reason, strange.detail)
    return
  }
  if (request.run === null)
    answer.events.push({ kind: 'run-started', at, request: request.id, run: run.id, url: run.url })
  if (run.status !== 'completed') return
  answer.events.push({
    kind: 'run-ended',
    at,
    request: request.id,
    run: run.id,
    attempt: run.attempt,
    conclusion: run.conclusion ?? 'failure',
    url: run.url,
  })
  if (run.conclusion !== 'success') return
  const artifact = await github.evidence(repository, run.id)
  if (!artifact.ok) {
    // A workflow of `then` need not hand in anything.
    if (request.purpose === 'then' && artifact.reason === 'evidence-missing') return
    return refuse(artifact.reason, artifact.message)
  }
  // Artifacts do not tell which attempt left them. It was this one where it was there before the run's end, or where the
  // run still stands as it did when it was told of.
  const { createdAt } = artifact
  const { updatedAt: endedAt } = run
  const isOfThisAttempt = createdAt !== null && endedAt !== undefined && isAfter(endedAt, createdAt)
  const since = isOfThisAttempt ? run : await github.run(repository, run.id)
  if (since === null) return refuse('evidence-missing', 'The run was deleted while its evidence was read.')
  const turned = strangeness(move, request, since)
  if (turned) return refuse(turned.reason, turned.detail)
  const parsed = parseEvidence(artifact.bytes, { request: request.id, sha: request.commit?.sha ?? '' })
  if (!parsed.ok) return refuse(parsed.reason, parsed.message)
  const document = world.seal(parsed.evidence)
  answer.documents.push(document)
  answer.events.push({
    kind: 'evidence-received',
    at,
    request: request.id,
    name: request.name,
    digest: document.digest,
    run: run.id,
    evidence: summarize(parsed.evidence),
    ...environmentOf(measured(move, request)),
  })
}

/** The change that a run was asked about; null where it has been edited since, and is no longer known whole. */
function measured({ seen }: Move, request: Request): Change | null {
  const change = seen?.change ?? null
  return change?.digest === request.change ? change : null
}

/** Contract 6: the dispatched workflow file, on the default branch, by a dispatch, first attempt. */
function strangeness(
  move: Move,
  request: Request,
  run: RunFacts,
): { reason: 'evidence-from-other-run' | 'evidence-from-rerun'; detail: string } | null {
  const branch = move.seen?.card.content?.defaultBranch
  const file = `.github/workflows/${request.asked.file}`
  const other = (detail: string) => ({ reason: 'evidence-from-other-run' as const, detail })
  if (run.path.split('@')[0] !== file) return other(`The run is of ${run.path}, not of ${file}.`)
  if (run.event !== 'workflow_dispatch') return other(`The run was started by ${run.event}, not by a dispatch.`)
  if (run.branch !== null && run.branch !== branch) return other(`The run is on ${run.branch}, not on ${branch}.`)
  if (run.attempt !== 1)
    return {
      reason: 'evidence-from-rerun',
      detail: `This is attempt ${run.attempt} of the run; only the first one counts.`,
    }
  return null
}
