// Organization boards over REST: fields and items, by integer ids and cursors.

import { graphqlBudget } from '../graphql/budget.ts'
import { matchItems } from '../graphql/item-filter.ts'
import { type Answer, type Call, notFound, ok, pageUrl } from '../server/exchange.ts'
import { seesBoard, seesRepository } from '../world/access.ts'
import type { Field, Item, Project } from '../world/board.ts'
import { setField } from '../world/card-fields.ts'
import { simpleUser } from '../world/payloads/account.ts'
import { projectPayload } from '../world/payloads/card.ts'
import { simplePull } from '../world/payloads/pull.ts'
import { repositoryPayload } from '../world/payloads/repository.ts'
import { issuePayload, labelPayload } from '../world/payloads/thread.ts'
import { Refusal } from '../world/refusal.ts'
import { whoActs } from './dispatch.ts'
import { organizationOf, projectOf } from './target.ts'

/** An app that may not see boards gets an empty list, not a refusal. */
export function listProjects(call: Call): Answer {
  const words = String(call.query.q ?? '').toLowerCase()
  const seen = [...organizationOf(call).projects.values()]
    .filter((project) => seesBoard(call.viewer, project))
    .filter((project) => project.title.toLowerCase().includes(words))
  return cursorPage(call, seen, (project) => projectPayload(call.world, project))
}

export function getProject(call: Call): Answer {
  return ok(projectPayload(call.world, projectOf(call)))
}

export function listFields(call: Call): Answer {
  const { fields } = projectOf(call)
  return cursorPage(call, fields, (field) => fieldPayload(call, field))
}

export function getField(call: Call): Answer {
  const field = projectOf(call).fields.find((one) => one.id === call.path.field_id)
  if (!field) throw notFound()
  return ok(fieldPayload(call, field))
}

/** Archived items are left out; `q` is the filter of the board's page. */
export function listItems(call: Call): Answer {
  const project = projectOf(call)
  const query = String(call.query.q ?? '')
  const { world, viewer } = call
  const open = project.items.filter((item) => item.archivedAt === null)
  const context = { world, viewer, budget: graphqlBudget(world, viewer), cost: 0, nodeCount: 0 }
  const items = matchItems(context, project, open, query)
  return cursorPage(call, items, (item) => itemPayload(call, item))
}

export function getItem(call: Call): Answer {
  return ok(itemPayload(call, itemOf(call, projectOf(call))))
}

/** Several fields at once, by integer id; null clears. All are looked at before any is changed. */
export function updateItem(call: Call): Answer {
  const project = projectOf(call)
  const item = itemOf(call, project)
  const wishes = (call.body.fields as { id: number; value: string | number | null }[]).map((wish) => {
    const field = project.fields.find((one) => one.id === wish.id)
    if (!field) throw new Refusal('invalid', `Field with ID ${wish.id} not found`, { field: 'fields' })
    return { field, value: wish.value }
  })
  for (const { field, value } of wishes) setField(call.world, whoActs(call), item, field, value)
  return ok(itemPayload(call, item))
}

function itemOf(call: Call, project: Project): Item {
  const item = call.world.items.get(Number(call.path.item_id))
  if (!item || item.project !== project) throw notFound()
  return item
}

const rich = (words: string) => ({ raw: words, html: words.replaceAll('&', '&amp;').replaceAll('<', '&lt;') })

const option = (one: Field['options'][number]) => ({
  id: one.id,
  name: rich(one.name),
  color: one.color,
  description: rich(one.description),
})

function fieldPayload(call: Call, field: Field) {
  const iterations = field.iterations.map((one) => ({
    id: one.id,
    title: rich(one.title),
    start_date: one.startDate,
    duration: one.duration,
    completed: false,
  }))
  return {
    id: field.id,
    node_id: field.node,
    project_url: projectUrl(call, field.project),
    name: field.name,
    data_type: field.dataType.toLowerCase(),
    ...(field.dataType === 'SINGLE_SELECT' && { options: field.options.map(option) }),
    ...(field.dataType === 'ITERATION' && { configuration: { start_day: 1, duration: 14, iterations } }),
    created_at: field.createdAt,
    updated_at: field.updatedAt,
  }
}

