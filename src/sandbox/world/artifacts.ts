// Artifacts that workflow runs leave behind.
import { createHash } from 'node:crypto'
import { nodeId } from './node-id.ts'
import { Refusal } from './refusal.ts'
import type { Artifact, WorkflowRun } from './run.ts'
import { stamp, type World } from './world.ts'

const DAY = 86_400_000

/** Stores bytes under a name, which every attempt of a run may use once: a zip, or (with `zipped: false`) one bare file as newer uploads may leave it. */
export function uploadArtifact(
  world: World,
  run: WorkflowRun,
  name: string,
  bytes: Uint8Array,
  more: { zipped?: boolean; days?: number } = {},
): Artifact {
  const same = run.artifacts.find((artifact) => artifact.name === name && artifact.attempt === run.attempt)
  if (same) throw new Refusal('conflict', `an artifact with this name already exists on the workflow run`)
  const id = world.nextId('artifact')
  const artifact: Artifact = {
    kind: 'Artifact',
    id,
    node: nodeId('Artifact', run.repository.id, id),
    run,
    attempt: run.attempt,
    name,
    bytes,
    zipped: more.zipped ?? true,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    expired: false,
    createdAt: world.now(),
    updatedAt: world.now(),
    expiresAt: stamp(world.time() + (more.days ?? 90) * DAY),
  }
  run.artifacts.push(artifact)
  world.artifacts.set(id, artifact)
  return world.register(artifact)
}

/** The bytes; throws GitHub's 410 for an artifact whose time is over. */
export function readArtifact(world: World, artifact: Artifact): Uint8Array {
  if (world.now() >= artifact.expiresAt) artifact.expired = true
  if (artifact.expired) throw new Refusal('gone', 'Artifact has expired')
  return artifact.bytes
}

export function expireArtifact(world: World, artifact: Artifact): void {
  artifact.expired = true
  artifact.expiresAt = world.now()
}

export function deleteArtifact(world: World, artifact: Artifact): void {
  artifact.run.artifacts.splice(artifact.run.artifacts.indexOf(artifact), 1)
  world.artifacts.delete(artifact.id)
  world.nodes.delete(artifact.node)
}
