// Pull requests, their commits and reviews.
import { atLeast, repositoryRole, seesRepository } from '../../world/access.ts'
import { changedFiles } from '../../world/diff.ts'
import { commitsBetween } from '../../world/git.ts'
import { nodeId } from '../../world/node-id.ts'
import { authorAssociation } from '../../world/payloads/account.ts'
import { threadPage } from '../../world/payloads/address.ts'
import { latestOpinions } from '../../world/reviews.ts'
import type { Pull, Review } from '../../world/thread.ts'
import { connect, type PageArguments } from '../connection.ts'
import type { Fields, Resolvers } from '../context.ts'
import { seesThread } from '../sight.ts'
import { type GitNode, gitNode } from './git.ts'
import { refNode } from './repository.ts'
import { rollup } from './rollup.ts'
import { threadFields } from './thread.ts'

type PullCommit = { kind: 'PullRequestCommit'; node: string; pull: Pull; commit: GitNode }

const pull: Fields<Pull> = {
  ...(threadFields as Fields<Pull>),
  isDraft: ({ draft }) => draft,
  merged: ({ state }) => state === 'MERGED',
  mergedAt: ({ mergedAt }) => mergedAt,
  mergedBy: ({ mergedBy }) => mergedBy,
  mergeCommit: ({ repository, mergeCommit }) => (mergeCommit ? gitNode(repository, mergeCommit) : null),
  mergeable: () => 'UNKNOWN',
  baseRefName: ({ base }) => base.ref,
  baseRefOid: ({ base }) => base.sha,
  baseRef: ({ repository, base }) => refNode(repository, `refs/heads/${base.ref}`),
  baseRepository: ({ repository }) => repository,
  headRefName: ({ head }) => head.ref,
  headRefOid: ({ head }) => head.sha,
  headRef: ({ head }) => (head.repository ? refNode(head.repository, `refs/heads/${head.ref}`) : null),
  headRepository: ({ head }, _, { viewer }) => {
    return head.repository && seesRepository(viewer, head.repository) ? head.repository : null
  },
  headRepositoryOwner: ({ head }) => head.owner,
  isCrossRepository: ({ head, repository }) => head.repository !== repository,
  changedFiles: (source) => changedFiles(source).length,
  commits: (source, args: PageArguments) => {
    const { repository, base, head } = source
    const commits = commitsBetween(repository.git, base.sha, head.sha).flatMap((commit): PullCommit[] => {
      const found = gitNode(repository, commit.sha)
      const node = nodeId('PullRequestCommit', repository.id, source.id, commit.sha)
      return found ? [{ kind: 'PullRequestCommit', node, pull: source, commit: found }] : []
    })
    return connect(commits, args)
  },
  reviews: ({ reviews }, args: PageArguments & { states?: string[] | null; author?: string | null }) => {
    const found = reviews.filter((review) => {
      if (args.states && !args.states.includes(review.state)) return false
      return !args.author || review.author.login.toLowerCase() === args.author.toLowerCase()
    })
    return connect(found, args)
  },
  latestReviews: (source, args: PageArguments) => {
    return connect([...new Map(source.reviews.map((review) => [review.author, review])).values()], args)
  },
  latestOpinionatedReviews: (source, args: PageArguments & { writersOnly?: boolean }) => {
    const opinions = latestOpinions(source).filter((review) => !args.writersOnly || mayPush(review))
    return connect(opinions, args)
  },
  // GitHub decides only where the branch's rules ask for reviews; the sandbox has no such rule.
  reviewDecision: () => null,
  closingIssuesReferences: (source, args: PageArguments & { userLinkedOnly?: boolean }, context) => {
    const issues = [...(args.userLinkedOnly ? source.links : source.closes)].filter((issue) =>
      seesThread(context, issue),
    )
    return connect(issues, args)
  },
  statusCheckRollup: ({ repository, head }) => rollup(repository, head.sha),
  permalink: (source, _, { world }) => threadPage(world, source),
}

const pullCommit: Fields<PullCommit> = {
  id: ({ node }) => node,
  commit: ({ commit }) => commit,
  pullRequest: (source) => source.pull,
}

const review: Fields<Review> = {
  id: ({ node }) => node,
  databaseId: ({ id }) => id,
  fullDatabaseId: ({ id }) => String(id),
  author: ({ author }) => author,
  authorAssociation: ({ author, pull: { repository } }) => authorAssociation(author, repository.owner),
  authorCanPushToRepository: (source) => mayPush(source),
  body: ({ body }) => body,
  bodyText: ({ body }) => body,
  state: ({ state }) => state,
  commit: (source) => gitNode(source.pull.repository, source.commit),
  submittedAt: ({ submittedAt }) => submittedAt,
  createdAt: ({ submittedAt }) => submittedAt,
  publishedAt: ({ submittedAt }) => submittedAt,
  updatedAt: ({ updatedAt }) => updatedAt,
  pullRequest: (source) => source.pull,
  repository: (source) => source.pull.repository,
  url: (source, _, { world }) => `${threadPage(world, source.pull)}#pullrequestreview-${source.id}`,
}

export const pullFields: Resolvers = { PullRequest: pull, PullRequestCommit: pullCommit, PullRequestReview: review }

function mayPush({ author, pull: { repository } }: Review): boolean {
  return atLeast(repositoryRole(author, repository), 'write')
}
