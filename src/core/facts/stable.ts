// Compares plain data as what it says: the store gives keys back in another order than they were written in.
import { isRecord } from './shape.ts'

/** One text for equal values, in whatever order their keys stand. */
export function stable(value: unknown): string {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  )
  return text ?? 'undefined'
}

export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b) || stable(a) === stable(b)
}
