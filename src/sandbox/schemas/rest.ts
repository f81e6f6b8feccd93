// Checks REST requests and answers against the cut of GitHub's OpenAPI.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { type Operation, operations } from './operations.ts'
import type { Schema } from './prune.ts'

export type { Operation } from './operations.ts'

type Parameter = { name: string; in: 'path' | 'query' | 'header'; required: boolean; schema: Schema }
type Definition = {
  docs: string
  apps: boolean
  parameters?: Parameter[]
  body?: Schema
  bodyRequired?: boolean
  responses: Record<string, Schema | null>
}

type Cut = { operations: Record<Operation, Definition>; schemas: Record<string, Schema> }

const cut = JSON.parse(readFileSync(join(import.meta.dirname, 'rest.generated.json'), 'utf8')) as Cut
// GitHub's spec has keywords without types; strict mode would refuse the spec itself.
const settings = { strict: false, allErrors: false, verbose: true }
const ajv = withFormats(new Ajv(settings))
const coercing = withFormats(new Ajv({ ...settings, coerceTypes: 'array' }))
const compiled = new Map<string, ValidateFunction>()

function withFormats(instance: Ajv): Ajv {
  addFormats.default(instance, ['date-time'])
  instance.addSchema({ $id: 'rest', schemas: cut.schemas })
  return instance
}

function validator(key: string, schema: Schema, by = ajv): ValidateFunction {
  const known = compiled.get(key)
  if (known) return known
  const made = by.compile(schema)
  compiled.set(key, made)
  return made
}

export type Route = { operation: Operation; path: Record<string, string> }

const routes = operations.map((operation) => {
  const [method = '', template = ''] = operation.split(' ')
  const names: string[] = []
  const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name)
    // Only these reach over slashes, as in GitHub's own routes: `contents/a/b.txt`, `git/ref/heads/main`.
    const deep = name === 'path' || name === 'ref'
    return deep ? '(.*)' : '([^/]+)'
  })
  return { operation, method, names, pattern: new RegExp(`^${pattern}$`) }
})

/** The operation of a request; the path without the `/api/v3` before it. Null: GitHub has no such route, or we do not imitate it. */
export function findRoute(method: string, pathname: string): Route | null {
  // `contents` alone is the root of the repository.
  const asked = /\/contents$/.test(pathname) ? `${pathname}/` : pathname
  for (const route of routes) {
    if (route.method !== method) continue
    const found = route.pattern.exec(asked)
    if (!found) continue
    try {
      const values = found.slice(1).map(decodeURIComponent)
      return {
        operation: route.operation,
        path: Object.fromEntries(route.names.map((name, at) => [name, values[at] ?? ''])),
      }
    } catch {
      return null
    }
  }
  return null
}

export const docsOf = (operation: Operation): string => cut.operations[operation].docs

/** Where a parameter stands wrong: `path` reads as "no such thing", `query` and `body` as an invalid request. */
export type Refusal = { place: 'path' | 'query' | 'body'; message: string }

export type CheckedParameters = { path: Record<string, string | number>; query: Record<string, unknown> }

/** Path and query with their types (integers, booleans, defaults as numbers), or what is wrong. Unknown query parameters are ignored, as on GitHub. */
export function checkParameters(route: Route, query: URLSearchParams): CheckedParameters | Refusal {
  const definition = cut.operations[route.operation]
  const checked: CheckedParameters = { path: { ...route.path }, query: {} }
  for (const { name, in: place, required, schema } of definition.parameters ?? []) {
    if (place === 'header') continue
    const given = place === 'path' ? route.path[name] : readQuery(query, name, schema)
    if (given === undefined) {
      if (required) return { place, message: `Invalid request.\n\n"${name}" wasn't supplied.` }
      if (schema.default !== undefined) checked.query[name] = schema.default
      continue
    }
    const holder: { value: unknown } = { value: given }
    const valid = validator(
      `${route.operation} ${place} ${name}`,
      { type: 'object', properties: { value: schema } },
      coercing,
    )
    if (!valid(holder)) return { place, message: `Invalid request.\n\n${describe(valid.errors, name)}` }
    checked[place][name] = holder.value as string | number
  }
  return checked
}

