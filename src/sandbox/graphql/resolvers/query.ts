// The entry points of queries.
import { seesRepository } from '../../world/access.ts'
import { Refusal } from '../../world/refusal.ts'
import { rateLimit } from '../budget.ts'
import { connect, type PageArguments } from '../connection.ts'
import { actor, type Context, NotImplemented, type Resolvers } from '../context.ts'
import { searchThreads } from '../search.ts'
import { seenNode } from '../sight.ts'

const NODES_LIMIT = 100

export const queryFields: Resolvers = {
  Query: {
    node: (_, args: { id: string }, context) => seenNode(context, args.id),
    nodes: (_, args: { ids: string[] }, context) => {
      if (args.ids.length > NODES_LIMIT) {
        throw new Refusal(
          'invalid',
          `You may not provide more than ${NODES_LIMIT} node ids; you provided ${args.ids.length}.`,
        )
      }
      return args.ids.map((id) => settled(() => seenNode(context, id)))
    },
    viewer: (_, __, context) => actor(context),
    rateLimit: (_, __, { budget, cost, nodeCount }) => rateLimit(budget, cost, nodeCount),
    organization: (_, args: { login: string }, { world }) => {
      const found = world.organizations.get(args.login.toLowerCase())
      if (found) return found
      throw new Refusal('not-found', `Could not resolve to an Organization with the login of '${args.login}'.`)
    },
    user: (_, args: { login: string }, { world }) => {
      const found = world.people.get(args.login.toLowerCase())
      if (found?.kind === 'User') return found
      throw new Refusal('not-found', `Could not resolve to a User with the login of '${args.login}'.`)
    },
    repository: (_, args: { owner: string; name: string }, context) => {
      return namedRepository(context, `${args.owner}/${args.name}`)
    },
    search: (_, args: PageArguments & { query: string; type: string }, context) => {
      if (!args.type.startsWith('ISSUE')) throw new NotImplemented(`search of type ${args.type}`)
      const found = searchThreads(context, args.query)
      const { totalCount, ...page } = connect(found.slice(0, 1000), args)
      return { ...page, issueCount: Math.max(totalCount, found.length) }
    },
  },
}

/** Throws GitHub's NOT_FOUND for a repository that is not there or not the viewer's to see. */
export function namedRepository(context: Context, name: string) {
  const found = context.world.repositories.get(name.toLowerCase())
  if (found && seesRepository(context.viewer, found)) return found
  throw new Refusal('not-found', `Could not resolve to a Repository with the name '${name}'.`)
}

// One unknown id among many is an error at its place and null there, not an error of the whole list.
function settled<T>(read: () => T): T | Error {
  try {
    return read()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
