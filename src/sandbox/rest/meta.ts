// The routes about the API itself: rate limits and what GitHub says of its own addresses.

import { graphqlBudget } from '../graphql/budget.ts'
import { type Answer, type Call, ok } from '../server/exchange.ts'

/** Costs nothing, as on GitHub. */
export function getRateLimit(call: Call): Answer {
  const { resource: _, ...core } = call.limits.standing(call.caller)
  const { limit, used, resetAt } = graphqlBudget(call.world, call.viewer)
  const graphql = { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetAt / 1000) }
  const search = { limit: 30, used: 0, remaining: 30, reset: core.reset }
  return ok({ resources: { core, search, graphql }, rate: core })
}

export function getMeta(call: Call): Answer {
  const addresses = ['127.0.0.1/32']
  return ok({
    verifiable_password_authentication: false,
    hooks: addresses,
    web: addresses,
    api: addresses,
    git: addresses,
    actions: addresses,
    domains: { website: [new URL(call.world.url).host], codespaces: [], copilot: [], packages: [] },
  })
}
