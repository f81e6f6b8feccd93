// Opens, edits, closes and assigns issues; assigning works on pull requests too.
import type { Person } from './account.ts'
import { automate } from './board-automation.ts'
import { addLabel } from './labels.ts'
import { nodeId } from './node-id.ts'
import { simpleUser } from './payloads/account.ts'
import { Refusal } from './refusal.ts'
import type { Repository } from './repository.ts'
import { requireRole } from './roles.ts'
import type { Issue, Thread } from './thread.ts'
import { checkTexts, nextNumber, tellThread } from './thread-changes.ts'
import { log } from './timeline-log.ts'
import type { World } from './world.ts'

type IssueWish = { title: string; body?: string; labels?: string[]; assignees?: Person[] }

export function openIssue(world: World, by: Person, repository: Repository, wish: IssueWish): Issue {
  requireRole(by, repository, 'read')
  checkTexts(wish)
  const id = world.nextId('thread')
  const issue: Issue = {
    kind: 'Issue',
    id,
    node: nodeId('Issue', repository.id, id),
    repository,
    number: nextNumber(repository),
    title: wish.title,
    body: wish.body ?? '',
    author: by,
    locked: false,
    labels: [],
    assignees: [],
    comments: [],
    reactions: [],
    timeline: [],
    items: [],
    editedAt: null,
    createdAt: world.now(),
    updatedAt: world.now(),
    closedAt: null,
    state: 'OPEN',
    stateReason: null,
    closers: new Set(),
  }
  repository.threads.set(issue.number, issue)
  world.register(issue)
  tellThread(world, by, issue, 'opened')
  for (const label of wish.labels ?? []) addLabel(world, by, issue, label)
  for (const person of wish.assignees ?? []) assign(world, by, issue, person)
  return issue
}

/** The author and those with triage may edit; title and body each in one event. */
export function editIssue(world: World, by: Person, issue: Issue, texts: { title?: string; body?: string }): void {
  requireRole(by, issue.repository, issue.author === by ? 'read' : 'triage')
  editTexts(world, by, issue, texts)
}

/** Shared with pull requests: changes the texts and announces `edited` with what was there before. */
export function editTexts(world: World, by: Person, thread: Thread, texts: { title?: string; body?: string }): void {
  checkTexts(texts)
  const changes: Record<string, { from: string }> = {}
  if (texts.title !== undefined && texts.title !== thread.title) {
    changes.title = { from: thread.title }
    log(world, thread, by, { kind: 'RenamedTitleEvent', previousTitle: thread.title, currentTitle: texts.title })
    thread.title = texts.title
  }
  if (texts.body !== undefined && texts.body !== thread.body) {
    changes.body = { from: thread.body }
    thread.body = texts.body
    thread.editedAt = world.now()
  }
  if (Object.keys(changes).length > 0) tellThread(world, by, thread, 'edited', { changes })
}

export function closeIssue(
  world: World,
  by: Person,
  issue: Issue,
  reason: 'COMPLETED' | 'NOT_PLANNED' = 'COMPLETED',
): void {
  requireRole(by, issue.repository, issue.author === by ? 'read' : 'triage')
  if (issue.state === 'CLOSED') return
  issue.state = 'CLOSED'
  issue.stateReason = reason
  issue.closedAt = world.now()
  log(world, issue, by, { kind: 'ClosedEvent' })
  tellThread(world, by, issue, 'closed')
  automate(world, issue, 'Item closed')
}

export function reopenIssue(world: World, by: Person, issue: Issue): void {
  requireRole(by, issue.repository, issue.author === by ? 'read' : 'triage')
  if (issue.state === 'OPEN') return
  issue.state = 'OPEN'
  issue.stateReason = 'REOPENED'
  issue.closedAt = null
  log(world, issue, by, { kind: 'ReopenedEvent' })
  tellThread(world, by, issue, 'reopened')
  automate(world, issue, 'Item reopened')
}

export function assign(world: World, by: Person, thread: Thread, person: Person): void {
  requireRole(by, thread.repository, 'triage')
  if (thread.assignees.includes(person)) return
  thread.assignees.push(person)
  log(world, thread, by, { kind: 'AssignedEvent', assignee: person })
  tellThread(world, by, thread, 'assigned', { assignee: simpleUser(world, person) })
}

export function unassign(world: World, by: Person, thread: Thread, person: Person): void {
  requireRole(by, thread.repository, 'triage')
  if (!thread.assignees.includes(person)) throw new Refusal('not-found', 'Not Found')
  thread.assignees.splice(thread.assignees.indexOf(person), 1)
  log(world, thread, by, { kind: 'UnassignedEvent', assignee: person })
  tellThread(world, by, thread, 'unassigned', { assignee: simpleUser(world, person) })
}
