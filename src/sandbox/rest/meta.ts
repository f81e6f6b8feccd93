// The routes about the API itself: rate limits and what GitHub says of its own addresses.
import { type Answer, type Call, ok } from '../server/exchange.ts'
import type { Resource } from '../server/limits.ts'

/** Costs nothing, as on GitHub. */
export function getRateLimit(call: Call): Answer {
  const standing = (resource: Resource) => {
    const { resource: _, ...figures } = call.limits.standing(call.caller, resource)
    return figures
  }
  const core = standing('core')
  const search = { limit: 30, used: 0, remaining: 30, reset: core.reset }
  return ok({ resources: { core, search, graphql: standing('graphql') }, rate: core })
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
