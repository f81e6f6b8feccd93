// GraphQL's primary rate limit: points an hour for each installation or person.
import type { Viewer } from '../world/app.ts'
import { stamp, type World } from '../world/world.ts'

/** `resetAt` in milliseconds since the epoch. A test may lower `limit`, or raise `used`. */
export type Budget = { limit: number; used: number; resetAt: number }

const HOUR = 3_600_000
const POINTS_PER_HOUR = 5_000
const budgets = new WeakMap<World, Map<string, Budget>>()

/** The viewer's budget in the hour that runs now. */
export function graphqlBudget(world: World, viewer: Viewer): Budget {
  const all = budgets.get(world) ?? new Map<string, Budget>()
  budgets.set(world, all)
  const key = keyOf(viewer)
  const budget = all.get(key) ?? { limit: POINTS_PER_HOUR, used: 0, resetAt: world.time() + HOUR }
  if (budget.resetAt <= world.time()) Object.assign(budget, { used: 0, resetAt: world.time() + HOUR })
  all.set(key, budget)
  return budget
}

/** GitHub's headers that tell of it. */
export function budgetHeaders(budget: Budget): Record<string, string> {
  return {
    'x-ratelimit-limit': String(budget.limit),
    'x-ratelimit-remaining': String(Math.max(0, budget.limit - budget.used)),
    'x-ratelimit-used': String(budget.used),
    'x-ratelimit-reset': String(Math.ceil(budget.resetAt / 1000)),
    'x-ratelimit-resource': 'graphql',
  }
}

/** `rateLimit { … }` of a query. */
export function rateLimit(budget: Budget, cost: number, nodeCount: number) {
  const { limit, used, resetAt } = budget
  return { cost, limit, nodeCount, remaining: Math.max(0, limit - used), resetAt: stamp(resetAt), used }
}

/** Whose budget it is, as GitHub names it in its refusal. */
export function budgetHolder(viewer: Viewer): string {
  return viewer.as === 'installation' ? `installation ID ${viewer.installation.id}` : keyOf(viewer)
}

function keyOf(viewer: Viewer): string {
  switch (viewer.as) {
    case 'installation':
      return `installation ${viewer.installation.id}`
    case 'app':
      return `app ${viewer.app.id}`
    case 'user':
      return `user ID ${viewer.person.id}`
    case 'nobody':
      return 'nobody'
    default:
      return viewer satisfies never
  }
}