/** Without `fields` only the title comes along. */
function itemPayload(call: Call, item: Item) {
  const { project } = item
  const given = call.query.fields
  const asked = given === undefined ? [] : Array.isArray(given) ? given.map(String) : String(given).split(',')
  const fields = project.fields.filter((field) => field.dataType === 'TITLE' || asked.includes(String(field.id)))
  return {
    id: item.id,
    node_id: item.node,
    project_url: projectUrl(call, project),
    content_type: item.content.kind,
    content: contentPayload(call, item),
    creator: simpleUser(call.world, item.creator),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    archived_at: item.archivedAt,
    item_url: `${projectUrl(call, project)}/items/${item.id}`,
    fields: fields.map((field) => ({
      id: field.id,
      name: field.name,
      data_type: field.dataType.toLowerCase(),
      value: valuePayload(call, item, field),
    })),
  }
}

/** Null where the token does not see the repository, as GraphQL's REDACTED. */
function contentPayload(call: Call, item: Item): unknown {
  const { content } = item
  if (content.kind === 'DraftIssue') {
    const { id, node, title, body, creator, createdAt, updatedAt } = content
    const user = simpleUser(call.world, creator)
    return { id, node_id: node, title, body, user, created_at: createdAt, updated_at: updatedAt }
  }
  if (!seesRepository(call.viewer, content.repository)) return null
  return content.kind === 'Issue' ? issuePayload(call.world, content) : simplePull(call.world, content)
}

function valuePayload(call: Call, item: Item, field: Field): unknown {
  const { content } = item
  const thread = content.kind === 'DraftIssue' ? null : content
  switch (field.dataType) {
    case 'TITLE':
      return { ...rich(content.title), ...(thread && { number: thread.number, state: thread.state.toLowerCase() }) }
    case 'LABELS':
      return thread?.labels.map((label) => labelPayload(call.world, label)) ?? []
    case 'ASSIGNEES':
      return content.assignees.map((person) => simpleUser(call.world, person))
    case 'REPOSITORY':
      return thread && repositoryPayload(call.world, thread.repository)
    case 'SINGLE_SELECT': {
      const chosen = field.options.find((one) => one.id === item.values.get(field.node)?.value)
      return chosen ? option(chosen) : null
    }
    case 'ITERATION':
      return field.iterations.find((one) => one.id === item.values.get(field.node)?.value) ?? null
    case 'TEXT':
    case 'NUMBER':
    case 'DATE':
      return item.values.get(field.node)?.value ?? null
    case 'MILESTONE':
      return null
    case 'LINKED_PULL_REQUESTS':
    case 'REVIEWERS':
      return []
    default:
      return field.dataType satisfies never
  }
}

function projectUrl(call: Call, project: Project): string {
  return `${call.world.api}/orgs/${project.owner.login}/projectsV2/${project.number}`
}

/** By cursor, which is the id of the last one seen; GitHub gives no page numbers here. */
function cursorPage<T extends { id: number }>(call: Call, all: T[], shape: (one: T) => unknown): Answer {
  const size = Math.min(Math.max(Number(call.query.per_page ?? 30), 1), 100)
  const { after, before } = call.query
  const at = (cursor: unknown) => all.findIndex((one) => encodeCursor(one.id) === cursor)
  if ((after !== undefined && at(after) === -1) || (before !== undefined && at(before) === -1)) {
    throw new Refusal('invalid', 'The cursor is not valid.')
  }
  const start = after !== undefined ? at(after) + 1 : before !== undefined ? Math.max(0, at(before) - size) : 0
  const end = before !== undefined ? at(before) : start + size
  const shown = all.slice(start, end)
  const links: string[] = []
  const [first, last] = [shown[0], shown.at(-1)]
  if (last && end < all.length) {
    links.push(`<${pageUrl(call.url, { after: encodeCursor(last.id) }, ['before'])}>; rel="next"`)
  }
  if (first && start > 0) {
    links.push(`<${pageUrl(call.url, { before: encodeCursor(first.id) }, ['after'])}>; rel="prev"`)
  }
  const answer = ok(shown.map(shape))
  return links.length > 0 ? { ...answer, headers: { link: links.join(', ') } } : answer
}

const encodeCursor = (id: number): string => Buffer.from(`cursor:v2:${id}`).toString('base64')
