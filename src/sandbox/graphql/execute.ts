// Answers GraphQL requests as GitHub does: parse and validate once for each text, then limits, then the resolvers.
import {
  type DocumentNode,
  execute,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFieldResolver,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import type { Viewer } from '../world/app.ts'
import type { World } from '../world/world.ts'
import { budgetHeaders, budgetHolder, graphqlBudget } from './budget.ts'
import { type Context, NotImplemented } from './context.ts'
import { type ErrorBody, executionError, validationError } from './errors.ts'
import { measure } from './limits.ts'
import { mayResolve, PLAIN, RESOLVERS, typeOf } from './resolvers.ts'
import { githubSchema } from './schema.ts'

type GraphqlRequest = {
  query: string
  variables?: Record<string, unknown> | null
  operationName?: string | null
  viewer: Viewer
}
export type GraphqlBody = { data?: unknown; errors?: ErrorBody[] }
type GraphqlAnswer = { status: number; headers: Record<string, string>; body: GraphqlBody }

type Prepared = { document: DocumentNode; errors: ErrorBody[]; missing: string[] }
const prepared = new Map<string, Prepared>()
const CACHE_SIZE = 500

/** Executes one request against the world. Errors come with status 200, but for what the sandbox cannot do: 501. */
export async function executeGraphql(world: World, request: GraphqlRequest): Promise<GraphqlAnswer> {
  const { viewer } = request
  const budget = graphqlBudget(world, viewer)
  const answer = (body: GraphqlBody, status = 200) => ({ status, headers: budgetHeaders(budget), body })
  if (typeof request.query !== 'string' || request.query.trim() === '') {
    return answer({ errors: [{ message: 'A query attribute must be specified and must be a string.' }] })
  }
  const { document, errors, missing } = prepare(request.query)
  if (errors.length > 0) return answer({ errors })
  if (missing.length > 0) return answer({ errors: missing.map(notImplemented) }, 501)
  const operation = getOperationAST(document, request.operationName)
  if (!operation) return answer({ errors: [{ message: 'An operation name is required' }] })
  const given = request.variables ?? {}
  const fragments = fragmentsOf(document)
  const measured = measure(githubSchema(), operation, fragments, variablesOf(operation, given))
  if (measured.errors.length > 0) return answer({ errors: measured.errors })
  if (budget.used + measured.cost > budget.limit) {
    const message = `API rate limit exceeded for ${budgetHolder(viewer)}.`
    return answer({ errors: [{ type: 'RATE_LIMITED', message }] })
  }
  budget.used += measured.cost
  const context: Context = { world, viewer, budget, cost: measured.cost, nodeCount: measured.nodeCount }
  const result = await execute({
    schema: githubSchema(),
    document,
    contextValue: context,
    variableValues: given,
    operationName: request.operationName ?? null,
    fieldResolver: resolve,
    typeResolver: (source) => typeOf(source as object),
  })
  if (!('data' in result) && !('errors' in result)) throw new Error('a GraphQL answer came in pieces')
  const failed = (result.errors ?? [])
    .map((error) => error.originalError)
    .find((cause) => cause instanceof NotImplemented)
  if (failed) return answer({ errors: [notImplemented(failed.message)] }, 501)
  const found = (result.errors ?? []).map(executionError)
  return answer({
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(found.length > 0 ? { errors: found } : {}),
  })
}

const resolve: GraphQLFieldResolver<unknown, Context> = (source, args, context, info) => {
  const { parentType, fieldName } = info
  const field = RESOLVERS[parentType.name]?.[fieldName]
  if (field) return field(source as never, args as never, context, info)
  const value = PLAIN(parentType.name) ? (source as Record<string, unknown>)[fieldName] : undefined
  if (value === undefined) throw new NotImplemented(`${parentType.name}.${fieldName}`)
  return typeof value === 'function' ? value(args) : value
}

function prepare(query: string): Prepared {
  const known = prepared.get(query)
  if (known) return known
  const made = read(query)
  if (prepared.size >= CACHE_SIZE) prepared.clear()
  prepared.set(query, made)
  return made
}

function read(query: string): Prepared {
  const nothing: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] }
  try {
    const document = parse(query)
    const errors = validate(githubSchema(), document).map(validationError)
    return { document, errors, missing: errors.length > 0 ? [] : mayResolve(githubSchema(), document) }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    return { document: nothing, errors: [validationError(error)], missing: [] }
  }
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return fragments
}

// With the defaults that the operation declares; what does not fit is left for the execution to refuse.
function variablesOf(operation: OperationDefinitionNode, given: Record<string, unknown>): Record<string, unknown> {
  const result = getVariableValues(githubSchema(), operation.variableDefinitions ?? [], given)
  return 'variableValues' in result && result.variableValues ? result.variableValues.coerced : given
}

function notImplemented(message: string): ErrorBody {
  return { type: 'SANDBOX_NOT_IMPLEMENTED', message }
}
