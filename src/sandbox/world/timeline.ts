// The entries of an issue's or pull request's timeline, named as GraphQL names them.
import type { Person } from './account.ts'
import type { Item, Project } from './board.ts'
import type { Comment, Label, Thread } from './thread.ts'

type Entry = { id: number; node: string; thread: Thread; actor: Person | null; createdAt: string; at: number }

/** `status` and `previousStatus` are names, not option ids, and `''` where there was none. */
export type StatusChanged = Entry & {
  kind: 'ProjectV2ItemStatusChangedEvent'
  project: Project
  item: Item
  previousStatus: string
  status: string
  wasAutomated: boolean
}

export type ProjectEntry = Entry & {
  kind: 'AddedToProjectV2Event' | 'RemovedFromProjectV2Event'
  project: Project
  wasAutomated: boolean
}

export type LabelEntry = Entry & { kind: 'LabeledEvent' | 'UnlabeledEvent'; label: Label }
export type AssignedEntry = Entry & { kind: 'AssignedEvent' | 'UnassignedEvent'; assignee: Person }
export type RenamedEntry = Entry & { kind: 'RenamedTitleEvent'; previousTitle: string; currentTitle: string }
export type StateEntry = Entry & { kind: 'ClosedEvent' | 'ReopenedEvent' }
export type MergedEntry = Entry & { kind: 'MergedEvent'; commit: string }
export type ForcePushedEntry = Entry & { kind: 'HeadRefForcePushedEvent'; before: string; after: string }
type CommentEntry = Entry & { kind: 'IssueComment'; comment: Comment }

export type TimelineEvent =
  | StatusChanged
  | ProjectEntry
  | LabelEntry
  | AssignedEntry
  | RenamedEntry
  | StateEntry
  | MergedEntry
  | ForcePushedEntry
  | CommentEntry
