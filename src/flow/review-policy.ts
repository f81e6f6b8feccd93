// Says on a pull request that touches a policy what would change. What its head holds is read and shown, never obeyed.
import { policyReviewWords } from '../core/decision/explain/policy-review.ts'
import type { ReplaySummary } from '../core/decision/replay-summary.ts'
import { boardsOfPolicy, takesIn } from '../core/policy/govern.ts'
import type { Policy } from '../core/policy/policy.ts'
import { reviewOrganization, reviewRepository } from '../core/policy/review.ts'
import type { GitHub, PolicyPull } from '../github/port.ts'
import type { CardIndex } from '../ledger/port.ts'
import { installationOf } from './installation.ts'
import { boardStream } from './note-policy.ts'
import { replayRecent } from './recent-moves.ts'
import type { World } from './world.ts'
import { writeReview } from './write-review.ts'

const MOST_MOVES = 200
/** Where a policy may stand in a repository. */
const PATHS = ['.github/andon.yml', 'andon.yml']
/** What policies may extend, in the organization's own repository. */
const BASE = /^policies\/[^/]+\.ya?ml$/

/** The task of a pull request. */
export const POLICY_REVIEW = 'policy-review'

export function policyReviewTask({ repository, number }: { repository: string; number: number }): string {
  return `${POLICY_REVIEW}:${repository}#${number}`
}

/** The task that wrote the check run with this external id; null where it was none of these. */
export function reviewOf(externalId: string | null): string | null {
  return /^(policy-review:[^:#]+#\d+):[0-9a-f]{16}$/.exec(externalId ?? '')?.[1] ?? null
}

/** `name`: as in `acme/bot#7`. `again`: somebody asked for the check run once more. Most pull requests touch no policy: they cost one request. */
export async function reviewPolicy(world: World, owner: string, name: string, again: boolean): Promise<void> {
  const [repository = '', number = ''] = name.split('#')
  const { github } = await installationOf(world, owner)
  const files = await github.pullFiles(repository, Number(number))
  const isOrganization = repository.toLowerCase() === `${owner}/.github`.toLowerCase()
  const matters = (path: string) => PATHS.includes(path) || (isOrganization && BASE.test(path))
  if (files === null || (files.whole && !files.paths.some(matters))) return
  const pull = await github.policyPull(repository, Number(number))
  if (pull === null || !pull.open || !pull.toDefault) return
  const words = isOrganization
    ? await reviewOfOrganization(world, github, owner, pull)
    : await reviewOfRepository(world, owner, pull)
  await writeReview(world, github, policyReviewTask({ repository, number: Number(number) }), pull, words, again)
}

async function reviewOfRepository(world: World, owner: string, pull: PolicyPull) {
  const change = { before: pull.repositoryPolicy, after: pull.head }
  const review = reviewRepository(pull.organizationPolicy, change, basesOf(world, pull))
  const own = (card: CardIndex) => card.repository?.toLowerCase() === pull.repository.toLowerCase()
  return policyReviewWords(pull.repository, review, await replayed(world, owner, review.policy, own))
}

/** Repositories with a policy of their own are held against the new one, too; the moves of their cards are not replayed. */
async function reviewOfOrganization(world: World, github: GitHub, owner: string, pull: PolicyPull) {
  const { files } = await github.policies(owner)
  const others = files.filter(({ repository }) => repository !== pull.repository)
  const change = { before: pull.organizationPolicy, after: pull.head }
  const review = reviewOrganization(change, others, basesOf(world, pull))
  const leaning = new Set(others.map(({ repository }) => repository.toLowerCase()))
  const governs = (card: CardIndex) => {
    const { repository, projectNumber: board } = card
    if (repository !== null && leaning.has(repository.toLowerCase())) return false
    return takesIn(review.policy?.board.repositories, { owner, board, repository })
  }
  return policyReviewWords(pull.repository, review, await replayed(world, owner, review.policy, governs))
}

function basesOf({ presets }: World, { bases }: PolicyPull) {
  return { before: { presets, organization: bases.before }, after: { presets, organization: bases.after } }
}

async function replayed(
  world: World,
  owner: string,
  policy: Policy | null,
  governs: (card: CardIndex) => boolean,
): Promise<ReplaySummary | null> {
  if (policy === null) return null
  const projects: string[] = []
  for (const number of boardsOfPolicy(policy)) {
    const entries = await world.ledger.read(boardStream(owner, number))
    for (const { event } of entries) if (event.kind === 'board-adopted') projects.push(event.project)
  }
  return replayRecent(world.ledger, policy, { projects, most: MOST_MOVES, governs })
}
