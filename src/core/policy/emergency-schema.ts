// The form of the emergency lane in a policy: who may open it, what it skips, and the review that follows.
import { z } from 'zod'
import { teamSlug } from '../facts/people.ts'
import { labelSchema, lockedSchema, nameSchema } from './name-schema.ts'

export const emergencySchema = z.strictObject({
  label: labelSchema
    .default('andon: emergency')
    .describe('The label that asks for the lane. It opens only where the one who moves the card is of `teams`.'),
  teams: z
    .array(teamSlug)
    .min(1)
    .max(20)
    .describe('Slugs of teams of the organization, child teams included, whose members may use the lane.'),
  skips: z
    .array(nameSchema)
    .min(1)
    .max(50)
    .describe('Gates that are not asked in an emergency; every other gate stands: `[offline-eval, no-freeze]`.'),
  'review-hours': z
    .number()
    .int()
    .min(1)
    .max(720)
    .default(48)
    .describe(
      'Within how many hours somebody other than the mover must have closed the review’s issue. After that no card of the team moves forward until it is closed.',
    ),
  issue: z
    .strictObject({
      labels: z.array(labelSchema).max(20).default([]).describe('Labels of the issue: `["andon: review"]`.'),
    })
    .prefault({})
    .describe('The issue that is opened for the review, in the card’s repository.'),
  locked: lockedSchema,
})
