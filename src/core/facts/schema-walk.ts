// Looks into a Zod schema: which keys it knows at a place. Both the problems and the reference page ask.
import type { z } from 'zod'
import type { Path } from './yaml.ts'

/** What this program reads of a schema's definition, whatever its type. */
export type Definition = {
  type: string
  shape?: Record<string, z.ZodType>
  innerType?: z.ZodType
  valueType?: z.ZodType
  element?: z.ZodType
  options?: z.ZodType[]
  values?: unknown[]
  entries?: Record<string, string>
  defaultValue?: unknown
  out?: z.ZodType
  checks?: { def?: { format?: string } }[]
}

export function definitionOf(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition
}

/** The schema without its optionality, default or preparation. */
export function unwrap(schema: z.ZodType): z.ZodType {
  const { type, innerType, out } = definitionOf(schema)
  if (innerType && ['optional', 'default', 'prefault', 'nullable'].includes(type)) return unwrap(innerType)
  return type === 'pipe' && out ? unwrap(out) : schema
}

/** True for a key that is known and refused in this version. */
export function isRefused(schema: z.ZodType): boolean {
  return definitionOf(unwrap(schema)).type === 'never'
}

/** The keys allowed at a path; of a union, those of the branches that the written value may be. */
export function keysAt(schema: z.ZodType, path: Path, value: unknown): string[] {
  let schemas = [schema]
  let at = value
  for (const step of path) {
    schemas = schemas.flatMap((one) => branches(one, at)).flatMap((one) => child(one, step))
    at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined
  }
  const shapes = schemas.flatMap((one) => branches(one, at)).map((one) => definitionOf(one).shape ?? {})
  return [
    ...new Set(
      shapes.flatMap((shape) => Object.keys(shape).filter((key) => shape[key] !== undefined && !isRefused(shape[key]))),
    ),
  ]
}

function branches(schema: z.ZodType, value: unknown): z.ZodType[] {
  const bare = unwrap(schema)
  const options = definitionOf(bare).options
  if (options === undefined) return [bare]
  const all = options.flatMap((option) => branches(option, value))
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined
  const named = all.filter((option) => {
    const shape = definitionOf(option).shape?.kind
    return shape !== undefined && definitionOf(shape).values?.includes(kind)
  })
  return named.length > 0 ? named : all
}

function child(schema: z.ZodType, step: string | number): z.ZodType[] {
  const { shape, valueType, element } = definitionOf(schema)
  const found = shape && Object.hasOwn(shape, step) ? shape[step] : (valueType ?? element)
  return found === undefined ? [] : [found]
}
