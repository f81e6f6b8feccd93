// What of the world the viewer of a query may see, with GitHub's answers for what it may not.
import { requireBoard, requireOwner, requireRepository, seesBoard, seesRepository } from '../world/access.ts'
import type { Item } from '../world/board.ts'
import { readNodeId } from '../world/node-id.ts'
import { Refusal } from '../world/refusal.ts'
import type { Thread } from '../world/thread.ts'
import type { Entity, World } from '../world/world.ts'
import type { Context } from './context.ts'

/** The node of that id; throws NOT_FOUND for the unknown and unseen, FORBIDDEN for what a permission is lacking for. */
export function seenNode(context: Context, id: string): Entity {
  const entity = context.world.nodes.get(id) ?? gitNode(context.world, id)
  if (!entity || !visible(context, entity)) {
    throw new Refusal('not-found', `Could not resolve to a node with the global id of '${id}'`)
  }
  requireSight(context, entity)
  return entity
}

/** The node, if it is of one of those kinds. */
export function seenNodeOf<K extends Entity['kind']>(
  context: Context,
  id: string,
  ...kinds: K[]
): Extract<Entity, { kind: K }> {
  const entity = seenNode(context, id)
  if (!(kinds as string[]).includes(entity.kind)) {
    throw new Refusal('not-found', `Could not resolve to ${kinds.join(' or ')} node with the global id of '${id}'.`)
  }
  return entity as Extract<Entity, { kind: K }>
}

/** Is the content of a card shown? If not, the item is REDACTED. */
export function seesContent(context: Context, item: Item): boolean {
  const { content } = item
  return content.kind === 'DraftIssue' || seesThread(context, content)
}

export function seesThread(context: Context, thread: Thread): boolean {
  try {
    requireThread(context, thread, 'read')
    return true
  } catch {
    return false
  }
}

/** Throws unless the viewer may read (or write) that issue or pull request. */
export function requireThread(context: Context, thread: Thread, level: 'read' | 'write'): void {
  const permission =
    thread.kind === 'Issue' ? ['issues'] : level === 'read' ? ['pull_requests'] : ['pull_requests', 'issues']
  requireRepository(context.viewer, thread.repository, permission, level)
}

function visible(context: Context, entity: Entity): boolean {
  const { viewer } = context
  if ('repository' in entity) return seesRepository(viewer, entity.repository)
  switch (entity.kind) {
    case 'Repository':
      return seesRepository(viewer, entity)
    case 'PullRequestReview':
      return seesRepository(viewer, entity.pull.repository)
    case 'CheckRun':
      return seesRepository(viewer, entity.suite.repository)
    case 'Artifact':
      return seesRepository(viewer, entity.run.repository)
    case 'ProjectV2':
      return entity.owner.kind === 'Organization' || seesBoard(viewer, entity)
    default:
      if ('thread' in entity) return seesRepository(viewer, entity.thread.repository)
      if ('project' in entity) return entity.project.owner.kind === 'Organization' || seesBoard(viewer, entity.project)
      return true
  }
}

function requireSight(context: Context, entity: Entity): void {
  const { viewer } = context
  switch (entity.kind) {
    case 'Issue':
    case 'PullRequest':
      requireThread(context, entity, 'read')
      break
    case 'PullRequestReview':
      requireThread(context, entity.pull, 'read')
      break
    case 'CheckSuite':
    case 'StatusContext':
      requireRepository(viewer, entity.repository, 'checks', 'read')
      break
    case 'CheckRun':
      requireRepository(viewer, entity.suite.repository, 'checks', 'read')
      break
    case 'Workflow':
    case 'WorkflowRun':
      requireRepository(viewer, entity.repository, 'actions', 'read')
      break
    case 'Commit':
    case 'Tree':
    case 'Blob':
      requireRepository(viewer, entity.repository, 'contents', 'read')
      break
    case 'Team':
      requireOwner(viewer, entity.organization, 'members', 'read')
      break
    case 'ProjectV2':
      requireBoard(viewer, entity, 'read')
      break
    default:
      if ('thread' in entity) requireThread(context, entity.thread, 'read')
      else if ('project' in entity) requireBoard(viewer, entity.project, 'read')
  }
}

function gitNode(world: World, id: string): Entity | null {
  const read = readNodeId(id)
  const kind = ({ C: 'Commit', TR: 'Tree', B: 'Blob' } as const)[read?.prefix as 'C']
  const [repositoryId, sha] = read?.parts ?? []
  if (!kind || typeof sha !== 'string') return null
  for (const repository of world.repositories.values()) {
    const object = repository.id === repositoryId ? repository.git.get(sha) : undefined
    if (object?.type === kind.toLowerCase()) return { kind, node: id, repository, sha }
  }
  return null
}
