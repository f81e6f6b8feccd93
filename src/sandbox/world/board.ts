// Project boards (Projects v2) of the sandbox: fields, items, and the values on them.
import type { Owner, Person, RepositoryRole } from './account.ts'
import type { Repository } from './repository.ts'
import type { Thread } from './thread.ts'

/** `id` is a short hex string that stays when the option is renamed. */
export type FieldOption = { id: string; name: string; color: OptionColor; description: string }
type OptionColor = 'BLUE' | 'GRAY' | 'GREEN' | 'ORANGE' | 'PINK' | 'PURPLE' | 'RED' | 'YELLOW'
export type Iteration = { id: string; title: string; startDate: string; duration: number }

export type FieldType =
  | 'TITLE'
  | 'ASSIGNEES'
  | 'LABELS'
  | 'LINKED_PULL_REQUESTS'
  | 'MILESTONE'
  | 'REPOSITORY'
  | 'REVIEWERS'
  | 'TEXT'
  | 'NUMBER'
  | 'DATE'
  | 'SINGLE_SELECT'
  | 'ITERATION'

export type Field = {
  kind: 'ProjectV2Field' | 'ProjectV2SingleSelectField' | 'ProjectV2IterationField'
  id: number
  node: string
  project: Project
  name: string
  dataType: FieldType
  options: FieldOption[]
  iterations: Iteration[]
  createdAt: string
  updatedAt: string
}

/** `value` is an option's or iteration's id, a text, a date (yyyy-mm-dd) or a number. `creator` first set it. */
export type FieldValue = {
  id: number
  node: string
  field: Field
  item: Item
  value: string | number
  creator: Person
  createdAt: string
  updatedAt: string
}

export type Draft = {
  kind: 'DraftIssue'
  id: number
  node: string
  project: Project
  title: string
  body: string
  creator: Person
  assignees: Person[]
  createdAt: string
  updatedAt: string
}

/** `staleFrom`: the value before the last one, by field, as a stale webhook would still report it. */
export type Item = {
  kind: 'ProjectV2Item'
  id: number
  node: string
  project: Project
  content: Thread | Draft
  values: Map<string, FieldValue>
  staleFrom: Map<string, string | number | null>
  creator: Person
  archivedAt: string | null
  createdAt: string
  updatedAt: string
}

/** `target` is the column the automation moves to, by name. */
export type BoardWorkflow = {
  kind: 'ProjectV2Workflow'
  id: number
  node: string
  project: Project
  number: number
  name: 'Item closed' | 'Pull request merged' | 'Item reopened' | 'Item added to project'
  enabled: boolean
  target: string
  createdAt: string
  updatedAt: string
}

/** `items` are in the board's order, archived ones among them. `baseRole` is every member's role on the board. */
export type Project = {
  kind: 'ProjectV2'
  /** A person's board that apps may see, as GitHub shows none today: for stories of what then would work. */
  shownToApps?: boolean
  id: number
  node: string
  owner: Owner
  number: number
  title: string
  shortDescription: string | null
  readme: string | null
  public: boolean
  closed: boolean
  closedAt: string | null
  template: boolean
  creator: Person
  baseRole: Extract<RepositoryRole, 'none' | 'read' | 'write' | 'admin'>
  collaborators: Map<number, RepositoryRole>
  fields: Field[]
  items: Item[]
  workflows: BoardWorkflow[]
  repositories: Repository[]
  createdAt: string
  updatedAt: string
}

/** The board's field of that name, in GitHub's manner of not minding case. */
export function fieldNamed(project: Project, name: string): Field | null {
  const wanted = name.toLowerCase()
  return project.fields.find((field) => field.name.toLowerCase() === wanted) ?? null
}

/** The name of the option or iteration, or the value itself, that the item bears in that field; null for none. */
export function valueName(item: Item, field: Field): string | null {
  const value = item.values.get(field.node)?.value
  if (value === undefined) return null
  if (field.dataType === 'SINGLE_SELECT') return field.options.find((option) => option.id === value)?.name ?? null
  if (field.dataType === 'ITERATION') return field.iterations.find((iteration) => iteration.id === value)?.title ?? null
  return String(value)
}

/** The name of the card's column on the board's `Status` field; null where it has none. */
export function columnOf(item: Item): string | null {
  const status = fieldNamed(item.project, 'Status')
  return status ? valueName(item, status) : null
}
