// Writes entries into a thread's timeline.
import type { Person } from './account.ts'
import { nodeId } from './node-id.ts'
import type { Thread } from './thread.ts'
import type { TimelineEvent } from './timeline.ts'
import type { World } from './world.ts'

/** What an entry says beside who, when and where. */
type Own<T> = T extends TimelineEvent ? Omit<T, 'id' | 'node' | 'thread' | 'actor' | 'createdAt' | 'at'> : never

/** Appends an entry to the thread's timeline. */
export function log(world: World, thread: Thread, actor: Person, entry: Own<TimelineEvent>): TimelineEvent {
  const id = world.nextId('event')
  const node = nodeId(prefixOf(entry.kind), thread.repository.id, id)
  const written = { ...entry, id, node, thread, actor, createdAt: world.now(), at: world.time() } as TimelineEvent
  thread.timeline.push(written)
  if (written.kind !== 'IssueComment') world.register(written)
  return written
}

/** Entries that GitHub already shows: those of the board may lag behind the board itself. */
export function visibleTimeline(world: World, thread: Thread): TimelineEvent[] {
  const lag = world.quirks.timelineLag * 1000
  if (lag === 0) return thread.timeline
  const until = world.time() - lag
  return thread.timeline.filter((entry) => entry.kind !== 'ProjectV2ItemStatusChangedEvent' || entry.at <= until)
}

function prefixOf(kind: TimelineEvent['kind']) {
  switch (kind) {
    case 'ProjectV2ItemStatusChangedEvent':
    case 'AddedToProjectV2Event':
    case 'RemovedFromProjectV2Event':
      return kind
    default:
      return 'Event'
  }
}
