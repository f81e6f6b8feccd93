// The filter of a board's items, as typed into a board's search field: `status:"Ready" -label:bug is:open`.
import { type Field, fieldNamed, type Item, type Project, valueName } from '../world/board.ts'
import { fullName } from '../world/repository.ts'
import { type Context, NotImplemented } from './context.ts'
import { filterTerms, matchesDate, type Term } from './filter-words.ts'
import { seesContent } from './sight.ts'

/** The items that every term of the filter lets through. */
export function matchItems(context: Context, project: Project, items: Item[], query: string): Item[] {
  const terms = filterTerms(query)
  if (terms.length === 0) return items
  requireKnown(project, terms)
  return items.filter((item) => terms.every((term) => matches(context, item, term) !== term.negated))
}

function matches(context: Context, item: Item, term: Term): boolean {
  if (term.key === null) return title(context, item).includes((term.values[0] ?? '').toLowerCase())
  return term.values.some((value) => matchesOne(context, item, term.key ?? '', value))
}

function matchesOne(context: Context, item: Item, key: string, value: string): boolean {
  // What the viewer cannot see of a card cannot be searched for either.
  const thread = item.content.kind === 'DraftIssue' || !seesContent(context, item) ? null : item.content
  const same = (other: string) => other.toLowerCase() === value.toLowerCase()
  switch (key) {
    case 'is':
    case 'type':
      return is(item, value.toLowerCase())
    case 'no':
      return texts(item, value).length === 0
    case 'has':
      return texts(item, value).length > 0
    case 'updated':
      return matchesDate(item.updatedAt, day(context, value))
    case 'assignee':
      return item.content.assignees.some(({ login }) => same(login))
    case 'label':
      return thread?.labels.some(({ name }) => same(name)) ?? false
    case 'repo':
      return thread !== null && same(fullName(thread.repository))
    default:
      return texts(item, key).some(same)
  }
}

const IS = ['open', 'closed', 'merged', 'issue', 'pr', 'draft']
const KEYS = ['updated', 'assignee', 'label', 'repo']
const LISTS = ['assignee', 'assignees', 'label', 'labels']

// Before anything is filtered: an unknown term must not pass as one that nothing matches.
function requireKnown(project: Project, terms: Term[]): void {
  const names = (value: string) => LISTS.includes(value.toLowerCase()) || fieldCalled(project, value) !== null
  for (const { key, values } of terms) {
    if (key === null || KEYS.includes(key)) continue
    const known = (value: string) => {
      if (key === 'is' || key === 'type') return IS.includes(value.toLowerCase())
      return names(key === 'no' || key === 'has' ? value : key)
    }
    const strange = values.find((value) => !known(value))
    if (strange !== undefined) throw new NotImplemented(`the board filter ${key}:${strange}`)
  }
}

/** Fields are written `due-date` for `Due date`. */
function fieldCalled(project: Project, name: string): Field | null {
  const wanted = name.toLowerCase()
  const spelled = project.fields.find((field) => field.name.toLowerCase().replaceAll(' ', '-') === wanted)
  return fieldNamed(project, name) ?? spelled ?? null
}

function is(item: Item, what: string): boolean {
  const { content } = item
  switch (what) {
    case 'open':
      return content.kind !== 'DraftIssue' && content.state === 'OPEN'
    case 'closed':
      return content.kind !== 'DraftIssue' && content.state !== 'OPEN'
    case 'merged':
      return content.kind === 'PullRequest' && content.state === 'MERGED'
    case 'issue':
      return content.kind === 'Issue'
    case 'pr':
      return content.kind === 'PullRequest'
    case 'draft':
      return content.kind === 'DraftIssue' || (content.kind === 'PullRequest' && content.draft)
    default:
      return false
  }
}

/** What the item says in the field of that name. */
function texts(item: Item, name: string): string[] {
  const { content, project } = item
  if (name.startsWith('assignee')) return content.assignees.map(({ login }) => login)
  if (name.startsWith('label')) return content.kind === 'DraftIssue' ? [] : content.labels.map((label) => label.name)
  const field = fieldCalled(project, name)
  const value = field && valueName(item, field)
  return value === null ? [] : [value]
}

function title(context: Context, item: Item): string {
  return seesContent(context, item) ? item.content.title.toLowerCase() : ''
}

// `@today-7d` counts back from the world's own day.
function day({ world }: Context, condition: string): string {
  return condition.replace(/@today(?:-(\d+)d)?/, (_, days) => {
    return new Date(world.time() - Number(days ?? 0) * 86_400_000).toISOString().slice(0, 10)
  })
}
