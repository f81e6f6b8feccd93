// GitHub's limits on a query, counted before it runs: page sizes, possible nodes, and what it costs.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import type { ErrorBody } from './errors.ts'

const PAGE_LIMIT = 100
const NODE_LIMIT = 500_000

type Measured = { requests: number; nodeCount: number; cost: number; errors: ErrorBody[] }

type Walk = {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: Record<string, unknown>
  measured: Measured
}

/** Counts the connections a query opens: `cost` is a hundredth of the requests they need, and at least 1. */
export function measure(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Record<string, unknown>,
): Measured {
  const measured: Measured = { requests: 0, nodeCount: 0, cost: 1, errors: [] }
  const root = schema.getRootType(operation.operation)
  if (root) walk({ schema, fragments, variables, measured }, root, operation.selectionSet, 1, [operation.operation])
  measured.cost = Math.max(1, Math.round(measured.requests / 100))
  if (measured.nodeCount > NODE_LIMIT) {
    const count = measured.nodeCount.toLocaleString('en-US')
    measured.errors.push({
      type: 'MAX_NODE_LIMIT_EXCEEDED',
      message: `This query requests up to ${count} possible nodes which exceeds the maximum limit of 500,000.`,
    })
  }
  return measured
}

function walk(at: Walk, type: GraphQLCompositeType, set: SelectionSetNode, times: number, path: string[]): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) walkField(at, type, selection, times, path)
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = selection.typeCondition ? at.schema.getType(selection.typeCondition.name.value) : type
      if (isCompositeType(inner)) walk(at, inner, selection.selectionSet, times, path)
    } else {
      const fragment = at.fragments.get(selection.name.value)
      const inner = fragment ? at.schema.getType(fragment.typeCondition.name.value) : undefined
      if (fragment && isCompositeType(inner)) walk(at, inner, fragment.selectionSet, times, path)
    }
  }
}

function walkField(at: Walk, type: GraphQLCompositeType, field: FieldNode, times: number, path: string[]): void {
  if (!isObjectType(type) && !isInterfaceType(type)) return
  const definition = type.getFields()[field.name.value]
  if (!definition) return
  const inner = getNamedType(definition.type)
  const here = [...path, field.alias?.value ?? field.name.value]
  let innerTimes = times
  if (inner.name.endsWith('Connection') && definition.args.some((arg) => arg.name === 'first')) {
    const size = pageSize(at, field, here)
    at.measured.requests += times
    innerTimes = times * size
    at.measured.nodeCount += innerTimes
  }
  if (field.selectionSet && isCompositeType(inner)) walk(at, inner, field.selectionSet, innerTimes, here)
}

function pageSize(at: Walk, field: FieldNode, path: string[]): number {
  const first = argument(at, field, 'first')
  const last = argument(at, field, 'last')
  const name = field.name.value
  const refuse = (type: string, message: string) => {
    const locations = field.loc ? [{ line: field.loc.startToken.line, column: field.loc.startToken.column }] : []
    at.measured.errors.push({ type, path, locations, message })
    return 0
  }
  if (first === null && last === null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`
    return refuse('MISSING_PAGINATION_BOUNDARIES', message)
  }
  if (first !== null && last !== null) {
    const message = `Passing both \`first\` and \`last\` to paginate the \`${name}\` connection is not supported.`
    return refuse('INVALID_PAGINATION_BOUNDARIES', message)
  }
  const which = first === null ? 'last' : 'first'
  const size = first ?? last ?? 0
  if (size > PAGE_LIMIT) {
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`${which}\` limit of 100 records.`
    return refuse('EXCESSIVE_PAGINATION', message)
  }
  if (size < 1)
    return refuse(
      'INVALID_PAGINATION_BOUNDARIES',
      `\`${which}\` on the \`${name}\` connection cannot be less than one.`,
    )
  return size
}

function argument(at: Walk, field: FieldNode, name: string): number | null {
  const value = field.arguments?.find((candidate) => candidate.name.value === name)?.value
  if (value?.kind === Kind.INT) return Number(value.value)
  if (value?.kind === Kind.VARIABLE) {
    const given = at.variables[value.name.value]
    return typeof given === 'number' ? given : null
  }
  return null
}
