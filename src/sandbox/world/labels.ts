// Labels of a repository, and putting them on issues and pull requests.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import { nodeId } from './node-id.ts'
import { labelPayload } from './payloads/thread.ts'
import { Refusal } from './refusal.ts'
import type { Repository } from './repository.ts'
import { requireRole } from './roles.ts'
import type { Label, Thread } from './thread.ts'
import { tellThread } from './thread-changes.ts'
import { log } from './timeline-log.ts'
import type { World } from './world.ts'

/** A new label; its name must be free in the repository, whatever its case. */
export function createLabel(
  world: World,
  by: Person,
  repository: Repository,
  name: string,
  more: { color?: string; description?: string } = {},
): Label {
  requireRole(by, repository, 'triage')
  if (repository.labels.has(name.toLowerCase())) {
    throw new Refusal('invalid', 'Name has already been taken', { field: 'name', detail: 'already_exists' })
  }
  if (name.length > 50) throw new Refusal('invalid', 'Name is too long (maximum is 50 characters)', { field: 'name' })
  const id = world.nextId('label')
  const label: Label = {
    kind: 'Label',
    id,
    node: nodeId('Label', repository.id, id),
    repository,
    name,
    color: more.color ?? 'ededed',
    description: more.description ?? null,
    createdAt: world.now(),
  }
  repository.labels.set(name.toLowerCase(), label)
  announce(world, { event: 'label', action: 'created', by, repository, body: { label: labelPayload(world, label) } })
  return world.register(label)
}

/** Puts a label on; an unknown name becomes a new label. Nothing happens where it is on already. */
export function addLabel(world: World, by: Person, thread: Thread, name: string): Label {
  requireRole(by, thread.repository, 'triage')
  const label = thread.repository.labels.get(name.toLowerCase()) ?? createLabel(world, by, thread.repository, name)
  if (thread.labels.includes(label)) return label
  thread.labels.push(label)
  log(world, thread, by, { kind: 'LabeledEvent', label })
  tellThread(world, by, thread, 'labeled', { label: labelPayload(world, label) })
  return label
}

export function removeLabel(world: World, by: Person, thread: Thread, name: string): void {
  requireRole(by, thread.repository, 'triage')
  const label = thread.labels.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  if (!label) throw new Refusal('not-found', 'Label does not exist')
  thread.labels.splice(thread.labels.indexOf(label), 1)
  log(world, thread, by, { kind: 'UnlabeledEvent', label })
  tellThread(world, by, thread, 'unlabeled', { label: labelPayload(world, label) })
}
