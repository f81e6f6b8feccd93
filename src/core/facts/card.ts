// A card as one read of GitHub found it: its place on the board and what it holds.
import type { Actor } from './actor.ts'
import type { ManifestText } from './manifest.ts'

/** Where a card lives. `project` and `item` are GraphQL node ids; `number` is the project's number in `owner`. */
export type CardAddress = { owner: string; project: string; number: number; item: string }

/** One option of the board's single-select field. */
export type Column = { id: string; name: string }

/** `since`: when the field got its present value (ISO 8601, UTC); null where the field never had one. */
export type Place = { column: Column | null; since: string | null }

/** One move as the timeline of the issue or pull request tells it. Names, not ids; '' where there was no status. `own`: by us. */
export type TimelineMove = {
  id: string
  from: string
  to: string
  by: Actor
  at: string
  automated: boolean
  own?: true
}

/** `added`: the timeline's entry of its last adding, and by whom; absent where that is long ago. */
export type Label = { id: string; name: string; added?: { id: string; by: Actor } }

/** The issue or pull request on the card. `id` is its GraphQL node id. */
export type Content = {
  type: 'Issue' | 'PullRequest'
  id: string
  repository: string
  repositoryId: string
  defaultBranch: string
  /** Head of the default branch: the commit under test where there is no pull request. */
  defaultSha: string
  number: number
  title: string
  url: string
  open: boolean
  author: Actor
  assignees: string[]
  labels: Label[]
}

/** `state` as GraphQL spells it; `sha` is the commit reviewed, null where GitHub has lost it. */
export type Review = {
  id: string
  by: Actor
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  sha: string | null
  at: string
  url: string
}

/** The pull request whose head is under test: the card itself, or the open one that closes the card's issue. */
export type Pull = {
  id: string
  repository: string
  repositoryId: string
  number: number
  url: string
  open: boolean
  merged: boolean
  sha: string
  author: Actor
  /** Everyone who wrote a commit of it, as far as GitHub knows their accounts. */
  committers: Actor[]
  reviews: Review[]
}

export type OwnComment = { id: string; url: string }

/**
 * Everything of a card but the answers to a gate's own questions. The bodies people wrote are not part of it:
 * the reader takes the manifest out of them, and nothing else of them enters the record.
 */
export type Card = {
  address: CardAddress
  type: 'Issue' | 'PullRequest' | 'DraftIssue' | 'Redacted'
  title: string
  archived: boolean
  /** Node id of the board's field, and its options in order; empty where the board has no such field. */
  field: { id: string; name: string; options: Column[] } | null
  place: Place
  /** The board's other single-select fields by name: this card's value, and what it may be. Older entries have none. */
  fields?: Record<string, { value: string | null; options: string[] }>
  /** The latest moves on this board, oldest first; empty for a draft, and GitHub may lag behind the board. */
  timeline: TimelineMove[]
  content: Content | null
  pull: Pull | null
  /**
   * Since when the descriptions that may hold the manifest read as they do: the latest edit of them, whatever was edited.
   * Absent for a draft, and in older entries.
   */
  writtenAt?: string
  /** The change's manifest as its author declared it, not yet parsed; null where none was found. */
  manifest: ManifestText | null
  /** Andon's own comment on this card, where it stands. */
  comment: OwnComment | null
}

/** `floating`: no pull request and no manifest names it; it is the default branch's head, and bears no check runs. */
export type Commit = { repository: string; sha: string; floating: boolean }

/**
 * The commit under test: the pull request's head, else the manifest's own `commit`, else the head of the default
 * branch (`pinned` while a move is open, so that a push elsewhere does not void it); null for a draft.
 */
export function commitUnderTest(card: Card, named: string | null = null, pinned: string | null = null): Commit | null {
  if (card.pull) return { repository: card.pull.repository, sha: card.pull.sha, floating: false }
  if (card.content === null) return null
  const { repository, defaultSha } = card.content
  return named === null
    ? { repository, sha: pinned ?? defaultSha, floating: true }
    : { repository, sha: named, floating: false }
}

/** GitHub takes two names of a label for the same, whatever their case. */
export function sameLabel(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Whether the card's issue or pull request bears the label. */
export function bears({ content }: Card, label: string): boolean {
  return content?.labels.some(({ name }) => sameLabel(name, label)) ?? false
}

/** Who opened the issue, where the issue is what declares the change; whoever only reported what it mends has no part in it. */
export function declarerOf({ content, pull, manifest }: Card): Actor | null {
  if (content === null || content.type === 'PullRequest') return null
  return pull === null || manifest?.source === 'issue' ? content.author : null
}

/** The name of the ledger's stream for one card. */
export function cardStream(item: string): string {
  return `card:${item}`
}
