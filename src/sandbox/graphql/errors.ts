// GitHub's form of GraphQL errors: a type, a path, a place and a sentence, under HTTP 200.
import type { GraphQLError } from 'graphql'
import { NOT_ACCESSIBLE, Refusal, type RefusalCode } from '../world/refusal.ts'

export type ErrorBody = {
  type?: string
  path?: readonly (string | number)[]
  extensions?: Record<string, unknown>
  locations?: readonly { line: number; column: number }[]
  message: string
}

const TYPE: Record<RefusalCode, string> = {
  'not-found': 'NOT_FOUND',
  forbidden: 'FORBIDDEN',
  invalid: 'UNPROCESSABLE',
  conflict: 'UNPROCESSABLE',
  gone: 'NOT_FOUND',
}

/** An error raised while the query was executed. */
export function executionError(error: GraphQLError): ErrorBody {
  const cause = error.originalError
  const type = cause instanceof Refusal ? TYPE[cause.code] : undefined
  return {
    ...(type ? { type } : {}),
    ...(error.path ? { path: error.path } : {}),
    ...(error.message === NOT_ACCESSIBLE ? { extensions: { saml_failure: false } } : {}),
    ...(error.locations ? { locations: error.locations } : {}),
    message: error.message,
  }
}

/** An error found before anything was executed. Such an answer has no data at all. */
export function validationError(error: GraphQLError): ErrorBody {
  const unknown = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message)
  const message = unknown ? `Field '${unknown[1]}' doesn't exist on type '${unknown[2]}'` : error.message
  const extensions = unknown ? { code: 'undefinedField', typeName: unknown[2], fieldName: unknown[1] } : undefined
  return {
    ...(extensions ? { extensions } : {}),
    ...(error.locations ? { locations: error.locations } : {}),
    message,
  }
}
