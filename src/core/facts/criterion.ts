// What a metric must reach: its form in the policy, its words, and whether a number meets it.
import { z } from 'zod'

/** A key that is known and that a later version brings: refused in one sentence, never ignored. */
export function later(key: string, instead: string) {
  return z
    .never({ error: `\`${key}\` is not available in this version of Andon; ${instead}.` })
    .optional()
    .describe('Not available in this version: a policy that uses it is refused.')
}

const useBounds = 'use `min` or `max`'

export const criterionSchema = z
  .strictObject(
    {
      min: z.number().optional().describe('The metric must be at least this number.'),
      max: z.number().optional().describe('The metric must be at most this number.'),
      compare: later('compare', useBounds),
      margin: later('margin', useBounds),
      confidence: later('confidence', useBounds),
      critical: later('critical', useBounds),
    },
    {
      error: ({ input }) =>
        typeof input === 'number'
          ? `A metric’s bound has a name: write \`{ min: ${input} }\` or \`{ max: ${input} }\`.`
          : undefined,
    },
  )
  .refine((criterion) => criterion.min !== undefined || criterion.max !== undefined, {
    error: 'A metric needs a bound: `min`, `max`, or both.',
  })
  .refine((criterion) => criterion.min === undefined || criterion.max === undefined || criterion.min <= criterion.max, {
    error: '`min` is greater than `max`: no number can meet both.',
  })
  .describe('What a metric must reach.')

export type Criterion = z.infer<typeof criterionSchema>

/** "≥ 0.9", "≤ 0.005" or "0.2 – 0.8": the numbers as the policy has them. */
export function describeCriterion(criterion: Criterion): string {
  const { min, max } = criterion
  if (min !== undefined && max !== undefined) return `${min} – ${max}`
  if (min !== undefined) return `≥ ${min}`
  return max === undefined ? 'no bound' : `≤ ${max}`
}

/** Whether a number meets the criterion; bounds are inclusive, and what is no finite number never meets one. */
export function meetsCriterion(value: number, criterion: Criterion): boolean {
  if (!Number.isFinite(value)) return false
  const { min, max } = criterion
  return (
    (min !== undefined || max !== undefined) &&
    (min === undefined || value >= min) &&
    (max === undefined || value <= max)
  )
}

/** The measured number with as few digits, from four, as tell it from the numbers of its criterion: no miss is rounded away. */
export function showMeasured(value: number, criterion: string): string {
  const bounds = (criterion.match(/-?\d+(\.\d+)?(e[+-]?\d+)?/gi) ?? []).map(Number)
  for (let digits = 4; digits < 17; digits++) {
    const shown = Number(value.toPrecision(digits))
    if (shown === value || !bounds.includes(shown)) return String(shown)
  }
  return String(value)
}
