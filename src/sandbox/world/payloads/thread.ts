// Issues, labels, comments and reactions as GitHub's REST API and webhooks show them.
import type { App } from '../app.ts'
import type { Comment, Label, Pull, Reaction, Thread } from '../thread.ts'
import type { World } from '../world.ts'
import { appPayload, authorAssociation, simpleUser } from './account.ts'
import { repositoryApi, threadPage } from './address.ts'

export function labelPayload(world: World, label: Label) {
  return {
    id: label.id,
    node_id: label.node,
    url: `${repositoryApi(world, label.repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  }
}

const REACTIONS = {
  THUMBS_UP: '+1',
  THUMBS_DOWN: '-1',
  LAUGH: 'laugh',
  HOORAY: 'hooray',
  CONFUSED: 'confused',
  HEART: 'heart',
  ROCKET: 'rocket',
  EYES: 'eyes',
} as const

/** Counts of reactions, by GitHub's names for them in REST. */
function reactionsPayload(reactions: Reaction[], url: string) {
  const counts = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 }
  for (const reaction of reactions) counts[REACTIONS[reaction.content as keyof typeof REACTIONS]] += 1
  return { url: `${url}/reactions`, total_count: reactions.length, ...counts }
}

/** An issue; a pull request is shown in the same form where GitHub treats it as an issue. */
export function issuePayload(world: World, thread: Thread) {
  const api = repositoryApi(world, thread.repository)
  const url = `${api}/issues/${thread.number}`
  const author = thread.author
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: threadPage(world, thread),
    id: thread.id,
    node_id: thread.node,
    number: thread.number,
    title: thread.title,
    user: simpleUser(world, author),
    labels: thread.labels.map((label) => labelPayload(world, label)),
    state: thread.state === 'OPEN' ? ('open' as const) : ('closed' as const),
    locked: thread.locked,
    assignee: thread.assignees[0] ? simpleUser(world, thread.assignees[0]) : null,
    assignees: thread.assignees.map((person) => simpleUser(world, person)),
    milestone: null,
    comments: thread.comments.length,
    created_at: thread.createdAt,
    updated_at: thread.updatedAt,
    closed_at: thread.closedAt,
    author_association: authorAssociation(author, thread.repository.owner),
    active_lock_reason: null,
    body: thread.body === '' ? null : thread.body,
    reactions: reactionsPayload(thread.reactions, url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: author.app ? performer(world, author.app) : null,
    state_reason: thread.kind === 'Issue' ? (thread.stateReason?.toLowerCase() ?? null) : null,
    ...(thread.kind === 'PullRequest' ? { draft: thread.draft, pull_request: pullLinks(world, thread) } : {}),
  }
}

export function commentPayload(world: World, comment: Comment) {
  const api = repositoryApi(world, comment.thread.repository)
  const url = `${api}/issues/comments/${comment.id}`
  return {
    url,
    html_url: `${threadPage(world, comment.thread)}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.thread.number}`,
    id: comment.id,
    node_id: comment.node,
    user: simpleUser(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    // On comments GitHub does say MEMBER where the issue's own payload says CONTRIBUTOR.
    author_association:
      authorAssociation(comment.author, comment.thread.repository.owner) === 'CONTRIBUTOR' ? 'MEMBER' : 'NONE',
    reactions: reactionsPayload(comment.reactions, url),
    performed_via_github_app: comment.author.app ? appPayload(world, comment.author.app) : null,
  }
}

function pullLinks(world: World, pull: Pull) {
  const page = threadPage(world, pull)
  return {
    url: `${repositoryApi(world, pull.repository)}/pulls/${pull.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: pull.mergedAt,
  }
}

/** Of the events that an app hears, GitHub's schema of webhooks names none of a board here. */
function performer(world: World, app: App) {
  const shown = appPayload(world, app)
  return { ...shown, events: shown.events.filter((event) => !event.startsWith('projects_v2')) }
}
