// Reviews of pull requests: each is bound to the commit that was reviewed, and stays when the head moves on.
import type { Person } from './account.ts'
import { announce } from './announce.ts'
import { nodeId } from './node-id.ts'
import { reviewPayload, simplePull } from './payloads/pull.ts'
import { Refusal } from './refusal.ts'
import { requireRole } from './roles.ts'
import type { Pull, Review } from './thread.ts'
import type { World } from './world.ts'

/** Nobody may approve or object to a pull request of their own. */
export function review(
  world: World,
  by: Person,
  pull: Pull,
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED',
  more: { body?: string; commit?: string } = {},
): Review {
  requireRole(by, pull.repository, 'read')
  if (pull.author === by && state !== 'COMMENTED') {
    const what = state === 'APPROVED' ? 'approve' : 'request changes on'
    throw new Refusal('invalid', `Can not ${what} your own pull request`)
  }
  const id = world.nextId('review')
  const written: Review = {
    kind: 'PullRequestReview',
    id,
    node: nodeId('PullRequestReview', pull.repository.id, id),
    pull,
    author: by,
    state,
    body: more.body ?? '',
    commit: more.commit ?? pull.head.sha,
    submittedAt: world.now(),
    updatedAt: world.now(),
  }
  pull.reviews.push(written)
  world.register(written)
  tell(world, by, written, 'submitted')
  return written
}

export function editReview(world: World, by: Person, edited: Review, body: string): void {
  requireRole(by, edited.pull.repository, edited.author === by ? 'read' : 'write')
  const before = edited.body
  edited.body = body
  edited.updatedAt = world.now()
  tell(world, by, edited, 'edited', { changes: { body: { from: before } } })
}

export function dismissReview(world: World, by: Person, dismissed: Review, _message: string): void {
  requireRole(by, dismissed.pull.repository, 'write')
  if (dismissed.state !== 'APPROVED' && dismissed.state !== 'CHANGES_REQUESTED') {
    throw new Refusal('invalid', 'Can not dismiss a commented pull request review')
  }
  dismissed.state = 'DISMISSED'
  dismissed.updatedAt = world.now()
  tell(world, by, dismissed, 'dismissed')
}

/** Of each reviewer the latest review that takes a stand: approval, objection, or a dismissed one of these. */
export function latestOpinions(pull: Pull): Review[] {
  const latest = new Map<number, Review>()
  for (const review of pull.reviews)
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING') latest.set(review.author.id, review)
  return [...latest.values()]
}

function tell(world: World, by: Person, written: Review, action: string, more: Record<string, unknown> = {}): void {
  const { pull } = written
  pull.updatedAt = world.now()
  const body = { review: reviewPayload(world, written, 'webhook'), pull_request: simplePull(world, pull), ...more }
  announce(world, { event: 'pull_request_review', action, by, repository: pull.repository, body })
  world.changed({ what: 'thread', repository: pull.repository, number: pull.number })
}
