// Makes a card of GitHub's answer. The bodies people wrote end here: only the manifest is taken out of them.
import { COMMENT_MARKER } from '../core/decision/explain/comment.ts'
import { type Actor, sameActor } from '../core/facts/actor.ts'
import type { Card, Content, Label, OwnComment, Place, Pull, Review, TimelineMove } from '../core/facts/card.ts'
import { actorOf } from './actor-answer.ts'
import type { ContentAnswer, ItemAnswer, PullAnswer } from './card-answer.ts'
import { manifestOf, writtenAt } from './declared.ts'
import type { CommandComment } from './port.ts'
import { moveOf } from './status-change.ts'

const TYPES = { ISSUE: 'Issue', PULL_REQUEST: 'PullRequest', DRAFT_ISSUE: 'DraftIssue', REDACTED: 'Redacted' } as const

/** `fieldName`: the board's field, by its policy. `self`: the app's own account. */
export function translateCard(item: ItemAnswer, fieldName: string, self: Actor): Card {
  const { content, project } = item
  const found = project.fields.find((field) => field.name.toLowerCase() === fieldName.toLowerCase())
  const pull = pullUnderTest(item)
  const written = content && content.__typename !== 'DraftIssue' ? content : null
  return {
    address: { owner: project.owner.login, project: project.id, number: project.number, item: item.id },
    // A card whose content we may not see reads as redacted, whatever its type says.
    type: content === null ? 'Redacted' : TYPES[item.type],
    title: content?.title ?? '',
    archived: item.isArchived,
    field: found ? { id: found.id, name: found.name, options: found.options } : null,
    place: placeIn(item.fieldValues, found?.id ?? null),
    fields: otherFields(item, found?.id ?? null),
    timeline: written ? timelineOf(written, project.id, self) : [],
    content: written ? contentOf(written) : null,
    pull: pull ? translatePull(pull) : null,
    ...(written && { writtenAt: writtenAt(written, pull) }),
    manifest: written ? manifestOf(written, pull) : null,
    comment: written ? ownComment(written, self) : null,
  }
}

/** Where a card stands, by the value of one field. */
export function placeIn(values: ItemAnswer['fieldValues'], field: string | null): Place {
  const value = values.find((each) => each.field.id === field)
  if (!value || value.optionId === null) return { column: null, since: value?.updatedAt ?? null }
  return { column: { id: value.optionId, name: value.name ?? '' }, since: value.updatedAt }
}

function otherFields(item: ItemAnswer, column: string | null): NonNullable<Card['fields']> {
  const others = item.project.fields.filter((field) => field.id !== column)
  return Object.fromEntries(
    others.map(({ id, name, options }) => [
      name,
      {
        value: placeIn(item.fieldValues, id).column?.name ?? null,
        options: options.map((option) => option.name),
      },
    ]),
  )
}

/** Authors whose forks may be put under test by an issue's card. */
const OF_THE_HOUSE = ['OWNER', 'MEMBER', 'COLLABORATOR']

/**
 * The pull request whose head is under test: the card itself, else an open one that closes its issue. Of several,
 * one from a branch of the repository goes before one from a fork, then the newest counts. Whoever likes may write
 * "closes #7", out of a fork or in a repository of their own: theirs never count, for what is under test runs.
 */
export function pullUnderTest(item: ItemAnswer): PullAnswer | null {
  const { content } = item
  if (content?.__typename === 'PullRequest') return content
  if (content?.__typename !== 'Issue') return null
  const owner = ownerOf(content.repository.nameWithOwner)
  const open = content.linked.filter(
    (pull) =>
      !pull.closed &&
      ownerOf(pull.repository.nameWithOwner) === owner &&
      (!pull.isCrossRepository || OF_THE_HOUSE.includes(pull.authorAssociation)),
  )
  open.sort(
    (a, b) => Number(a.isCrossRepository) - Number(b.isCrossRepository) || b.createdAt.localeCompare(a.createdAt),
  )
  return open[0] ?? null
}

