// The form of waivers in a policy: who may accept that a gate fails, for how long, and how many at once.
import { z } from 'zod'
import { teamSlug } from '../facts/people.ts'
import { lockedSchema } from './name-schema.ts'

const days = z.number().int().min(1).max(365)

/** Where the policy says nothing: how long a waiver may hold, and how many may be open on a board. */
export const WAIVER_DAYS = 30
export const WAIVERS_OPEN = 3

export const waiveSchema = z.strictObject({
  teams: z
    .array(teamSlug)
    .min(1)
    .max(20)
    .describe(
      'Slugs of teams of the organization, child teams included. A member of any of them may waive the gate, but for those who made the change and the one who moved the card.',
    ),
  'longest-days': days
    .optional()
    .describe('For how many days at most. Without it, and where it is more: `longest-days` of `waivers`.'),
  compensate: z
    .string()
    .min(3)
    .max(500)
    .optional()
    .describe('What makes up for the gate while it is waived: said beside each waiver of it.'),
})

export const waiversSchema = z.strictObject({
  'longest-days': days.default(WAIVER_DAYS).describe('For how many days at most any gate may be waived.'),
  'most-open': z
    .number()
    .int()
    .min(0)
    .max(100)
    .default(WAIVERS_OPEN)
    .describe('How many waivers may be open at once over the board. `0`: none is granted.'),
  locked: lockedSchema,
})
