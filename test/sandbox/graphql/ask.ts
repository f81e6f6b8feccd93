// Asks the sandbox's GraphQL as the installed app, or as whoever is named.
import { executeGraphql, type GraphqlBody } from '../../../src/sandbox/graphql/execute.ts'
import type { Viewer } from '../../../src/sandbox/world/app.ts'
import type { World } from '../../../src/sandbox/world/world.ts'

export type Asked = { world: World; viewer: Viewer }

/** The body as it would travel: plain JSON. */
export async function ask(
  { world, viewer }: Asked,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphqlBody> {
  const { body } = await executeGraphql(world, { query, variables, viewer })
  return JSON.parse(JSON.stringify(body))
}

/** The data of an answer without errors. */
export async function read(at: Asked, query: string, variables: Record<string, unknown> = {}): Promise<unknown> {
  const body = await ask(at, query, variables)
  if (body.errors) throw new Error(JSON.stringify(body.errors))
  return body.data
}
