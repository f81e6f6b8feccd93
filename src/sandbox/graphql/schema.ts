// GitHub's GraphQL schema: the published file, with the newer fields merged in.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  type TypeSystemDefinitionNode,
} from 'graphql'
import { NEWER_FIELDS } from './newer-fields.ts'

let built: GraphQLSchema | null = null

/** The schema, built at its first use and kept. */
export function githubSchema(): GraphQLSchema {
  if (!built) {
    // Only the text is read: the package's own code would load a second copy of graphql.
    const path = createRequire(import.meta.url).resolve('@octokit/graphql-schema/schema.graphql')
    const published = parse(readFileSync(path, 'utf8'), { noLocation: true })
    built = buildASTSchema(merge(published, parse(NEWER_FIELDS, { noLocation: true })), { assumeValidSDL: true })
  }
  return built
}

type Named = { name: { value: string } }
type Parts = { fields?: readonly Named[]; values?: readonly Named[]; types?: readonly Named[] }

function merge(published: DocumentNode, newer: DocumentNode): DocumentNode {
  const extensions = new Map<string, Parts>()
  const added: DefinitionNode[] = []
  for (const definition of newer.definitions) {
    if (definition.kind.endsWith('Extension') && 'name' in definition && definition.name) {
      extensions.set(definition.name.value, definition as Parts)
    } else added.push(definition)
  }
  const definitions = published.definitions.map((definition) => {
    const extension = 'name' in definition && definition.name ? extensions.get(definition.name.value) : undefined
    return extension ? extended(definition as TypeSystemDefinitionNode & Parts, extension) : definition
  })
  return { kind: Kind.DOCUMENT, definitions: [...definitions, ...added] }
}

function extended(definition: TypeSystemDefinitionNode & Parts, by: Parts): DefinitionNode {
  const joined = (old: readonly Named[] | undefined, more: readonly Named[] | undefined) => {
    const replaced = new Set((more ?? []).map((node) => node.name.value))
    return [...(old ?? []).filter((node) => !replaced.has(node.name.value)), ...(more ?? [])]
  }
  return {
    ...definition,
    ...(by.fields ? { fields: joined(definition.fields, by.fields) } : {}),
    ...(by.values ? { values: joined(definition.values, by.values) } : {}),
    ...(by.types ? { types: joined(definition.types, by.types) } : {}),
  } as DefinitionNode
}
