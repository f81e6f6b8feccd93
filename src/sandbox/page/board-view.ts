// The board as the page draws it: columns in order, and their cards with what one needs to know at a glance.
import type { Person } from '../world/account.ts'
import { columnOf, fieldNamed, type Item, type Project } from '../world/board.ts'
import { checksOf, rollup, type State } from './state.ts'

/** `moved`: who put the card where it is, null where nobody is known to have. `back`: an app sent it back. */
export type CardView = {
  id: number
  kind: 'pull request' | 'issue' | 'draft'
  number: number | null
  title: string
  author: string
  closed: boolean
  column: string | null
  labels: LabelView[]
  checks: State | null
  moved: { by: string; back: boolean; from: string; at: string } | null
}

export type LabelView = { name: string; color: string }

export type BoardView = {
  title: string
  organization: string
  number: number
  people: { login: string; teams: string[] }[]
  columns: string[]
  cards: CardView[]
}

export function viewBoard(project: Project): BoardView {
  return {
    title: project.title,
    organization: project.owner.login,
    number: project.number,
    people: peopleOf(project),
    columns: columnsOf(project),
    cards: project.items.filter((item) => item.archivedAt === null).map(viewCard),
  }
}

export function viewCard(item: Item): CardView {
  const { content } = item
  const base = { id: item.id, title: content.title, column: columnOf(item) }
  if (content.kind === 'DraftIssue') {
    const none = { number: null, closed: false, labels: [], checks: null, moved: null }
    return { ...base, ...none, kind: 'draft', author: content.creator.login }
  }
  return {
    ...base,
    kind: content.kind === 'PullRequest' ? 'pull request' : 'issue',
    number: content.number,
    author: content.author.login,
    closed: content.state !== 'OPEN',
    labels: content.labels.map(({ name, color }) => ({ name, color })),
    checks: content.kind === 'PullRequest' ? rollup(checksOf(content)) : null,
    moved: lastMove(item),
  }
}

/** The people of the organization: whoever looks at the page may act as any of them. */
export function actors(project: Project): Person[] {
  const { owner } = project
  if (owner.kind !== 'Organization') return [owner]
  return [...owner.members.values()].flatMap(({ person, state }) => (state === 'active' ? [person] : []))
}

function columnsOf(project: Project): string[] {
  return fieldNamed(project, 'Status')?.options.map((option) => option.name) ?? []
}

function peopleOf(project: Project): BoardView['people'] {
  const { owner } = project
  const teams = owner.kind === 'Organization' ? [...owner.teams.values()] : []
  return actors(project).map((person) => ({
    login: person.login,
    teams: teams.filter((team) => team.members.get(person.id)?.state === 'active').map((team) => team.slug),
  }))
}

function lastMove(item: Item): CardView['moved'] {
  if (item.content.kind === 'DraftIssue') return null
  const entry = item.content.timeline.findLast(
    (each) => each.kind === 'ProjectV2ItemStatusChangedEvent' && each.item === item,
  )
  if (entry?.kind !== 'ProjectV2ItemStatusChangedEvent' || entry.actor === null) return null
  const { actor, previousStatus: from, status, createdAt: at } = entry
  const names = columnsOf(item.project)
  const back = actor.kind === 'Bot' && (status === '' || names.indexOf(status) < names.indexOf(from))
  return { by: actor.login, back, from, at }
}
