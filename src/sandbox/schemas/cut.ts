// Cuts GitHub's published OpenAPI down to the operations and webhooks that the sandbox imitates. Run by hand:
//   npm pack @octokit/openapi@23.0.2 @octokit/openapi-webhooks@12.1.0, unpack each outside the tree, then
//   npx node src/sandbox/schemas/cut.ts <unpacked openapi> <unpacked openapi-webhooks>
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operations, webhooks } from './operations.ts'
import { resolve, type Schema, shareRepeated, startPruning } from './prune.ts'

const [openapi, openapiWebhooks] = process.argv.slice(2)
if (!openapi || !openapiWebhooks) {
  console.error('usage: cut.ts <unpacked @octokit/openapi> <unpacked @octokit/openapi-webhooks>')
  process.exit(2)
}
const here = import.meta.dirname
const fixtures = join(here, '../../../test/fixtures/github')

const { cut, examples } = cutRest(read(openapi))
write(join(here, 'rest.generated.json'), cut)
write(join(here, 'webhooks.generated.json'), cutWebhooks(read(openapiWebhooks)))
mkdirSync(fixtures, { recursive: true })
write(join(fixtures, 'rest-examples.json'), examples)

function read(folder: string): Schema {
  return JSON.parse(readFileSync(join(folder, 'generated/api.github.com.json'), 'utf8'))
}

/** One schema a line: small, and still legible in a diff. */
function write(file: string, content: Record<string, unknown>): void {
  const part = ([key, value]: [string, unknown]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`
  const lines = Object.entries(content).map(([key, value]) =>
    typeof value === 'object' && value !== null
      ? `${JSON.stringify(key)}:{\n${Object.entries(value).map(part).join(',\n')}\n}`
      : part([key, value]),
  )
  writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`)
}

/** Where GitHub's published schema contradicts GitHub's own example and its other operations. */
function correct(document: Schema): void {
  const list = ((document.paths as Record<string, Schema>)['/app/installations'] as Schema).get as Schema
  const schema = json((list.responses as Schema)['200'] as Schema)?.schema as Schema
  // Spelt out there as an account that is a user and an enterprise at once.
  schema.items = { $ref: '#/components/schemas/installation' }
}

function cutRest(document: Schema) {
  correct(document)
  const { pruned, reached } = startPruning('rest', document)
  const found: Record<string, unknown> = {}
  const examples: Record<string, unknown> = {}
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ')
    const route = (document.paths as Record<string, Schema>)[path] as Schema
    const source = route?.[method.toLowerCase()] as Schema
    if (!source) throw new Error(`GitHub's OpenAPI has no ${operation}`)
    const body = deref(document, source.requestBody)
    const answers = Object.entries(source.responses as Schema)
      .filter(([status]) => Number(status) < 400)
      .map(([status, answer]) => [status, json(deref(document, answer))] as const)
    found[operation] = {
      docs: (source.externalDocs as Schema).url,
      apps: (source['x-github'] as Schema).enabledForGitHubApps,
      parameters: (source.parameters as Schema[] | undefined)?.map((parameter) => {
        const { name, in: place, required, schema } = deref(document, parameter)
        // Queries take ranges (`created=>=2026-01-01`) where the spec speaks of a date.
        const { format: _, ...small } = pruned(schema)
        return { name, in: place, required: required === true, schema: small }
      }),
      ...(json(body) && { body: pruned(json(body)?.schema), bodyRequired: body.required === true }),
      responses: Object.fromEntries(answers.map(([status, media]) => [status, media ? pruned(media.schema) : null])),
    }
    for (const [status, media] of answers) {
      const all = Object.values((media?.examples as Record<string, Schema>) ?? {})
      if (all[0]) examples[`${operation} ${status}`] = deref(document, all[0]).value
    }
  }
  return {
    cut: { $id: 'rest', source: '@octokit/openapi 23.0.2', operations: found, schemas: reached },
    examples: { examples },
  }
}

function cutWebhooks(document: Schema) {
  const { pruned, reached } = startPruning('webhooks', document)
  const found: Record<string, Schema> = {}
  const all = document.webhooks as Record<string, { post: Schema }>
  for (const [event, actions] of Object.entries(webhooks)) {
    for (const action of actions) {
      const name = [event, action].filter(Boolean).join('-').replaceAll('_', '-')
      const source = all[name]?.post
      if (!source) throw new Error(`GitHub's webhooks have no ${name}`)
      found[action ? `${event}.${action}` : event] = pruned(json(source.requestBody as Schema)?.schema)
    }
  }
  shareRepeated('webhooks', found, reached)
  return { $id: 'webhooks', source: '@octokit/openapi-webhooks 12.1.0', events: found, schemas: reached }
}

function deref(document: Schema, value: unknown): Schema {
  const schema = (value ?? {}) as Schema
  return typeof schema.$ref === 'string' ? (resolve(document, schema.$ref) as Schema) : schema
}

function json(holder: Schema | undefined): Schema | undefined {
  return (holder?.content as Record<string, Schema> | undefined)?.['application/json']
}