/**
 * The people's commands among the latest comments on the card's issue or pull request, and on the pull request under
 * test that closes its issue: oldest first. Bots give none.
 */
export function commandsOf(item: ItemAnswer): CommandComment[] {
  const { content } = item
  if (content === null || content.__typename === 'DraftIssue') return []
  const pull = content.__typename === 'Issue' ? pullUnderTest(item) : null
  const linked = content.__typename === 'Issue' ? content.linked.find(({ id }) => id === pull?.id) : undefined
  return [...content.comments, ...(linked?.comments ?? [])]
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt))
    .filter((comment) => /^[ \t]*\/andon\b/m.test(comment.body) && comment.author?.__typename !== 'Bot')
    .map((comment) => ({
      id: comment.id,
      url: comment.url,
      by: actorOf(comment.author),
      at: comment.createdAt,
      body: comment.body,
      edited: comment.lastEditedAt !== null,
    }))
}

/** Everyone who wrote one of these commits, once each. GitHub's own `web-flow` commits for people. */
export function committersOf(commits: PullAnswer['commits']['nodes']): Actor[] {
  const found: Actor[] = []
  for (const { commit } of commits) {
    for (const who of [...commit.authors.map((author) => author.user), commit.committer?.user ?? null]) {
      if (who === null || who.login === 'web-flow') continue
      const actor = actorOf(who)
      if (!found.some((other) => sameActor(other, actor))) found.push(actor)
    }
  }
  return found
}

function translatePull(pull: PullAnswer): Pull {
  return {
    id: pull.id,
    repository: pull.repository.nameWithOwner,
    repositoryId: pull.repository.id,
    number: pull.number,
    url: pull.url,
    open: !pull.closed,
    merged: pull.merged,
    sha: pull.headRefOid,
    author: actorOf(pull.author),
    committers: committersOf(pull.commits.nodes),
    reviews: reviewsOf(pull.reviews.list),
  }
}

export function reviewsOf(reviews: PullAnswer['reviews']['list']): Review[] {
  return reviews.map((review) => ({
    id: review.id,
    by: actorOf(review.author),
    state: review.state,
    sha: review.commit?.oid ?? null,
    at: review.submittedAt ?? '',
    url: review.url,
  }))
}

function contentOf(content: ContentAnswer & { __typename: 'Issue' | 'PullRequest' }): Content {
  const { repository } = content
  return {
    type: content.__typename,
    id: content.id,
    repository: repository.nameWithOwner,
    repositoryId: repository.id,
    defaultBranch: repository.defaultBranchRef?.name ?? '',
    defaultSha: repository.defaultBranchRef?.target?.oid ?? '',
    number: content.number,
    title: content.title,
    url: content.url,
    open: !content.closed,
    author: actorOf(content.author),
    assignees: content.assignees.map((assignee) => assignee.login),
    labels: content.labels.map((label) => ({ ...label, ...lastAdded(content, label.id) })),
  }
}

function lastAdded({ labelled }: ContentAnswer, label: string): Pick<Label, 'added'> {
  const last = labelled.findLast((event) => event.label.id === label)
  return last ? { added: { id: last.id, by: actorOf(last.actor) } } : {}
}

function timelineOf(content: ContentAnswer, project: string, self: Actor): TimelineMove[] {
  return content.timelineItems
    .filter((event) => event.project?.id === project)
    .map(moveOf)
    .map((move) => (sameActor(move.by, self) ? { ...move, own: true } : move))
}

/** The marker alone proves nothing, anybody can copy it: its author must be the app too. */
function ownComment(content: ContentAnswer, self: Actor): OwnComment | null {
  const own = content.comments.find(
    ({ body, author }) =>
      body.includes(COMMENT_MARKER) && author?.__typename === 'Bot' && sameActor(actorOf(author), self),
  )
  return own ? { id: own.id, url: own.url } : null
}

function ownerOf(repository: string): string {
  return repository.split('/')[0]?.toLowerCase() ?? ''
}
