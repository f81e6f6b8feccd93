// GitHub's search for issues and pull requests, as far as the sandbox understands it.
import { fullName } from '../world/repository.ts'
import type { Thread } from '../world/thread.ts'
import { type Context, NotImplemented } from './context.ts'
import { filterTerms, matchesDate, type Term } from './filter-words.ts'
import { seesThread } from './sight.ts'

/** What the viewer may see and every term matches, newest first. Scopes (`repo:`, `org:`) are alternatives. */
export function searchThreads(context: Context, query: string): Thread[] {
  const terms = filterTerms(query)
  requireKnown(terms)
  const scopes = terms.filter((term) => isScope(term) && !term.negated)
  const others = terms.filter((term) => !scopes.includes(term))
  const found: Thread[] = []
  for (const repository of context.world.repositories.values()) {
    for (const thread of repository.threads.values()) {
      if (scopes.length > 0 && !scopes.some((term) => matches(thread, term))) continue
      if (!others.every((term) => matches(thread, term) !== term.negated)) continue
      if (seesThread(context, thread)) found.push(thread)
    }
  }
  return found.sort((a, b) => b.createdAt.localeCompare(a.createdAt) || b.id - a.id)
}

const KNOWN: Record<string, string[] | null> = {
  is: ['open', 'closed', 'merged', 'issue', 'pr', 'draft', 'public', 'private'],
  no: ['label', 'assignee'],
  archived: ['true', 'false'],
  in: ['title', 'body', 'comments'],
  ...Object.fromEntries(
    ['repo', 'org', 'user', 'label', 'author', 'assignee', 'created', 'updated', 'closed'].map((key) => [key, null]),
  ),
}

// Before anything is searched: an unknown term must not pass as one that nothing matches.
function requireKnown(terms: Term[]): void {
  for (const { key, values } of terms) {
    if (key === null) continue
    const name = key === 'type' || key === 'state' ? 'is' : key
    const known = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
    if (known === undefined) throw new NotImplemented(`the search term ${key}:`)
    const strange = known && values.find((value) => !known.includes(value.toLowerCase()))
    if (strange) throw new NotImplemented(`the search term ${key}:${strange}`)
  }
}

function isScope({ key }: Term): boolean {
  return key === 'repo' || key === 'org' || key === 'user'
}

function matches(thread: Thread, term: Term): boolean {
  return term.values.some((value) => matchesOne(thread, term.key, value.toLowerCase()))
}

function matchesOne(thread: Thread, key: string | null, value: string): boolean {
  switch (key) {
    case null:
      return `${thread.title}\n${thread.body}`.toLowerCase().includes(value)
    case 'is':
    case 'type':
    case 'state':
      return is(thread, value)
    case 'repo':
      return fullName(thread.repository).toLowerCase() === value
    case 'org':
    case 'user':
      return thread.repository.owner.login.toLowerCase() === value
    case 'label':
      return thread.labels.some(({ name }) => name.toLowerCase() === value)
    case 'author':
      return thread.author.login.toLowerCase().replace(/\[bot\]$/, '') === value.replace(/^app\//, '')
    case 'assignee':
      return thread.assignees.some(({ login }) => login.toLowerCase() === value)
    case 'no':
      return absent(thread, value)
    case 'in':
      // Titles and bodies are searched either way.
      return true
    case 'created':
      return matchesDate(thread.createdAt, value)
    case 'updated':
      return matchesDate(thread.updatedAt, value)
    case 'closed':
      return thread.closedAt !== null && matchesDate(thread.closedAt, value)
    case 'archived':
      return String(thread.repository.archived) === value
    default:
      return false
  }
}

function is(thread: Thread, what: string): boolean {
  switch (what) {
    case 'open':
      return thread.state === 'OPEN'
    case 'closed':
      return thread.state !== 'OPEN'
    case 'merged':
      return thread.state === 'MERGED'
    case 'issue':
      return thread.kind === 'Issue'
    case 'pr':
      return thread.kind === 'PullRequest'
    case 'draft':
      return thread.kind === 'PullRequest' && thread.draft
    case 'public':
      return !thread.repository.private
    case 'private':
      return thread.repository.private
    default:
      return false
  }
}

function absent(thread: Thread, what: string): boolean {
  return what === 'label' ? thread.labels.length === 0 : thread.assignees.length === 0
}
