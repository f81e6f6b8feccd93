// Turns GitHub's OpenAPI 3.0 schemas into small JSON Schemas and gathers the ones that are reached.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Schema = { [key: string]: Json }

const kept = new Set(
  [
    'type enum required properties additionalProperties items allOf anyOf const pattern default',
    'minLength maxLength minimum maximum minItems maxItems minProperties maxProperties',
  ].flatMap((line) => line.split(' ')),
)

/**
 * Follows the references of one document. `pruned(schema)` gives the small form, and `reached` then holds by name all
 * schemas that it refers to, as `#/schemas/<name>` under the document's `id`.
 */
export function startPruning(id: string, document: Schema) {
  const reached: Record<string, Schema> = {}

  function pruned(schema: Json | undefined): Schema {
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return {}
    if (typeof schema.$ref === 'string') return { $ref: reach(schema.$ref) }
    const small: Schema = {}
    for (const [key, value] of Object.entries(schema)) {
      if (key === 'properties') small.properties = mapped(value as Schema)
      else if (key === 'items') small.items = pruned(value)
      else if (key === 'additionalProperties') small[key] = typeof value === 'boolean' ? value : pruned(value)
      else if (key === 'allOf' || key === 'anyOf') small[key] = (value as Json[]).map(pruned)
      // GitHub's alternatives overlap, so that "exactly one" would refuse its own answers.
      else if (key === 'oneOf') small.anyOf = (value as Json[]).map(pruned)
      else if (key === 'format' && value === 'date-time') small.format = value
      else if (kept.has(key)) small[key] = value
    }
    const bearsNull = Array.isArray(small.type) && small.type.includes('null')
    return schema.nullable === true || (bearsNull && small.anyOf) ? nullable(small) : small
  }

  function mapped(properties: Schema): Schema {
    return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, pruned(schema)]))
  }

  function reach(ref: string): string {
    const name = ref.slice(ref.lastIndexOf('/') + 1)
    if (!(name in reached)) {
      reached[name] = {}
      reached[name] = pruned(resolve(document, ref))
    }
    return `${id}#/schemas/${name}`
  }

  return { pruned, reached }
}

/** OpenAPI 3.0 says `nullable`, JSON Schema that null is one of the types; among alternatives it must be one of them. */
function nullable(schema: Schema): Schema {
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null]
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] }
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] }
  return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] }
}

/** What a `#/…` reference names in the document. */
export function resolve(document: Schema, ref: string): Json {
  let at: Json = document
  for (const part of ref.slice(2).split('/')) {
    at = (at as Schema)[part.replaceAll('~1', '/').replaceAll('~0', '~')] ?? null
  }
  return at
}

/** Puts each large schema that occurs more than once, letter for letter, among the named ones: GitHub repeats much inline. */
export function shareRepeated(id: string, roots: Record<string, Schema>, named: Record<string, Schema>): void {
  const seen = new Map<string, { times: number; name: string }>()
  const large = 400
  const walk = (value: Json, visit: (schema: Schema, replace: (by: Schema) => void) => void): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value) as [string, Json][]) {
      walk(inner, visit)
      if (
        typeof inner === 'object' &&
        inner !== null &&
        !Array.isArray(inner) &&
        ('properties' in inner || 'anyOf' in inner)
      ) {
        visit(inner, (by) => {
          ;(value as Schema)[key] = by
        })
      }
    }
  }
  const all: Schema = { roots, named }
  walk(all, (schema) => {
    const text = JSON.stringify(schema)
    const known = seen.get(text)
    if (known) known.times += 1
    else if (text.length > large) seen.set(text, { times: 1, name: `shared-${seen.size}` })
  })
  const texts = new Map<Schema, string>()
  walk(all, (schema) => void texts.set(schema, JSON.stringify(schema)))
  walk(all, (schema, replace) => {
    const known = seen.get(texts.get(schema) ?? '')
    if (!known || known.times < 2) return
    named[known.name] ??= schema
    replace({ $ref: `${id}#/schemas/${known.name}` })
  })
}
