// Answers one REST request: route, credentials, limits, permission, GitHub's schema, then the handler.

import { NotImplemented } from '../graphql/context.ts'
import { acceptedPermissions, refuseCaller } from '../rest/access.ts'
import { handlers } from '../rest/handlers.ts'
import { checkBody, checkParameters, checkResponse, findRoute, type Operation } from '../schemas/rest.ts'
import { Refusal } from '../world/refusal.ts'
import { type Answer, type ApiVersion, type Call, failure, failureOf } from './exchange.ts'
import type { Identified } from './identify.ts'

export type RestRequest = {
  method: string
  /** Below `/api/v3`. */
  path: string
  url: URL
  body: Buffer
  apiVersion: string | undefined
  accept: string
}

type Surroundings = Omit<
  Call,
  'operation' | 'path' | 'query' | 'body' | 'viewer' | 'caller' | 'apiVersion' | 'accept' | 'url'
>

const versions: readonly string[] = ['2022-11-28', '2026-03-10']

export async function answerRest(request: RestRequest, who: Identified, around: Surroundings): Promise<Answer> {
  const route = findRoute(request.method, request.path)
  if (!route) return failure(404, 'Not Found', null)
  const { operation } = route
  const apiVersion = request.apiVersion ?? '2022-11-28'
  if (!versions.includes(apiVersion)) {
    return failure(400, `Version ${apiVersion} is not supported. Supported versions are ${versions.join(', ')}.`, null)
  }
  const refused = refuseCaller(operation, who.viewer)
  if (refused) return withPermissions(operation, refused)
  const parameters = checkParameters(route, request.url.searchParams)
  if ('place' in parameters) {
    if (parameters.place === 'path') return failure(404, 'Not Found', operation)
    return failure(422, parameters.message, operation)
  }
  const body = readBody(request.body)
  if (typeof body === 'string') return failure(400, body, operation)
  const wrong = checkBody(operation, body)
  if (wrong) return failure(422, wrong.message, operation)
  const call: Call = {
    ...around,
    ...who,
    ...parameters,
    operation,
    body: body ?? {},
    apiVersion: apiVersion as ApiVersion,
    accept: request.accept,
    url: request.url,
  }
  return withPermissions(operation, await perform(call))
}

async function perform(call: Call): Promise<Answer> {
  try {
    const answer = await handlers[call.operation](call)
    if (!call.settings.strictResponses || answer.raw) return answer
    const sent = answer.body === undefined ? undefined : JSON.parse(JSON.stringify(answer.body))
    const problems = checkResponse(call.operation, answer.status, sent)
    if (problems.length === 0) return answer
    throw new Error(`the sandbox's answer is not GitHub's: ${problems.join('; ')}`)
  } catch (error) {
    if (error instanceof Refusal) return failureOf(error, call.operation)
    if (error instanceof NotImplemented) return failure(501, error.message, call.operation)
    throw error
  }
}

function withPermissions(operation: Operation, answer: Answer): Answer {
  const accepted = acceptedPermissions(operation)
  if (!accepted) return answer
  return { ...answer, headers: { ...answer.headers, 'x-accepted-github-permissions': accepted } }
}

/** The body as an object, undefined where there is none, or GitHub's word for what is wrong with it. */
function readBody(bytes: Buffer): Record<string, unknown> | undefined | string {
  if (bytes.length === 0) return undefined
  try {
    const read: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof read !== 'object' || read === null) return 'Body should be a JSON object'
    return read as Record<string, unknown>
  } catch {
    return 'Problems parsing JSON'
  }
}
