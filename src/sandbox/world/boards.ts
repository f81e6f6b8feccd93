// Makes boards, their fields and columns.
import type { Owner, Person } from './account.ts'
import { announce } from './announce.ts'
import type { BoardWorkflow, Field, FieldOption, FieldType, Iteration, Project } from './board.ts'
import { nodeId } from './node-id.ts'
import { projectPayload } from './payloads/card.ts'
import { Refusal } from './refusal.ts'
import { requireBoardWrite } from './roles.ts'
import type { World } from './world.ts'

const BUILT_IN: [string, FieldType][] = [
  ['Title', 'TITLE'],
  ['Assignees', 'ASSIGNEES'],
  ['Labels', 'LABELS'],
  ['Linked pull requests', 'LINKED_PULL_REQUESTS'],
  ['Milestone', 'MILESTONE'],
  ['Repository', 'REPOSITORY'],
  ['Reviewers', 'REVIEWERS'],
]

/** A board with GitHub's built-in fields, a Status field with those columns, and the workflows GitHub switches on. */
export function createProject(
  world: World,
  by: Person,
  owner: Owner,
  title: string,
  more: { columns?: string[]; public?: boolean; baseRole?: Project['baseRole'] } = {},
): Project {
  const id = world.nextId('project')
  const project: Project = {
    kind: 'ProjectV2',
    id,
    node: nodeId('ProjectV2', owner.id, id),
    owner,
    number: owner.projects.size + 1,
    title,
    shortDescription: null,
    readme: null,
    public: more.public ?? false,
    closed: false,
    closedAt: null,
    template: false,
    creator: by,
    baseRole: more.baseRole ?? 'write',
    collaborators: new Map(),
    fields: [],
    items: [],
    workflows: [],
    repositories: [],
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  owner.projects.set(project.number, project)
  world.projects.set(id, project)
  world.register(project)
  for (const [name, dataType] of BUILT_IN) addField(world, project, name, dataType)
  addField(world, project, 'Status', 'SINGLE_SELECT', { options: more.columns ?? ['Todo', 'In Progress', 'Done'] })
  for (const name of ['Item closed', 'Pull request merged'] as const)
    addBoardWorkflow(world, project, name, 'Done', true)
  for (const name of ['Item reopened', 'Item added to project'] as const) {
    addBoardWorkflow(world, project, name, 'Todo', false)
  }
  tellProject(world, by, project, 'created')
  return project
}

export function closeProject(world: World, by: Person, project: Project, closed: boolean): void {
  project.closed = closed
  project.closedAt = closed ? world.now() : null
  tellProject(world, by, project, closed ? 'closed' : 'reopened')
}

export function addField(
  world: World,
  project: Project,
  name: string,
  dataType: FieldType,
  more: { options?: string[]; iterations?: Iteration[] } = {},
): Field {
  const id = world.nextId('field')
  const kind =
    dataType === 'SINGLE_SELECT'
      ? 'ProjectV2SingleSelectField'
      : dataType === 'ITERATION'
        ? 'ProjectV2IterationField'
        : 'ProjectV2Field'
  const field: Field = {
    kind,
    id,
    node: nodeId(kind, project.owner.id, project.id, id),
    project,
    name,
    dataType,
    options: (more.options ?? []).map((option) => newOption(world, option)),
    iterations: more.iterations ?? [],
    createdAt: world.now(),
    updatedAt: world.now(),
  }
  project.fields.push(field)
  return world.register(field)
}

/**
 * Replaces the whole list of options, as GitHub's `updateProjectV2Field` does: an option sent without the id it had
 * is a new option, and every card that stood in the old one loses its value.
 */
export function replaceOptions(
  world: World,
  by: Person,
  field: Field,
  options: { id?: string; name: string; color?: FieldOption['color']; description?: string }[],
): void {
  requireBoardWrite(by, field.project)
  if (options.length > 50) throw new Refusal('invalid', 'A single select field can have at most 50 options')
  const old = new Map(field.options.map((option) => [option.id, option]))
  field.options = options.map((wish) => {
    const kept = wish.id === undefined ? undefined : old.get(wish.id)
    const base = kept ?? newOption(world, wish.name)
    return {
      ...base,
      name: wish.name,
      color: wish.color ?? base.color,
      description: wish.description ?? base.description,
    }
  })
  const left = new Set(field.options.map((option) => option.id))
  for (const item of field.project.items) {
    const value = item.values.get(field.node)
    if (value && !left.has(String(value.value))) item.values.delete(field.node)
  }
  field.updatedAt = world.now()
  tellProject(world, by, field.project, 'edited')
}

/** Switches one of GitHub's built-in workflows on or off, and says where it moves cards. */
export function setBoardWorkflow(
  world: World,
  project: Project,
  name: BoardWorkflow['name'],
  to: { enabled?: boolean; target?: string },
): void {
  const workflow = project.workflows.find((candidate) => candidate.name === name)
  if (!workflow) throw new Refusal('not-found', `the board has no workflow ${name}`)
  workflow.enabled = to.enabled ?? workflow.enabled
  workflow.target = to.target ?? workflow.target
  workflow.updatedAt = world.now()
}

function addBoardWorkflow(
  world: World,
  project: Project,
  name: BoardWorkflow['name'],
  target: string,
  enabled: boolean,
): void {
  const id = world.nextId('board-workflow')
  const node = nodeId('ProjectV2Workflow', project.owner.id, project.id, id)
  const number = project.workflows.length + 1
  const times = { createdAt: world.now(), updatedAt: world.now() }
  project.workflows.push(
    world.register({ kind: 'ProjectV2Workflow', id, node, project, number, name, enabled, target, ...times }),
  )
}

function newOption(world: World, name: string): FieldOption {
  return { id: world.nextHex('option', 8), name, color: 'GRAY', description: '' }
}

function tellProject(world: World, by: Person, project: Project, action: string): void {
  project.updatedAt = world.now()
  world.changed({ what: 'board', project })
  if (project.owner.kind !== 'Organization') return
  const body = { projects_v2: projectPayload(world, project) }
  announce(world, { event: 'projects_v2', action, by, owner: project.owner, body })
}
