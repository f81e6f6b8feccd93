// Pull requests and their reviews as GitHub's REST API and webhooks show them.
import { commitsBetween, filesAt } from '../git.ts'
import type { Repository } from '../repository.ts'
import type { Pull, Review } from '../thread.ts'
import type { World } from '../world.ts'
import { authorAssociation, simpleUser } from './account.ts'
import { repositoryApi, threadPage } from './address.ts'
import { repositoryPayload } from './repository.ts'
import { labelPayload } from './thread.ts'

/** The form GitHub's webhooks use inside `pull_request_review` and friends. */
export function simplePull(world: World, pull: Pull) {
  const api = repositoryApi(world, pull.repository)
  const url = `${api}/pulls/${pull.number}`
  const issue = `${api}/issues/${pull.number}`
  const page = threadPage(world, pull)
  const href = (target: string) => ({ href: target })
  return {
    url,
    id: pull.id,
    node_id: pull.node,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state === 'OPEN' ? ('open' as const) : ('closed' as const),
    locked: pull.locked,
    title: pull.title,
    user: simpleUser(world, pull.author),
    body: pull.body === '' ? null : pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    assignee: pull.assignees[0] ? simpleUser(world, pull.assignees[0]) : null,
    assignees: pull.assignees.map((person) => simpleUser(world, person)),
    requested_reviewers: [],
    requested_teams: [],
    labels: pull.labels.map((label) => labelPayload(world, label)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: `${api}/statuses/${pull.head.sha}`,
    head: end(world, pull.head.repository, pull.head.owner, pull.head),
    base: end(world, pull.repository, pull.repository.owner, pull.base),
    _links: {
      self: href(url),
      html: href(page),
      issue: href(issue),
      comments: href(`${issue}/comments`),
      review_comments: href(`${url}/comments`),
      review_comment: href(`${api}/pulls/comments{/number}`),
      commits: href(`${url}/commits`),
      statuses: href(`${api}/statuses/${pull.head.sha}`),
    },
    author_association: authorAssociation(pull.author, pull.repository.owner),
    auto_merge: null,
    active_lock_reason: null,
  }
}

/** The whole pull request, as `GET /pulls/{n}` and `pull_request` events show it. */
export function pullPayload(world: World, pull: Pull) {
  const git = pull.repository.git
  const before = filesAt(git, pull.base.sha)
  const after = filesAt(git, pull.head.sha)
  const paths = new Set([...before.keys(), ...after.keys()])
  return {
    ...simplePull(world, pull),
    merged: pull.state === 'MERGED',
    mergeable: null,
    rebaseable: null,
    mergeable_state: 'unknown',
    merged_by: pull.mergedBy ? simpleUser(world, pull.mergedBy) : null,
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsBetween(git, pull.base.sha, pull.head.sha).length,
    additions: 0,
    deletions: 0,
    changed_files: [...paths].filter((path) => before.get(path) !== after.get(path)).length,
  }
}

/** `state` is lower case in webhooks and upper case in REST, as on GitHub. */
export function reviewPayload(world: World, review: Review, spelling: 'webhook' | 'rest') {
  const pull = review.pull
  const page = `${threadPage(world, pull)}#pullrequestreview-${review.id}`
  const url = `${repositoryApi(world, pull.repository)}/pulls/${pull.number}`
  return {
    id: review.id,
    node_id: review.node,
    user: simpleUser(world, review.author),
    body: review.body === '' && spelling === 'webhook' ? null : review.body,
    commit_id: review.commit,
    submitted_at: review.submittedAt,
    ...(spelling === 'webhook' ? { updated_at: review.updatedAt } : {}),
    state: spelling === 'webhook' ? review.state.toLowerCase() : review.state,
    html_url: page,
    pull_request_url: url,
    author_association: authorAssociation(review.author, pull.repository.owner),
    _links: { html: { href: page }, pull_request: { href: url } },
  }
}

function end(
  world: World,
  repository: Repository | null,
  owner: Repository['owner'],
  at: { ref: string; sha: string },
) {
  return {
    label: `${owner.login}:${at.ref}`,
    ref: at.ref,
    sha: at.sha,
    user: simpleUser(world, owner),
    repo: repository
      ? {
          ...repositoryPayload(world, repository),
          allow_squash_merge: true,
          allow_merge_commit: true,
          allow_rebase_merge: true,
          allow_auto_merge: false,
          delete_branch_on_merge: false,
          allow_update_branch: false,
          use_squash_pr_title_as_default: false,
          squash_merge_commit_message: 'COMMIT_MESSAGES',
          squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
          merge_commit_message: 'PR_TITLE',
          merge_commit_title: 'MERGE_MESSAGE',
        }
      : null,
  }
}
