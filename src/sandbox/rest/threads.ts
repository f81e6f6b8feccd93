// Issues (and pull requests as issues), their comments, labels and reactions.

import { type Answer, type Call, notFound, ok, page, text } from '../server/exchange.ts'
import { comment, deleteComment, editComment, react } from '../world/comments.ts'
import { assign, closeIssue, editIssue, openIssue, reopenIssue, unassign } from '../world/issues.ts'
import { addLabel, removeLabel } from '../world/labels.ts'
import { simpleUser } from '../world/payloads/account.ts'
import { commentPayload, issuePayload, labelPayload } from '../world/payloads/thread.ts'
import { closePull, editPull, reopenPull } from '../world/pulls.ts'
import { requireRole } from '../world/roles.ts'
import type { Comment, Label, Reaction, Thread } from '../world/thread.ts'
import { whoActs } from './dispatch.ts'
import { repositoryOf, requireThread, threadOf } from './target.ts'

export function getIssue(call: Call): Answer {
  return ok(shownIssue(call, threadOf(call)))
}

/** Unknown labels become new ones; who cannot be assigned is left out without a word. */
export function createIssue(call: Call): Answer {
  const repository = repositoryOf(call)
  const wish = { title: String(call.body.title ?? ''), body: text(call, 'body') ?? '' }
  const issue = openIssue(call.world, whoActs(call), repository, {
    ...wish,
    labels: labelNames(call.body.labels ?? []),
  })
  if (Array.isArray(call.body.assignees)) replaceAssignees(call, issue, call.body.assignees as string[])
  return ok(shownIssue(call, issue), 201)
}

/** Title, body, state, labels and assignees; labels and assignees are replaced as a whole. */
export function updateIssue(call: Call): Answer {
  const thread = threadOf(call)
  const { world } = call
  const by = whoActs(call)
  const texts = {
    ...(call.body.title !== undefined && { title: String(call.body.title ?? '') }),
    ...(call.body.body !== undefined && { body: text(call, 'body') ?? '' }),
  }
  if (thread.kind === 'Issue') editIssue(world, by, thread, texts)
  else editPull(world, by, thread, texts)
  if (Array.isArray(call.body.labels)) replaceLabels(call, thread, labelNames(call.body.labels))
  if (Array.isArray(call.body.assignees)) replaceAssignees(call, thread, call.body.assignees as string[])
  if (call.body.state === 'closed') {
    const reason = call.body.state_reason === 'not_planned' ? 'NOT_PLANNED' : 'COMPLETED'
    if (thread.kind === 'Issue') closeIssue(world, by, thread, reason)
    else closePull(world, by, thread)
  }
  if (call.body.state === 'open' && thread.state !== 'OPEN') {
    if (thread.kind === 'Issue') reopenIssue(world, by, thread)
    else reopenPull(world, by, thread)
  }
  return ok(shownIssue(call, thread))
}

function shownIssue(call: Call, thread: Thread) {
  const issue = issuePayload(call.world, thread)
  if (call.apiVersion === '2022-11-28') return { ...issue, closed_by: null }
  const { assignee: _, ...rest } = issue
  return { ...rest, closed_by: null }
}

function replaceLabels(call: Call, thread: Thread, names: string[]): void {
  const by = whoActs(call)
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  for (const label of [...thread.labels]) {
    if (!wanted.has(label.name.toLowerCase())) removeLabel(call.world, by, thread, label.name)
  }
  for (const name of names) addLabel(call.world, by, thread, name)
}

/** Who cannot be assigned is left out without a word, as on GitHub. */
function replaceAssignees(call: Call, thread: Thread, logins: string[]): void {
  const by = whoActs(call)
  const wanted = logins.flatMap((login) => call.world.people.get(login.toLowerCase()) ?? [])
  for (const person of [...thread.assignees]) if (!wanted.includes(person)) unassign(call.world, by, thread, person)
  for (const person of wanted) assign(call.world, by, thread, person)
}

export function listComments(call: Call): Answer {
  const since = call.query.since === undefined ? '' : String(call.query.since)
  const comments = threadOf(call).comments.filter((one) => one.updatedAt >= since)
  return page(call, comments, (one) => commentPayload(call.world, one))
}

export function createComment(call: Call): Answer {
  const written = comment(call.world, whoActs(call), threadOf(call), text(call, 'body') ?? '')
  return ok(commentPayload(call.world, written), 201)
}

export function getComment(call: Call): Answer {
  return ok(commentPayload(call.world, commentOf(call)))
}

export function updateComment(call: Call): Answer {
  const edited = editComment(call.world, whoActs(call), commentOf(call), text(call, 'body') ?? '')
  return ok(commentPayload(call.world, edited))
}

export function removeComment(call: Call): Answer {
  deleteComment(call.world, whoActs(call), commentOf(call))
  return { status: 204 }
}

export function listLabels(call: Call): Answer {
  return page(call, threadOf(call).labels, (label) => labelPayload(call.world, label))
}

export function addLabels(call: Call): Answer {
  const thread = threadOf(call)
  for (const name of labelNames(call.body.labels ?? [])) addLabel(call.world, whoActs(call), thread, name)
  return ok(labelsOf(call, thread))
}

export function deleteLabel(call: Call): Answer {
  const thread = threadOf(call)
  removeLabel(call.world, whoActs(call), thread, String(call.path.name))
  return ok(labelsOf(call, thread))
}

const labelsOf = (call: Call, thread: Thread): unknown[] =>
  thread.labels.map((label: Label) => labelPayload(call.world, label))

function labelNames(given: unknown): string[] {
  return (given as (string | { name?: string })[]).map((one) => (typeof one === 'string' ? one : (one.name ?? '')))
}

/** REST's names for reactions, and GraphQL's, which the world keeps. */
const reactions: Record<string, string> = {
  '+1': 'THUMBS_UP',
  '-1': 'THUMBS_DOWN',
  laugh: 'LAUGH',
  hooray: 'HOORAY',
  confused: 'CONFUSED',
  heart: 'HEART',
  rocket: 'ROCKET',
  eyes: 'EYES',
}

export function listReactions(call: Call): Answer {
  const wanted = call.query.content === undefined ? undefined : reactions[String(call.query.content)]
  const all = commentOf(call).reactions.filter((one) => wanted === undefined || one.content === wanted)
  return page(call, all, (one) => reactionPayload(call, one))
}

/** 201 for a new reaction, 200 where the same one was there. */
export function createReaction(call: Call): Answer {
  const subject = commentOf(call)
  const by = whoActs(call)
  requireRole(by, subject.thread.repository, 'read')
  const before = subject.reactions.length
  const reaction = react(call.world, by, subject, reactions[String(call.body.content)] ?? '')
  return ok(reactionPayload(call, reaction), subject.reactions.length > before ? 201 : 200)
}

function reactionPayload(call: Call, reaction: Reaction) {
  const content = Object.keys(reactions).find((name) => reactions[name] === reaction.content)
  const user = simpleUser(call.world, reaction.person)
  return { id: reaction.id, node_id: reaction.node, user, content, created_at: reaction.createdAt }
}

function commentOf(call: Call): Comment {
  const repository = repositoryOf(call)
  const found = call.world.comments.get(Number(call.path.comment_id))
  if (!found || found.thread.repository !== repository) throw notFound()
  requireThread(call, found.thread)
  return found
}
