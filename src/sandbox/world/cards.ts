// Puts cards on a board, archives, restores, removes and reorders them, and turns drafts into issues.
import type { Person } from './account.ts'
import type { Draft, Item, Project } from './board.ts'
import { automateItem } from './board-automation.ts'
import { tellItem, touch } from './card-fields.ts'
import { openIssue } from './issues.ts'
import { nodeId } from './node-id.ts'
import { Refusal } from './refusal.ts'
import type { Repository } from './repository.ts'
import { requireBoardWrite } from './roles.ts'
import type { Thread } from './thread.ts'
import { checkTexts } from './thread-changes.ts'
import { log } from './timeline-log.ts'
import type { World } from './world.ts'

const ITEM_LIMIT = 50_000

/** Puts an issue or pull request on the board; the card it has there already is the answer the second time. */
export function addCard(world: World, by: Person, project: Project, thread: Thread): Item {
  requireBoardWrite(by, project)
  const existing = thread.items.find((item) => item.project === project)
  if (existing) {
    if (existing.archivedAt) restoreCard(world, by, existing)
    return existing
  }
  const item = newItem(world, by, project, thread)
  thread.items.push(item)
  log(world, thread, by, { kind: 'AddedToProjectV2Event', project, wasAutomated: false })
  tellItem(world, by, item, 'created')
  automateItem(world, item, 'Item added to project')
  return item
}

export function addDraft(
  world: World,
  by: Person,
  project: Project,
  wish: { title: string; body?: string; assignees?: Person[] },
): Item {
  requireBoardWrite(by, project)
  checkTexts(wish)
  const id = world.nextId('draft')
  const draft: Draft = {
    kind: 'DraftIssue',
    id,
    node: nodeId('DraftIssue', project.owner.id, project.id, id),
    project,
    title: wish.title,
    body: wish.body ?? '',
    creator: by,
    assignees: wish.assignees ?? [],
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  world.register(draft)
  const item = newItem(world, by, project, draft)
  tellItem(world, by, item, 'created')
  automateItem(world, item, 'Item added to project')
  return item
}

export function editDraft(world: World, by: Person, item: Item, texts: { title?: string; body?: string }): void {
  requireBoardWrite(by, item.project)
  const draft = item.content
  if (draft.kind !== 'DraftIssue') throw new Refusal('invalid', 'The item is not a draft issue')
  checkTexts(texts)
  const before = draft.body
  draft.title = texts.title ?? draft.title
  draft.body = texts.body ?? draft.body
  draft.updatedAt = world.now()
  touch(world, item)
  tellItem(world, by, item, 'edited', { body: { from: before, to: draft.body } })
}

/** The draft becomes an issue of the repository; the card stays where it is and keeps its id. */
export function convertDraft(world: World, by: Person, item: Item, repository: Repository): Item {
  requireBoardWrite(by, item.project)
  const draft = item.content
  if (draft.kind !== 'DraftIssue') throw new Refusal('invalid', 'The item is not a draft issue')
  const issue = openIssue(world, by, repository, { title: draft.title, body: draft.body })
  world.nodes.delete(draft.node)
  item.content = issue
  issue.items.push(item)
  touch(world, item)
  log(world, issue, by, { kind: 'AddedToProjectV2Event', project: item.project, wasAutomated: false })
  tellItem(world, by, item, 'converted', { content_type: { from: 'DraftIssue', to: 'Issue' } })
  return item
}

export function archiveCard(world: World, by: Person, item: Item): void {
  requireBoardWrite(by, item.project)
  if (item.archivedAt) return
  item.archivedAt = world.now()
  touch(world, item)
  tellItem(world, by, item, 'archived', { archived_at: { from: null, to: item.archivedAt } })
}

/** Brings an archived card back, in the column it had. */
export function restoreCard(world: World, by: Person, item: Item): void {
  requireBoardWrite(by, item.project)
  if (!item.archivedAt) return
  const from = item.archivedAt
  item.archivedAt = null
  touch(world, item)
  tellItem(world, by, item, 'restored', { archived_at: { from, to: null } })
}

/** Takes the card off the board; the issue or pull request stays. */
export function deleteCard(world: World, by: Person, item: Item): void {
  requireBoardWrite(by, item.project)
  const { content, project } = item
  project.items.splice(project.items.indexOf(item), 1)
  project.updatedAt = world.now()
  world.items.delete(item.id)
  world.nodes.delete(item.node)
  if (content.kind === 'DraftIssue') world.nodes.delete(content.node)
  else {
    content.items.splice(content.items.indexOf(item), 1)
    log(world, content, by, { kind: 'RemovedFromProjectV2Event', project, wasAutomated: false })
  }
  tellItem(world, by, item, 'deleted')
}

/** Places a card right after another one; null: at the top. */
export function repositionCard(world: World, by: Person, item: Item, after: Item | null): void {
  requireBoardWrite(by, item.project)
  if (after && after.project !== item.project) throw new Refusal('not-found', 'The item is not on this board')
  const { items } = item.project
  const at = items.indexOf(item)
  const from = items[at - 1]?.node ?? null
  items.splice(at, 1)
  items.splice(after ? items.indexOf(after) + 1 : 0, 0, item)
  touch(world, item)
  const change = { from, to: after?.node ?? null }
  tellItem(world, by, item, 'reordered', { previous_projects_v2_item_node_id: change })
}

function newItem(world: World, by: Person, project: Project, content: Thread | Draft): Item {
  if (project.items.length >= ITEM_LIMIT)
    throw new Refusal('invalid', `The project has reached the limit of ${ITEM_LIMIT} items`)
  const id = world.nextId('item')
  const item: Item = {
    kind: 'ProjectV2Item',
    id,
    node: nodeId('ProjectV2Item', project.owner.id, project.id, id),
    project,
    content,
    values: new Map(),
    staleFrom: new Map(),
    creator: by,
    archivedAt: null,
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  project.items.push(item)
  project.updatedAt = world.now()
  world.items.set(id, item)
  return world.register(item)
}
