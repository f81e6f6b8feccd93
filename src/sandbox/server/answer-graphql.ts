// Answers one GraphQL request over HTTP: almost everything is a 200, errors and spent budgets too.
import { executeGraphql } from '../graphql/execute.ts'
import type { World } from '../world/world.ts'
import type { Answer } from './exchange.ts'
import type { Identified } from './identify.ts'

/** A GraphQL request as it was read; `mutation`: it changes something. */
export type GraphqlRequest = {
  query: string
  variables: Record<string, unknown>
  operationName: string | null
  mutation: boolean
}

/** The request, or GitHub's answer to what is none. */
export function readGraphql(body: Buffer): GraphqlRequest | Answer {
  try {
    const read = JSON.parse(body.toString('utf8')) as Partial<GraphqlRequest> | null
    if (typeof read?.query !== 'string')
      return problem(400, 'A query attribute must be specified and must be a string.')
    const { query, variables, operationName } = read
    return {
      query,
      variables: typeof variables === 'object' && variables !== null ? variables : {},
      operationName: typeof operationName === 'string' ? operationName : null,
      mutation: /^(?:\s|#[^\n]*\n)*mutation\b/.test(query),
    }
  } catch {
    return problem(400, 'Problems parsing JSON')
  }
}

/** Runs the query; its cost is taken from the viewer's points of the hour. */
export async function answerGraphql(world: World, request: GraphqlRequest, who: Identified): Promise<Answer> {
  const { viewer } = who
  if (viewer.as === 'nobody' || viewer.as === 'app') {
    return problem(401, 'This endpoint requires you to be authenticated.')
  }
  const { query, variables, operationName } = request
  return executeGraphql(world, { query, variables, operationName, viewer })
}

function problem(status: number, message: string): Answer {
  const documentation_url = 'https://docs.github.com/graphql/guides/forming-calls-with-graphql'
  return { status, body: { message, documentation_url, status: String(status) } }
}
