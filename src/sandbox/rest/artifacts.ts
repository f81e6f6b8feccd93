// Artifacts of workflow runs, and the redirect to where their bytes are.

import { type Answer, type Call, notFound, ok, page } from '../server/exchange.ts'
import { blobOf } from '../server/storage.ts'
import { artifactPayload } from '../world/payloads/run.ts'
import { Refusal } from '../world/refusal.ts'
import type { Artifact } from '../world/run.ts'
import { runOf } from './runs.ts'
import { repositoryOf } from './target.ts'

/** Of all attempts of the run, newest first. */
export function listRunArtifacts(call: Call): Answer {
  return listed(call, runOf(call).artifacts)
}

export function listRepositoryArtifacts(call: Call): Answer {
  return listed(
    call,
    repositoryOf(call).runs.flatMap((run) => run.artifacts),
  )
}

function listed(call: Call, all: Artifact[]): Answer {
  const { name, direction } = call.query
  const named = all.filter((artifact) => name === undefined || artifact.name === name).sort((a, b) => a.id - b.id)
  const ordered = direction === 'asc' ? named : named.reverse()
  const shape = (artifact: Artifact) => artifactPayload(call.world, seen(call, artifact))
  return page(call, ordered, shape, (artifacts, total_count) => ({ total_count, artifacts }))
}

export function getArtifact(call: Call): Answer {
  return ok(artifactPayload(call.world, artifactOf(call)))
}

/** A redirect to the storage, whose link works for one minute; 410 once the artifact has expired. */
export function downloadArtifact(call: Call): Answer {
  const artifact = artifactOf(call)
  if (call.path.archive_format !== 'zip') throw notFound()
  if (artifact.expired) throw new Refusal('gone', 'Artifact has expired')
  return { status: 302, headers: { location: call.storage.link(blobOf(artifact)) } }
}

function artifactOf(call: Call): Artifact {
  const repository = repositoryOf(call)
  const artifact = call.world.artifacts.get(Number(call.path.artifact_id))
  if (!artifact || artifact.run.repository !== repository) throw notFound()
  return seen(call, artifact)
}

/** An artifact expires by the clock, whether or not anybody has marked it. */
function seen(call: Call, artifact: Artifact): Artifact {
  return { ...artifact, expired: artifact.expired || Date.parse(artifact.expiresAt) <= call.world.time() }
}
