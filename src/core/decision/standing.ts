// Since when Andon knows the present change to stand, and so whether a command can have been meant for it.
import type { Card, Commit } from '../facts/card.ts'
import type { Change } from '../facts/change.ts'
import type { Event, PolicyRef } from '../facts/event.ts'
import { sameValue } from '../facts/stable.ts'
import { OUTDATED } from './explain/command-words.ts'
import type { Move } from './move.ts'

type Found = { change: Change | null; commit: Commit | null }

/** What follows from a read of the card for `Move.changeSince`. */
export function changeSince(move: Move, seen: Extract<Event, { kind: 'card-seen' }>): string | null {
  if (seen.change === null) return null
  return move.seen && sameChange(move.seen, seen) ? move.changeSince : seen.at
}

/**
 * Why a command written at that time cannot be taken for one about the present change; null where it can. GitHub does
 * not tell when a commit became a pull request's head, and its author sets a commit's own date at will: only what Andon
 * saw itself proves that the change stood already.
 */
export function outdated(
  at: string,
  move: Move,
  now: Found & { card: Card; policy: Pick<PolicyRef, 'since'> },
): string | null {
  const { writtenAt } = now.card
  if (writtenAt !== undefined && !isAfter(at, writtenAt)) return OUTDATED.edited(writtenAt)
  const since = move.seen && sameChange(move.seen, now) ? move.changeSince : null
  if (since === null || !isAfter(at, since)) return OUTDATED.unseen()
  return now.policy.since === null || isAfter(at, now.policy.since) ? null : OUTDATED.policy(now.policy.since)
}

/** Where nothing names the commit it is the default branch's head, whose pushes are no edit of this change's parts. */
function sameChange(before: Found, now: Found): boolean {
  if (before.change === null || now.change === null) return false
  if (before.change.digest === now.change.digest) return true
  const named = ({ manifest, parts }: Change) => ({ manifest, parts })
  return (
    before.commit?.floating === true &&
    now.commit?.floating === true &&
    sameValue(named(before.change), named(now.change))
  )
}

/**
 * GitHub tells instants to the second: in the same one, nobody knows which came first. Nothing comes after a time that
 * cannot be read.
 */
export function isAfter(at: string, other: string): boolean {
  return Date.parse(at) > Date.parse(other)
}
