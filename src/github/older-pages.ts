// Reads what of a pull request does not fit into the one request for its card: older commits' authors, older reviews.
import { z } from 'zod'
import type { Actor } from '../core/facts/actor.ts'
import type { Review } from '../core/facts/card.ts'
import { commitsSchema, type PullAnswer, readAnswer, reviewsSchema } from './card-answer.ts'
import { MORE_COMMITS, MORE_REVIEWS } from './card-query.ts'
import { GitHubProblem } from './github-problem.ts'
import { committersOf, reviewsOf } from './translate-card.ts'
import type { Wire } from './wire.ts'

/** Whoever writes more than ten thousand reviews is not to keep the app busy with them: the card waits. */
const MOST_PAGES = 100

type PageInfo = PullAnswer['commits']['pageInfo']

export async function olderCommitters(wire: Wire, pull: PullAnswer): Promise<Actor[]> {
  const schema = z.object({ node: z.object({ commits: commitsSchema }) })
  const pages = await readPages(wire, pull.id, pull.commits.pageInfo, MORE_COMMITS, (data) => {
    const { commits } = readAnswer(schema, data).node
    return { ...commits, list: committersOf(commits.nodes) }
  })
  return pages.flat()
}

/** Oldest first. */
export async function olderReviews(wire: Wire, pull: PullAnswer): Promise<Review[]> {
  const schema = z.object({ node: z.object({ reviews: reviewsSchema }) })
  const pages = await readPages(wire, pull.id, pull.reviews.pageInfo, MORE_REVIEWS, (data) => {
    const { reviews } = readAnswer(schema, data).node
    return { ...reviews, list: reviewsOf(reviews.list) }
  })
  return pages.reverse().flat()
}

/** Page by page backwards, from before the page that is known. */
async function readPages<T>(
  wire: Wire,
  pull: string,
  known: PageInfo,
  document: string,
  read: (data: Record<string, unknown>) => { pageInfo: PageInfo; list: T[] },
): Promise<T[][]> {
  const pages: T[][] = []
  for (let page = known; page.hasPreviousPage && page.startCursor; ) {
    if (pages.length >= MOST_PAGES) throw new GitHubProblem('other', 'A list on GitHub does not end.')
    const variables = { pull, before: page.startCursor }
    const { data } = await wire.query({ document, variables, urgency: 'read' })
    const { pageInfo, list } = read(data)
    pages.push(list)
    page = pageInfo
  }
  return pages
}
