// What each person last said of the change, in reviews and by command.
import type { Actor } from '../facts/actor.ts'
import type { Review } from '../facts/card.ts'
import type { Approval, Context } from './gate.ts'

/** `about`: what it was said of, seen from now; only what was said of `this change` can count. */
export type Opinion = {
  by: Actor
  at: string
  says: 'approved' | 'changes-requested' | 'dismissed'
  about:
    | 'this change'
    | 'an older commit'
    | 'the change before its manifest was edited'
    | 'the change before its description was edited'
    | 'the change under an earlier policy'
    | 'another change'
    | 'a change that is not resolved'
  url: string
}

/** The latest opinion of each person, in the order in which they were first heard. Comments are no opinion. */
export function latestOpinions(context: Context): Opinion[] {
  const latest = new Map<string, Opinion>()
  for (const opinion of allOpinions(context)) {
    const person = opinion.by.id === 0 ? opinion.by.login.toLowerCase() : `${opinion.by.id}`
    const before = latest.get(person)
    if (before === undefined || !(Date.parse(opinion.at) < Date.parse(before.at))) latest.set(person, opinion)
  }
  return [...latest.values()]
}

function allOpinions(context: Context): Opinion[] {
  const { card, approvals } = context
  const reviewed = (card.pull?.reviews ?? []).flatMap((review): Opinion[] => {
    const says = SAYS[review.state]
    return says === null
      ? []
      : [{ by: review.by, at: review.at, says, about: aboutReview(review, context), url: review.url }]
  })
  const commanded = approvals.map(
    (approval): Opinion => ({
      by: approval.by,
      at: approval.at,
      says: 'approved',
      about: aboutCommand(approval, context),
      url: approval.url,
    }),
  )
  return [...reviewed, ...commanded]
}

const SAYS = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  DISMISSED: 'dismissed',
  COMMENTED: null,
  PENDING: null,
} as const

function aboutReview({ id, sha, state, at }: Review, context: Context): Opinion['about'] {
  if (sha === null || sha !== context.commit?.sha) return 'an older commit'
  // An objection is to the commit: editing what is said of it does not settle it.
  if (state !== 'APPROVED') return 'this change'
  if (!isResolved(context)) return 'a change that is not resolved'
  if (!Object.hasOwn(context.reviewed, id)) return 'the change before its description was edited'
  if (context.reviewed[id] !== context.change?.digest) return 'the change before its manifest was edited'
  return underPolicy(at, context)
}

function aboutCommand({ change, at }: Approval, context: Context): Opinion['about'] {
  if (context.change?.digest !== change) return 'another change'
  return isResolved(context) ? underPolicy(at, context) : 'a change that is not resolved'
}

/** GitHub tells instants with and without milliseconds. */
function underPolicy(at: string, { policySince }: Context): Opinion['about'] {
  const earlier = policySince && !(Date.parse(at) >= Date.parse(policySince))
  return earlier ? 'the change under an earlier policy' : 'this change'
}

/** Nobody can approve what is not known: a change counts as known once every part of its manifest has a digest. */
function isResolved({ change }: Context): boolean {
  return change?.parts.every((part) => part.digest !== null) ?? false
}
