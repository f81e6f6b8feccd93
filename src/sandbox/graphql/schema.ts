// GitHub's GraphQL schema: the published file, with the newer fields merged in.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
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
    const published = parse(readFileSync(publishedFile(), 'utf8'), { noLocation: true })
    const merged = merge(published, parse(NEWER_FIELDS, { noLocation: true }))
    // GitHub deprecates fields whose interface it does not deprecate, which the library would refuse.
    built = buildASTSchema(merged, { assumeValidSDL: true, assumeValid: true })
  }
  return built
}

// Found as Node finds packages. Only the text is read: the package's own code would load a second copy of graphql.
function publishedFile(): string {
  const folders = createRequire(import.meta.url).resolve.paths('@octokit/graphql-schema') ?? []
  const file = folders.map((folder) => join(folder, '@octokit/graphql-schema/schema.graphql')).find(existsSync)
  if (!file) throw new Error('the package @octokit/graphql-schema is not installed')
  return file
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
