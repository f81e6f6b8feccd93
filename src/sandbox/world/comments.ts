// Comments on issues and pull requests, and reactions.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import { nodeId } from './node-id.ts'
import { commentPayload, issuePayload } from './payloads/thread.ts'
import { Refusal } from './refusal.ts'
import { requireRole } from './roles.ts'
import { BODY_LIMIT, COMMENT_COUNT_LIMIT, type Comment, type Reaction, type Thread } from './thread.ts'
import { log } from './timeline-log.ts'
import type { World } from './world.ts'

export function comment(world: World, by: Person, thread: Thread, body: string): Comment {
  requireRole(by, thread.repository, 'read')
  checkBody(body)
  if (thread.comments.length >= COMMENT_COUNT_LIMIT) {
    throw new Refusal('forbidden', `Commenting is disabled on issues with more than ${COMMENT_COUNT_LIMIT} comments`)
  }
  if (thread.locked && by.kind === 'User')
    throw new Refusal('forbidden', 'Unable to create comment because issue is locked.')
  const id = world.nextId('comment')
  const written: Comment = {
    kind: 'IssueComment',
    id,
    node: nodeId('IssueComment', thread.repository.id, id),
    thread,
    author: by,
    body,
    reactions: [],
    createdAt: world.now(),
    updatedAt: world.now(),
    editedAt: null,
  }
  thread.comments.push(written)
  world.comments.set(id, written)
  world.register(written)
  log(world, thread, by, { kind: 'IssueComment', comment: written })
  tell(world, by, written, 'created')
  return written
}

/** Writers may edit anybody's comment, others only their own. */
export function editComment(world: World, by: Person, edited: Comment, body: string): Comment {
  requireRole(by, edited.thread.repository, edited.author === by ? 'read' : 'write')
  checkBody(body)
  const before = edited.body
  edited.body = body
  edited.updatedAt = world.now()
  edited.editedAt = world.now()
  tell(world, by, edited, 'edited', { changes: { body: { from: before } } })
  return edited
}

export function deleteComment(world: World, by: Person, deleted: Comment): void {
  requireRole(by, deleted.thread.repository, deleted.author === by ? 'read' : 'write')
  const { thread } = deleted
  thread.comments.splice(thread.comments.indexOf(deleted), 1)
  thread.timeline = thread.timeline.filter((entry) => entry.kind !== 'IssueComment' || entry.comment !== deleted)
  world.comments.delete(deleted.id)
  world.nodes.delete(deleted.node)
  tell(world, by, deleted, 'deleted')
}

/** `content` by its GraphQL name (`THUMBS_UP`, `EYES`, …). The same reaction twice is one. */
export function react(world: World, by: Person, subject: Comment | Thread, content: string): Reaction {
  const existing = subject.reactions.find((reaction) => reaction.person === by && reaction.content === content)
  if (existing) return existing
  const id = world.nextId('reaction')
  const reaction = { id, node: nodeId('Reaction', id), content, person: by, createdAt: world.now() }
  subject.reactions.push(reaction)
  return reaction
}

function checkBody(body: string): void {
  if (body.trim() === '')
    throw new Refusal('invalid', "Body can't be blank", { field: 'body', detail: 'missing_field' })
  if (body.length > BODY_LIMIT) {
    throw new Refusal('invalid', `Body is too long (maximum is ${BODY_LIMIT} characters)`, { field: 'body' })
  }
}

function tell(world: World, by: Person, written: Comment, action: string, more: Record<string, unknown> = {}): void {
  const { thread } = written
  thread.updatedAt = world.now()
  const body = { issue: issuePayload(world, thread), comment: commentPayload(world, written), ...more }
  announce(world, { event: 'issue_comment', action, by, repository: thread.repository, body })
  world.changed({ what: 'thread', repository: thread.repository, number: thread.number })
}