function readQuery(query: URLSearchParams, name: string, schema: Schema): unknown {
  const many = [...query.getAll(name), ...query.getAll(`${name}[]`)]
  if (many.length === 0) return undefined
  const isArray = schema.type === 'array' || JSON.stringify(schema).includes('"array"')
  return isArray && many.length === 1 && schema.type === 'array'
    ? many[0]?.split(',')
    : many.length > 1
      ? many
      : many[0]
}

/** Null: the body is as GitHub wants it. */
export function checkBody(operation: Operation, body: unknown): Refusal | null {
  const { body: schema, bodyRequired } = cut.operations[operation]
  if (!schema) return null
  if (body === undefined) {
    if (!bodyRequired) return null
    const first = (schema.required as string[] | undefined)?.[0]
    return { place: 'body', message: first ? `Invalid request.\n\n"${first}" wasn't supplied.` : 'Invalid request.' }
  }
  const valid = validator(`${operation} body`, withoutStrangers(schema))
  if (valid(body)) return null
  return { place: 'body', message: `Invalid request.\n\n${describe(valid.errors, '')}` }
}

/**
 * GitHub refuses undeclared keys on some endpoints and ignores them on others, and does not publish which. We refuse
 * them on all that do not say `additionalProperties`, so that a misspelt key cannot pass unseen.
 */
function withoutStrangers(schema: Schema): Schema {
  const plain = schema.properties && !schema.anyOf && !schema.allOf && schema.additionalProperties === undefined
  return plain ? { ...schema, additionalProperties: false } : schema
}

/** The problems of an answer of ours, for tests and for `strictResponses`; empty when GitHub could have given it. */
export function checkResponse(operation: Operation, status: number, body: unknown): string[] {
  const { responses } = cut.operations[operation]
  if (status >= 400) return []
  if (!(status in responses)) return [`${operation} never answers ${status}`]
  const schema = responses[String(status)]
  if (!schema) return body === undefined || status === 302 ? [] : [`${operation} answers ${status} without a body`]
  const valid = validator(`${operation} ${status}`, schema)
  if (valid(body)) return []
  return (valid.errors ?? []).map((error) => `${operation} ${status}${error.instancePath} ${error.message}`)
}

/** The first problem in the words of GitHub's own validator. */
function describe(errors: ErrorObject[] | null | undefined, name: string): string {
  const error = errors?.[0]
  if (!error) return 'The request is invalid.'
  const at = [
    name,
    ...error.instancePath
      .split('/')
      .slice(1)
      .filter((part) => part !== 'value'),
  ].filter(Boolean)
  const where = at.length > 0 ? `For '${name ? at.join('/') : `properties/${at.join('/')}`}', ` : ''
  const shown = JSON.stringify(error.data)?.slice(0, 200) ?? 'nil'
  switch (error.keyword) {
    case 'required':
      return `${where}"${error.params.missingProperty}" wasn't supplied.`
    case 'additionalProperties':
      return `${where}"${error.params.additionalProperty}" is not a permitted key.`
    case 'type':
      return `${where}${error.data === null ? 'nil' : shown} is not ${article(String(error.params.type))}.`
    case 'enum':
      return `${where}${shown} is not a member of ${JSON.stringify(error.params.allowedValues)}.`
    case 'maxLength':
      return `${where}Only ${error.params.limit} characters are allowed; ${String(error.data).length} were supplied.`
    case 'maxItems':
      return `${where}No more than ${error.params.limit} items are allowed; ${(error.data as unknown[]).length} were supplied.`
    case 'maxProperties':
      return `${where}No more than ${error.params.limit} properties are allowed; ${Object.keys(error.data as object).length} were supplied.`
    default:
      return `${where}${error.message ?? 'is invalid'}.`
  }
}

const article = (type: string): string => (/^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`)
