// All resolvers by type, the types whose fields are read as they stand, and how a thing's GraphQL type is known.
import { type DocumentNode, type GraphQLSchema, isObjectType, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import type { Resolvers } from './context.ts'
import { cardMutations } from './mutations/cards.ts'
import { checkMutations } from './mutations/checks.ts'
import { threadMutations } from './mutations/threads.ts'
import { accountFields } from './resolvers/account.ts'
import { boardFields } from './resolvers/board.ts'
import { cardFields } from './resolvers/card.ts'
import { checkFields } from './resolvers/check.ts'
import { gitFields } from './resolvers/git.ts'
import { issueFields } from './resolvers/issue.ts'
import { pullFields } from './resolvers/pull.ts'
import { queryFields } from './resolvers/query.ts'
import { repositoryFields } from './resolvers/repository.ts'
import { timelineFields } from './resolvers/timeline.ts'

export const RESOLVERS: Resolvers = {
  ...queryFields,
  ...accountFields,
  ...repositoryFields,
  ...gitFields,
  ...issueFields,
  ...pullFields,
  ...timelineFields,
  ...boardFields,
  ...cardFields,
  ...checkFields,
  Mutation: { ...cardMutations, ...checkMutations, ...threadMutations },
}

const PLAIN_TYPES = new Set(['PageInfo', 'RateLimit', 'GitActor', 'ReactionGroup', 'ProjectV2IterationFieldIteration'])

/** Are the type's fields properties of the same name? Connections, edges and the answers of mutations are. */
export function PLAIN(type: string): boolean {
  return PLAIN_TYPES.has(type) || /(?:Connection|Edge|Payload)$/.test(type)
}

/** The name of the GraphQL type of a thing of the world. */
export function typeOf(source: object): string {
  const { kind } = source as { kind?: string }
  if (kind === undefined) throw new Error('a GraphQL source without a kind')
  return kind
}

/** Fields of the document that nobody has written a resolver for, as sentences. */
export function mayResolve(schema: GraphQLSchema, document: DocumentNode): string[] {
  const missing = new Set<string>()
  const types = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(node) {
        const parent = types.getParentType()
        const name = node.name.value
        if (!isObjectType(parent) || name.startsWith('__') || parent.name.startsWith('__')) return
        if (PLAIN(parent.name) || RESOLVERS[parent.name]?.[name]) return
        missing.add(`the sandbox does not implement ${parent.name}.${name}`)
      },
    }),
  )
  return [...missing]
}
