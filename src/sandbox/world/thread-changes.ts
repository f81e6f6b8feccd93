// What issues and pull requests have in common: how a change of one is announced, and how they are found.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import { pullPayload } from './payloads/pull.ts'
import { issuePayload } from './payloads/thread.ts'
import { Refusal } from './refusal.ts'
import type { Repository } from './repository.ts'
import { BODY_LIMIT, type Thread } from './thread.ts'
import type { World } from './world.ts'

/** Sends `issues` or `pull_request` with that action, and marks the thread as changed. */
export function tellThread(
  world: World,
  by: Person,
  thread: Thread,
  action: string,
  more: Record<string, unknown> = {},
): void {
  thread.updatedAt = world.now()
  const { repository } = thread
  if (action === 'opened' || action === 'reopened') repository.openThreads += 1
  if (action === 'closed') repository.openThreads -= 1
  if (thread.kind === 'Issue') {
    announce(world, { event: 'issues', action, by, repository, body: { issue: issuePayload(world, thread), ...more } })
  } else {
    const body = { number: thread.number, pull_request: pullPayload(world, thread), ...more }
    announce(world, { event: 'pull_request', action, by, repository, body })
  }
  world.changed({ what: 'thread', repository, number: thread.number })
}

/** The next number that issues and pull requests of the repository share. */
export function nextNumber(repository: Repository): number {
  // Numbers are given in order and never taken back.
  return repository.threads.size + 1
}

/** Throws for a title or body that GitHub would not take. */
export function checkTexts(texts: { title?: string; body?: string }): void {
  if (texts.title !== undefined && texts.title.trim() === '') {
    throw new Refusal('invalid', "Title can't be blank", { field: 'title', detail: 'missing_field' })
  }
  if ((texts.title?.length ?? 0) > 256) {
    throw new Refusal('invalid', 'Title is too long (maximum is 256 characters)', {
      field: 'title',
      detail: 'too_long',
    })
  }
  if ((texts.body?.length ?? 0) > BODY_LIMIT) {
    throw new Refusal('invalid', `Body is too long (maximum is ${BODY_LIMIT} characters)`, { field: 'body' })
  }
}
