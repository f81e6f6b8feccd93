// One card as the side panel shows it: its description, checks, reviews, comments and labels.
import type { Item } from '../world/board.ts'
import type { Pull, Thread } from '../world/thread.ts'
import { type CardView, type LabelView, viewCard } from './board-view.ts'
import { type MarkdownNode, readMarkdown } from './markdown.ts'
import { checkState, checksOf, type State } from './state.ts'

export type CardDetail = CardView & {
  body: MarkdownNode[]
  repository: string | null
  /** Of a pull request: its branch and the first digits of its head commit. */
  head: { branch: string; sha: string } | null
  checkRuns: {
    id: number
    name: string
    state: State
    title: string | null
    summary: MarkdownNode[]
    link: string | null
  }[]
  reviews: { id: number; author: string; word: string; at: string; outdated: boolean; body: string }[]
  comments: { id: number; author: string; bot: boolean; at: string; edited: boolean; body: MarkdownNode[] }[]
  /** Every label of the repository, and whether the card bears it. */
  labelsOffered: (LabelView & { on: boolean; description: string | null })[]
}

const REVIEWS = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'requested changes',
  COMMENTED: 'commented',
  DISMISSED: 'was dismissed',
  PENDING: 'has not finished',
}

export function viewDetail(item: Item): CardDetail {
  const { content } = item
  const base = { ...viewCard(item), body: readMarkdown(content.body) }
  if (content.kind === 'DraftIssue') {
    return { ...base, repository: null, head: null, checkRuns: [], reviews: [], comments: [], labelsOffered: [] }
  }
  const { repository } = content
  return {
    ...base,
    repository: `${repository.owner.login}/${repository.name}`,
    comments: commentsOf(content),
    labelsOffered: [...repository.labels.values()].map((label) => ({
      name: label.name,
      color: label.color,
      description: label.description,
      on: content.labels.includes(label),
    })),
    ...(content.kind === 'PullRequest' ? pullParts(content) : { head: null, checkRuns: [], reviews: [] }),
  }
}

function commentsOf(thread: Thread): CardDetail['comments'] {
  return thread.comments.map(({ id, author, body, createdAt, updatedAt, editedAt }) => ({
    id,
    author: author.login,
    bot: author.kind === 'Bot',
    at: editedAt ? updatedAt : createdAt,
    edited: editedAt !== null,
    body: readMarkdown(body),
  }))
}

function pullParts(pull: Pull): Pick<CardDetail, 'head' | 'checkRuns' | 'reviews'> {
  return {
    head: { branch: pull.head.ref, sha: pull.head.sha.slice(0, 7) },
    checkRuns: checksOf(pull).map((check) => ({
      id: check.id,
      name: check.name,
      state: checkState(check),
      title: check.title,
      summary: readMarkdown(check.summary ?? ''),
      link: /^https?:\/\//.test(check.detailsUrl ?? '') ? check.detailsUrl : null,
    })),
    reviews: pull.reviews.map((review) => ({
      id: review.id,
      author: review.author.login,
      word: REVIEWS[review.state],
      at: review.submittedAt,
      outdated: review.commit !== pull.head.sha,
      body: review.body,
    })),
  }
}
