// Lengths of time as a policy writes them: `5m`, `1h`, `30d`.
import { z } from 'zod'

const MILLISECONDS = { m: 60_000, h: 3_600_000, d: 86_400_000 }
const LONGEST_DAYS = 366

const FORM = 'Write a length of time as a whole number and `m`, `h` or `d`, as in `5m`, `1h` or `30d`.'

/** Milliseconds; null for what is no length of time. */
function read(text: string): number | null {
  const [, number, unit] = /^(0|[1-9]\d{0,6})([mhd])$/.exec(text) ?? []
  return number === undefined ? null : Number(number) * MILLISECONDS[unit as keyof typeof MILLISECONDS]
}

/** A length of time, kept as it was written, so that it is told in the policy's own words. */
export const durationSchema = z.string({ error: FORM }).superRefine((text, context) => {
  const length = read(text)
  const problem =
    length === null
      ? FORM
      : length === 0
        ? 'A length of time must be longer than nothing.'
        : length > LONGEST_DAYS * MILLISECONDS.d
          ? `The longest length of time is \`${LONGEST_DAYS}d\`.`
          : null
  if (problem !== null) context.addIssue({ code: 'custom', message: problem, continue: false })
})

/** How many milliseconds a length of time is. Throws for a text that `durationSchema` does not take: a caller's bug. */
export function millisecondsOf(duration: string): number {
  const length = read(duration)
  if (length === null) throw new Error(`${duration} is no length of time.`)
  return length
}
