// Board items and boards as GitHub's webhooks show them: no repository, no title, no number of the issue.
import { type Field, fieldNamed, type Item, type Project } from '../board.ts'
import type { World } from '../world.ts'
import { simpleUser } from './account.ts'

export function itemPayload(world: World, item: Item) {
  return {
    id: item.id,
    node_id: item.node,
    project_node_id: item.project.node,
    content_node_id: item.content.node,
    content_type: item.content.kind,
    creator: simpleUser(world, item.creator),
    created_at: item.createdAt,
    updated_at: item.updatedAt,
    archived_at: item.archivedAt,
  }
}

const PAYLOAD_TYPE: Partial<Record<Field['dataType'], string>> = { LINKED_PULL_REQUESTS: 'linked_pull_requests' }

/** `changes` of an edited field; `from` is undefined where GitHub leaves it out. */
export function fieldChange(
  field: Field,
  from: string | number | null | undefined,
  to: string | number | null,
): Record<string, unknown> {
  return {
    field_value: {
      field_node_id: field.node,
      field_type: PAYLOAD_TYPE[field.dataType] ?? field.dataType.toLowerCase(),
      field_name: field.name,
      project_number: field.project.number,
      ...(from === undefined ? {} : { from: changed(field, from) }),
      to: changed(field, to),
    },
  }
}

export function projectPayload(world: World, project: Project) {
  return {
    id: project.id,
    node_id: project.node,
    owner: simpleUser(world, project.owner),
    creator: simpleUser(world, project.creator),
    title: project.title,
    description: project.shortDescription,
    public: project.public,
    closed_at: project.closedAt,
    created_at: project.createdAt,
    updated_at: project.updatedAt,
    number: project.number,
    short_description: project.shortDescription,
    deleted_at: null,
    deleted_by: null,
    state: project.closed ? ('closed' as const) : ('open' as const),
    is_template: project.template,
  }
}

/** The board's page, and an item's place on it. */
export function projectPage(world: World, project: Project): string {
  const kind = project.owner.kind === 'Organization' ? 'orgs' : 'users'
  return `${world.url}/${kind}/${project.owner.login}/projects/${project.number}`
}

function changed(field: Field, value: string | number | null): unknown {
  if (value === null) return null
  if (field.dataType === 'SINGLE_SELECT') {
    const option = field.options.find((candidate) => candidate.id === value)
    return option ? { id: option.id, name: option.name, color: option.color, description: option.description } : null
  }
  if (field.dataType === 'ITERATION') {
    const iteration = field.iterations.find((candidate) => candidate.id === value)
    return iteration
      ? { id: iteration.id, title: iteration.title, duration: iteration.duration, start_date: iteration.startDate }
      : null
  }
  return value
}

/** The board's `Status` field, which every board has from the start. */
export function statusField(project: Project): Field {
  const field = fieldNamed(project, 'Status')
  if (!field) throw new Error(`board ${project.number} has no Status field`)
  return field
}
