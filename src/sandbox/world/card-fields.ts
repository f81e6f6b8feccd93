// Sets the fields of a card, above all its column, and says so in the ways GitHub may.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import { type Field, type Item, valueName } from './board.ts'
import { nodeId } from './node-id.ts'
import { fieldChange, itemPayload, statusField } from './payloads/card.ts'
import { Refusal } from './refusal.ts'
import { requireBoardWrite } from './roles.ts'
import { log } from './timeline-log.ts'
import type { Quirks, World } from './world.ts'

/** `as`: the events a change of column gives rise to; a drag may come as `reordered` alone. */
type MoveManner = { as?: Quirks['drag']; automated?: boolean }

const SETTABLE = new Set(['TEXT', 'NUMBER', 'DATE', 'SINGLE_SELECT', 'ITERATION'])

/** Moves a card to the column of that name or option id; null takes its status away. */
export function moveCard(world: World, by: Person, item: Item, column: string | null, manner: MoveManner = {}): void {
  const field = statusField(item.project)
  const option =
    column === null
      ? null
      : (field.options.find((candidate) => candidate.id === column) ??
        field.options.find((candidate) => candidate.name.toLowerCase() === column.toLowerCase()))
  if (option === undefined) throw new Refusal('invalid', `the board has no column ${column}`)
  setField(world, by, item, field, option?.id ?? null, { as: manner.as ?? world.quirks.drag, ...rest(manner) })
}

/** Sets or (with null) clears one field of a card. The same value again changes nothing and tells nobody. */
export function setField(
  world: World,
  by: Person,
  item: Item,
  field: Field,
  value: string | number | null,
  manner: MoveManner = {},
): void {
  requireBoardWrite(by, item.project)
  if (item.archivedAt) throw new Refusal('invalid', 'The item is archived and cannot be updated')
  if (!SETTABLE.has(field.dataType))
    throw new Refusal('invalid', `The field of type ${field.dataType.toLowerCase()} is currently not supported`)
  if (value !== null) checkValue(field, value)
  const before = item.values.get(field.node)
  const from = before?.value ?? null
  if (from === value) return
  const previousName = valueName(item, field) ?? ''
  if (value === null) item.values.delete(field.node)
  else if (before) Object.assign(before, { value, updatedAt: world.now() })
  else item.values.set(field.node, newValue(world, by, item, field, value))
  touch(world, item)
  if (field.name === 'Status') logMove(world, by, item, previousName, manner.automated ?? false)
  tellMove(world, by, item, field, { from, to: value }, manner.as ?? 'edited')
  item.staleFrom.set(field.node, from)
}

/** Sends `projects_v2_item` with that action; a person's board sends nothing. */
export function tellItem(
  world: World,
  by: Person,
  item: Item,
  action: string,
  changes: Record<string, unknown> | null = null,
): void {
  world.changed({ what: 'board', project: item.project })
  const { owner } = item.project
  if (owner.kind !== 'Organization') return
  const body = { projects_v2_item: itemPayload(world, item), ...(changes ? { changes } : {}) }
  announce(world, { event: 'projects_v2_item', action, by, owner, body })
}

export function touch(world: World, item: Item): void {
  item.updatedAt = world.now()
  item.project.updatedAt = world.now()
}

function tellMove(
  world: World,
  by: Person,
  item: Item,
  field: Field,
  change: { from: string | number | null; to: string | number | null },
  as: Quirks['drag'],
): void {
  if (as !== 'edited') {
    tellItem(world, by, item, 'reordered', { previous_projects_v2_item_node_id: { from: null, to: null } })
  }
  if (as !== 'reordered') {
    const stale = item.staleFrom.get(field.node) ?? null
    const told = { true: change.from, stale, missing: undefined }[world.quirks.from]
    tellItem(world, by, item, 'edited', fieldChange(field, told, change.to))
  }
}

function logMove(world: World, by: Person, item: Item, previousStatus: string, wasAutomated: boolean): void {
  const { content, project } = item
  // A draft has no timeline: its moves are told by nobody but the webhook.
  if (content.kind === 'DraftIssue') return
  const status = valueName(item, statusField(project)) ?? ''
  log(world, content, by, {
    kind: 'ProjectV2ItemStatusChangedEvent',
    project,
    item,
    previousStatus,
    status,
    wasAutomated,
  })
}

function newValue(world: World, by: Person, item: Item, field: Field, value: string | number) {
  const id = world.nextId('field-value')
  const times = { createdAt: world.now(), updatedAt: world.now() }
  const node = nodeId('FieldValue', item.project.owner.id, item.id, id)
  return { id, node, field, item, value, creator: by, ...times }
}

function checkValue(field: Field, value: string | number): void {
  const fits = {
    TEXT: () => typeof value === 'string',
    NUMBER: () => typeof value === 'number' && Number.isFinite(value),
    DATE: () => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value),
    SINGLE_SELECT: () => field.options.some((option) => option.id === value),
    ITERATION: () => field.iterations.some((iteration) => iteration.id === value),
  }[field.dataType as 'TEXT']
  if (fits?.()) return
  throw new Refusal(
    'invalid',
    field.dataType === 'SINGLE_SELECT'
      ? 'The single select option Id does not belong to the field'
      : `The value does not fit the field ${field.name}`,
  )
}

function rest(manner: MoveManner): MoveManner {
  return manner.automated === undefined ? {} : { automated: manner.automated }
}
