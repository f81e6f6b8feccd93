// Issues and pull requests, and what people write on them.
import type { Person } from './account.ts'
import type { Item } from './board.ts'
import type { Repository } from './repository.ts'
import type { TimelineEvent } from './timeline.ts'

export type Label = {
  kind: 'Label'
  id: number
  node: string
  repository: Repository
  name: string
  color: string
  description: string | null
  createdAt: string
}

export type Reaction = { id: number; node: string; content: string; person: Person; createdAt: string }

/** `editedAt` is null while nobody has edited it. */
export type Comment = {
  kind: 'IssueComment'
  id: number
  node: string
  thread: Thread
  author: Person
  body: string
  reactions: Reaction[]
  createdAt: string
  updatedAt: string
  editedAt: string | null
}

type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'

/** `commit` is the commit reviewed, and stays when the head moves on. */
export type Review = {
  kind: 'PullRequestReview'
  id: number
  node: string
  pull: Pull
  author: Person
  state: ReviewState
  body: string
  commit: string
  submittedAt: string
  updatedAt: string
}

type ThreadBase = {
  id: number
  node: string
  repository: Repository
  number: number
  title: string
  body: string
  author: Person
  locked: boolean
  labels: Label[]
  assignees: Person[]
  comments: Comment[]
  reactions: Reaction[]
  timeline: TimelineEvent[]
  items: Item[]
  /** When the body was last edited; null while nobody has. */
  editedAt: string | null
  createdAt: string
  updatedAt: string
  closedAt: string | null
}

/** `closers` are the pull requests that say they close it. */
export type Issue = ThreadBase & {
  kind: 'Issue'
  state: 'OPEN' | 'CLOSED'
  stateReason: 'COMPLETED' | 'NOT_PLANNED' | 'REOPENED' | null
  closers: Set<Pull>
}

/** `links` were made by hand in the side bar; those that the body names are in `closes` as well. */
export type Pull = ThreadBase & {
  kind: 'PullRequest'
  state: 'OPEN' | 'CLOSED' | 'MERGED'
  draft: boolean
  base: { ref: string; sha: string }
  head: { ref: string; sha: string; repository: Repository | null; owner: Person | Repository['owner'] }
  reviews: Review[]
  links: Set<Issue>
  closes: Set<Issue>
  mergedAt: string | null
  mergedBy: Person | null
  mergeCommit: string | null
}

export type Thread = Issue | Pull

/** GitHub's limit for a comment's and a body's length, in characters. */
export const BODY_LIMIT = 65_536
/** Comments after which GitHub takes no more on one issue or pull request. */
export const COMMENT_COUNT_LIMIT = 2_500
