// The reference page shows each key in use, and what it shows is one policy that can be used.
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { z } from 'zod'
import { sentence } from '../../../src/core/facts/problem.ts'
import { definitionOf, isRefused, unwrap } from '../../../src/core/facts/schema-walk.ts'
import { GATES } from '../../../src/core/gates/index.ts'
import { columnSchema } from '../../../src/core/policy/column-schema.ts'
import { GATE_EXAMPLES, SECTION_EXAMPLES } from '../../../src/core/policy/examples.ts'
import { commonSchema, whenSchema } from '../../../src/core/policy/gate-schema.ts'
import { parsePolicy } from '../../../src/core/policy/parse.ts'
import { policyReference } from '../../../src/core/policy/reference.ts'
import { policyFileSchema } from '../../../src/core/policy/schema.ts'

/** Told once for all sections, since it is the same in each. */
const EVERYWHERE = ['locked']

function keysOf(schema: z.ZodType): string[] {
  const { shape, valueType } = definitionOf(unwrap(schema))
  if (valueType) return keysOf(valueType)
  const known = Object.entries(shape ?? {}).filter(([key, value]) => !isRefused(value) && !EVERYWHERE.includes(key))
  return known.map(([key]) => key)
}

/** Keys of the schema that none of the entries has. */
function unshown(schema: z.ZodType, entries: unknown[]): string[] {
  const shown = new Set(entries.flatMap((entry) => Object.keys(entry ?? {})))
  return keysOf(schema).filter((key) => !shown.has(key))
}

const gates = Object.values(GATE_EXAMPLES).map((text) => text.replace(/^gates:\n/, ''))
const whole = `version: 1\n${Object.values(SECTION_EXAMPLES).join('')}gates:\n${gates.join('')}`
const entries = Object.values<Record<string, unknown>>(parse(whole).gates)

it('shows examples that together are one policy, without a problem or a doubt', () => {
  const parsed = parsePolicy(whole)
  expect([...(parsed.ok ? [] : parsed.problems), ...(parsed.warnings ?? [])].map(sentence)).toEqual([])
})

it('has each of them on its page', () => {
  const page = policyReference()
  for (const text of [...Object.values(SECTION_EXAMPLES), ...Object.values(GATE_EXAMPLES)]) expect(page).toContain(text)
})

describe('shows each key in use', () => {
  const sections = Object.entries(definitionOf(policyFileSchema).shape ?? {}).filter(([key]) => key !== 'gates')

  it.each(sections)('of `%s`', (key, schema) => {
    const section = parse(SECTION_EXAMPLES[key] ?? '{}')[key] ?? {}
    const named = definitionOf(unwrap(schema)).valueType !== undefined
    expect(unshown(schema, named ? Object.values(section) : [section])).toEqual([])
  })

  it('of a column', () => expect(unshown(columnSchema, parse(SECTION_EXAMPLES.columns ?? '').columns)).toEqual([]))

  it('of every gate', () => {
    expect(unshown(commonSchema, entries)).toEqual([])
    const conditions = entries.flatMap(({ when }) => when ?? [])
    expect(unshown(whenSchema, conditions)).toEqual([])
  })

  it.each(Object.entries(GATES))('of a gate of kind `%s`', (kind, gate) => {
    const own = entries.filter((entry) => entry.kind === kind)
    expect(unshown(gate.settings, own)).toEqual([])
  })
})
