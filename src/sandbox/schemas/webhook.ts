// Checks a webhook's payload against the cut of GitHub's webhook schemas.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { Schema } from './prune.ts'

type Cut = { events: Record<string, Schema>; schemas: Record<string, Schema> }

const cut = JSON.parse(readFileSync(join(import.meta.dirname, 'webhooks.generated.json'), 'utf8')) as Cut
const ajv = new Ajv({ strict: false, allErrors: true })
addFormats.default(ajv, ['date-time'])
ajv.addSchema({ $id: 'webhooks', schemas: cut.schemas })
const compiled = new Map<string, ValidateFunction>()

/** What of the payload GitHub could not have sent; empty when all is well. */
export function checkWebhook(event: string, payload: { action?: string }): string[] {
  const name = payload.action ? `${event}.${payload.action}` : event
  const schema = cut.events[name]
  if (!schema) return [`${name} is no webhook that the sandbox knows`]
  const valid = compiled.get(name) ?? ajv.compile(schema)
  compiled.set(name, valid)
  if (valid(payload)) return []
  // GitHub's list of the events an app may hear is older than the events themselves: it lacks `projects_v2_item`.
  const errors = valid.errors?.filter((error) => !/\/app\/events\/\d+$/.test(error.instancePath))
  return (errors ?? []).map((error) => `${name}${error.instancePath} ${error.message}`)
}
