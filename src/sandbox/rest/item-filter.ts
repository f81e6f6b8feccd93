// The filter language of a board's items, as far as programs use it: `status:"In Progress" -label:bug is:open words`.
import { columnOf, fieldNamed, type Item, valueName } from '../world/board.ts'
import { Refusal } from '../world/refusal.ts'
import { fullName } from '../world/repository.ts'

type Term = { name: string | null; values: string[]; negated: boolean }

/** True where the item meets every term. Throws for a qualifier that the sandbox does not know, instead of guessing. */
export function matchesFilter(item: Item, query: string): boolean {
  return readTerms(query).every((term) => meets(item, term) !== term.negated)
}

function readTerms(query: string): Term[] {
  const terms: Term[] = []
  for (const [, minus, name, values, quoted, word] of query.matchAll(
    /(-)?(?:([\w-]+|"[^"]+"):((?:"[^"]*"|[^\s",]+)(?:,(?:"[^"]*"|[^\s",]+))*)|"([^"]*)"|(\S+))/g,
  )) {
    const list = values === undefined ? [quoted ?? word ?? ''] : (values.match(/"[^"]*"|[^",]+/g) ?? [])
    terms.push({
      name: name === undefined ? null : unquote(name).toLowerCase(),
      values: list.map((value) => unquote(value).toLowerCase()),
      negated: minus !== undefined,
    })
  }
  return terms
}

function meets(item: Item, term: Term): boolean {
  const { content } = item
  const thread = content.kind === 'DraftIssue' ? null : content
  const any = (found: string[]) => found.some((one) => term.values.includes(one.toLowerCase()))
  switch (term.name) {
    case null:
      return term.values.every((word) => content.title.toLowerCase().includes(word))
    case 'is':
      return any(statesOf(item))
    case 'no':
      return term.values.every((name) => namesOf(item, name).length === 0)
    case 'has':
      return term.values.every((name) => namesOf(item, name).length > 0)
    case 'label':
    case 'assignee':
    case 'status':
      return any(namesOf(item, term.name))
    case 'repo':
      return thread !== null && any([fullName(thread.repository), thread.repository.name])
    default: {
      // GitHub writes a field's name with dashes in place of blanks.
      const name = item.project.fields.find((one) => one.name.toLowerCase().replaceAll(' ', '-') === term.name)?.name
      if (name === undefined) throw new Refusal('invalid', `The filter "${term.name}:" is not known.`, { field: 'q' })
      return any(namesOf(item, name.toLowerCase()))
    }
  }
}

function statesOf(item: Item): string[] {
  const { content } = item
  if (content.kind === 'DraftIssue') return ['draft', 'open']
  const kind = content.kind === 'Issue' ? 'issue' : 'pr'
  const state = content.state.toLowerCase()
  return [kind, state, ...(state === 'merged' ? ['closed'] : [])]
}

function namesOf(item: Item, name: string): string[] {
  const { content } = item
  if (name === 'label') return content.kind === 'DraftIssue' ? [] : content.labels.map((label) => label.name)
  if (name === 'assignee') return content.assignees.map((person) => person.login)
  if (name === 'status') return [columnOf(item)].filter((column) => column !== null)
  const field = fieldNamed(item.project, name)
  return field ? [valueName(item, field)].filter((value) => value !== null) : []
}

const unquote = (text: string): string => text.replace(/^"(.*)"$/, '$1')
