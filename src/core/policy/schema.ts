// The policy file's form: every key with its meaning. Types, editor help and the reference page come out of it.
import { z } from 'zod'
import { GATES } from '../gates/index.ts'
import { boardSchema } from './board-schema.ts'
import { columnSchema } from './column-schema.ts'
import { emergencySchema } from './emergency-schema.ts'
import { gateSchema } from './gate-schema.ts'
import { agentSchema } from './mover-schema.ts'
import { columnName, labelSchema, lockedSchema, nameSchema } from './name-schema.ts'
import { HOLD_LABEL } from './policy.ts'
import { riskSchema } from './risk-schema.ts'
import { waiversSchema } from './waiver-schema.ts'

const changeSchema = z.strictObject({
  label: labelSchema.optional().describe('The label that marks a card as this kind of change.'),
  requires: z
    .array(z.string().min(1).max(64))
    .default([])
    .describe('Sections that the manifest of such a change must hold, resolved.'),
  locked: lockedSchema,
})

const workflowSchema = z.strictObject({
  file: GATES.evaluation.settings.shape.workflow.describe(
    'File name of the workflow in `.github/workflows` on the default branch. It declares one input, `andon`.',
  ),
  with: z
    .record(z.string().min(1).max(128), z.unknown())
    .default({})
    .describe('Handed to the workflow as it is, in `fromJSON(inputs.andon).with`.'),
  locked: lockedSchema,
})

export const BASE_NAME =
  /^(?:andon\/[a-z][a-z0-9-]{0,62}@[1-9]\d{0,3}|policies\/[A-Za-z0-9][A-Za-z0-9._-]{0,100}\.ya?ml)$/

const baseSchema = z.string().regex(BASE_NAME, {
  error:
    'Name a preset with its version, as in `andon/regulated@1`, or a file of the organization, as in `policies/base.yml`.',
})

/** One policy file. `board` and `columns` may stand in the organization's file instead of the repository's. */
export const policyFileSchema = z.strictObject({
  version: z.literal(1).describe('The form of this file. This is version 1.'),
  extends: z
    .union([baseSchema, z.array(baseSchema).min(1).max(5)])
    .optional()
    .describe(
      'What this file builds on, one or several, the later over the earlier: a preset as in `andon/regulated@1`, or a file of the organization’s `.github` repository as in `policies/base.yml`.',
    ),
  locked: z
    .boolean()
    .optional()
    .describe(
      '`true`: everything in this file and in what it extends is locked, as if each gate, column, kind, risk, agent and workflow said so itself; and so are `moves`, `labels`, `waivers` and `emergency`, written or not.',
    ),
  board: boardSchema.optional().describe('Which boards are governed.'),
  changes: z
    .record(nameSchema, changeSchema)
    .default({})
    .describe('Kinds of change. A card’s kind is the first whose label it bears, else the manifest’s own `kind`.'),
  risk: z
    .record(nameSchema, riskSchema)
    .default({})
    .describe('Risks. The first that matches is the card’s; where none does, it is `default`.'),
  agents: z
    .record(nameSchema, agentSchema)
    .optional()
    .describe(
      'Automated agents that work on the board, by name: each has rules and a mark of its own, and never counts as an approver.',
    ),
  columns: z.array(columnSchema).min(1).max(50).optional().describe('The columns, in the order of the pipeline.'),
  moves: z
    .strictObject({
      forward: z
        .enum(['next', 'any'])
        .default('next')
        .describe('`next`: one column at a time. `any`: further, through the gates of every column crossed.'),
      backward: z.enum(['any']).default('any').describe('Moves back are granted and recorded.'),
      locked: lockedSchema,
    })
    .prefault({})
    .describe('Which moves may be made.'),
  gates: z
    .record(nameSchema, gateSchema)
    .default({})
    .describe('The gates by name, which cannot be `policy`. Columns name those that they ask for.'),
  waivers: waiversSchema
    .optional()
    .describe('Bounds for all waivers: `{ longest-days: 30, most-open: 3 }`, which also hold without it.'),
  emergency: emergencySchema
    .optional()
    .describe('A fast lane for named teams, with a review afterwards. Without it there is none.'),
  workflows: z.record(nameSchema, workflowSchema).default({}).describe('Workflows that `then` runs.'),
  labels: z
    .strictObject({
      hold: labelSchema.default(HOLD_LABEL).describe('While a card bears this label, it makes no forward move.'),
      move: z
        .record(labelSchema, columnName)
        .default({})
        .describe('Labels that ask for a move: adding one is as good as dragging the card into that column.'),
      locked: lockedSchema,
    })
    .prefault({})
    .describe('Labels that mean something to Andon.'),
})

export type PolicyFile = z.infer<typeof policyFileSchema>
