// Writes the check run of a policy's review once, however often it is tried: what is there already is found first.
import { type Annotation, POLICY_CHECK, type ReviewWords } from '../core/decision/explain/policy-review.ts'
import type { GitHub, PolicyPull } from '../github/port.ts'
import { Denied } from './installation.ts'
import type { World } from './world.ts'

/** GitHub takes no more annotations in one request; those of later ones are added. */
const A_WRITE = 50

/**
 * `task` is also the stream of what is remembered. Annotations cannot be taken off again: other ones make a check run of
 * their own, which then is the latest of its name.
 */
export async function writeReview(
  world: World,
  github: GitHub,
  task: string,
  pull: PolicyPull,
  words: ReviewWords,
  again: boolean,
): Promise<void> {
  const externalId = `${task}:${world.seal(words.annotations).digest.slice('sha256:'.length, 'sha256:'.length + 16)}`
  const handle = `check:${pull.sha}:${externalId}`
  const written = world.seal({ ...words, annotations: [] }).digest
  if (!again && (await world.ledger.handle(task, `${handle}:text`)) === written) return
  const link = (text: string) => text.replaceAll('andon://', `${world.recordUrl}/`)
  const write = async (id: string | null, annotations: Annotation[]) => {
    const [outcome] = await github.write([
      {
        ...{ write: 'check', id, repositoryId: pull.repositoryId, repository: pull.repository, sha: pull.sha },
        ...{ name: POLICY_CHECK, externalId, detailsUrl: null, conclusion: words.conclusion, title: words.title },
        ...{ summary: link(words.summary), text: link(words.text), annotations },
      },
    ])
    if (outcome?.ok) return outcome.id
    const { why = 'outage', message = 'GitHub did not answer.', retryAfter = null } = outcome ?? {}
    if (why === 'denied') throw new Denied(`The app may not write on GitHub: ${message}`)
    throw Object.assign(new Error(message), { transient: why === 'outage', retryAfter })
  }
  const known = await findAgain(world, github, task, handle, pull, externalId)
  const id = known.id ?? (await write(null, words.annotations.slice(0, A_WRITE)))
  if (id !== null) await world.ledger.keepHandle(task, handle, id)
  if (known.id !== null && known.annotations >= words.annotations.length) await write(id, [])
  const first = known.id === null ? A_WRITE : known.annotations
  for (let from = first; from < words.annotations.length; from += A_WRITE)
    await write(id, words.annotations.slice(from, from + A_WRITE))
  await world.ledger.keepHandle(task, `${handle}:text`, written)
}

/** An earlier try may have done its work though its answer never came. */
async function findAgain(
  world: World,
  github: GitHub,
  task: string,
  handle: string,
  { repository, sha }: PolicyPull,
  externalId: string,
): Promise<{ id: string | null; annotations: number }> {
  const kept = await world.ledger.handle(task, handle)
  const found = kept === null ? await github.findChecks({ repository, sha }) : []
  const id = kept ?? found.find((run) => run.name === POLICY_CHECK && run.externalId === externalId)?.id ?? null
  const annotations = id === null ? null : await github.annotations(id)
  return annotations === null ? { id: null, annotations: 0 } : { id, annotations }
}
