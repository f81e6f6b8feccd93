// Reads workflow and action files by GitHub's own schema into a tree of tokens, with every problem at its place.
import { readFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { JSONObjectReader } from '@actions/workflow-parser/templates/json-object-reader'
import { TemplateSchema } from '@actions/workflow-parser/templates/schema/index'
import { TemplateContext, TemplateValidationErrors } from '@actions/workflow-parser/templates/template-context'
import { readTemplate as readBySchema } from '@actions/workflow-parser/templates/template-reader'
import type { MappingToken, SequenceToken, TemplateToken } from '@actions/workflow-parser/templates/tokens/index'
import { isMapping, isSequence } from '@actions/workflow-parser/templates/tokens/type-guards'
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer'
import { YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader'
import type { Checked, Problem } from '../../core/facts/problem.ts'

export type { MappingToken, TemplateToken }

type Kind = 'workflow' | 'action'

const schemas = new Map<Kind, TemplateSchema>()

// The package's front door imports its schemas as JSON without the attribute that Node demands, so the parts
// behind it are used, and the schema is read as the file it is.
function schemaOf(kind: Kind): TemplateSchema {
  let schema = schemas.get(kind)
  if (!schema) {
    const home = dirname(findPackageJSON('@actions/workflow-parser', import.meta.url) ?? '')
    const text = readFileSync(join(home, 'dist', `${kind}-v1.0.min.json`), 'utf8')
    schema = TemplateSchema.load(new JSONObjectReader(undefined, text))
    schemas.set(kind, schema)
  }
  return schema
}

export type Template = { root: MappingToken; context: TemplateContext }

/** The file's tree, checked against GitHub's schema (unknown keys, wrong types, unknown names in expressions). */
export function readTemplate(kind: Kind, name: string, text: string): Checked<Template> {
  const context = new TemplateContext(new TemplateValidationErrors(), schemaOf(kind), new NoOperationTraceWriter())
  const file = context.getFileId(name)
  const reader = new YamlObjectReader(file, text)
  if (reader.errors.length > 0) {
    return { ok: false, problems: reader.errors.map((found) => problem(found.message, found.range?.start)) }
  }
  const root = readBySchema(context, `${kind}-root-strict`, reader, file)
  const problems = problemsOf(context)
  if (problems.length > 0) return { ok: false, problems }
  if (!root || !isMapping(root)) return { ok: false, problems: [{ message: `${name} holds no ${kind}.` }] }
  return { ok: true, value: { root, context } }
}

export function problemsOf(context: TemplateContext): Problem[] {
  return context.errors.getErrors().map((found) => problem(found.rawMessage, found.range?.start))
}

function problem(message: string, place: { line: number; column: number } | undefined): Problem {
  return place ? { message, line: place.line, column: place.column } : { message }
}

/** The mapping under a key; undefined where there is none. */
export function mappingAt(token: MappingToken | undefined, key: string): MappingToken | undefined {
  const found = token?.find(key)
  return found && isMapping(found) ? found : undefined
}

/** The mappings of the sequence under a key, as a job's steps are. */
export function mappingsAt(token: MappingToken, key: string): MappingToken[] {
  const found = token.find(key)
  if (!found || !isSequence(found)) return []
  return items(found).filter(isMapping)
}

function items(sequence: SequenceToken): TemplateToken[] {
  return Array.from({ length: sequence.count }, (_, index) => sequence.get(index))
}
