// Entries of a timeline.
import { seesBoard } from '../../world/access.ts'
import type {
  AssignedEntry,
  ForcePushedEntry,
  LabelEntry,
  MergedEntry,
  ProjectEntry,
  RenamedEntry,
  StateEntry,
  StatusChanged,
  TimelineEvent,
} from '../../world/timeline.ts'
import type { Fields, Resolvers } from '../context.ts'
import { gitNode } from './git.ts'

const entry: Fields<TimelineEvent> = {
  id: ({ node }) => node,
  actor: ({ actor }) => actor,
  createdAt: ({ createdAt }) => createdAt,
}

const project: Fields<ProjectEntry | StatusChanged> = {
  ...(entry as Fields<ProjectEntry | StatusChanged>),
  project: (source, _, { viewer }) => (seesBoard(viewer, source.project) ? source.project : null),
  wasAutomated: ({ wasAutomated }) => wasAutomated,
}

const label: Fields<LabelEntry> = {
  ...(entry as Fields<LabelEntry>),
  label: (source) => source.label,
  labelable: ({ thread }) => thread,
}

const assigned: Fields<AssignedEntry> = {
  ...(entry as Fields<AssignedEntry>),
  assignee: ({ assignee }) => assignee,
  assignable: ({ thread }) => thread,
}

export const timelineFields: Resolvers = {
  ProjectV2ItemStatusChangedEvent: {
    ...(project as Fields<StatusChanged>),
    previousStatus: ({ previousStatus }: StatusChanged) => previousStatus,
    status: ({ status }: StatusChanged) => status,
  },
  AddedToProjectV2Event: project,
  RemovedFromProjectV2Event: project,
  LabeledEvent: label,
  UnlabeledEvent: label,
  AssignedEvent: assigned,
  UnassignedEvent: assigned,
  RenamedTitleEvent: {
    ...(entry as Fields<RenamedEntry>),
    previousTitle: ({ previousTitle }: RenamedEntry) => previousTitle,
    currentTitle: ({ currentTitle }: RenamedEntry) => currentTitle,
    subject: ({ thread }: RenamedEntry) => thread,
  },
  ClosedEvent: { ...(entry as Fields<StateEntry>), closable: ({ thread }: StateEntry) => thread },
  ReopenedEvent: { ...(entry as Fields<StateEntry>), closable: ({ thread }: StateEntry) => thread },
  MergedEvent: {
    ...(entry as Fields<MergedEntry>),
    commit: ({ thread, commit }: MergedEntry) => gitNode(thread.repository, commit),
    pullRequest: ({ thread }: MergedEntry) => thread,
    mergeRefName: ({ thread }: MergedEntry) => (thread.kind === 'PullRequest' ? thread.base.ref : ''),
  },
  HeadRefForcePushedEvent: {
    ...(entry as Fields<ForcePushedEntry>),
    beforeCommit: ({ thread, before }: ForcePushedEntry) => gitNode(thread.repository, before),
    afterCommit: ({ thread, after }: ForcePushedEntry) => gitNode(thread.repository, after),
    pullRequest: ({ thread }: ForcePushedEntry) => thread,
  },
}
