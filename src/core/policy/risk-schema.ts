// The form of a risk in a policy: what gives it to a card.
import { z } from 'zod'
import { isGlob } from '../facts/glob.ts'
import { labelSchema, lockedSchema, nameSchema } from './name-schema.ts'

const glob = z.string().min(1).max(200).refine(isGlob, {
  error:
    'A pattern starts at the top of the repository, has `/` between its parts, and no wildcards but `*`, `**` and `?`, as in `guardrails/**`.',
})

export const riskSchema = z
  .strictObject({
    labels: z.array(labelSchema).default([]).describe('A card with one of these labels has this risk.'),
    changes: z.array(nameSchema).default([]).describe('A change of one of these kinds has this risk.'),
    paths: z
      .array(glob)
      .min(1)
      .max(50)
      .optional()
      .describe(
        'A card whose pull request touches one of these files has this risk, as in `["guardrails/**", "prompts/*.md"]`. `*` stands for what is within one part of a path, `**` for any number of parts, `?` for one character. Renamed files count under both names. A pull request of more than 3,000 files counts as touching all of them; a card without a pull request touches none.',
      ),
    fields: z
      .record(z.string().min(1).max(100), z.array(z.string().min(1).max(100)).min(1).max(50))
      .refine((fields) => Object.keys(fields).length > 0, { error: '`fields` names no field of the board.' })
      .optional()
      .describe(
        'A card with one of these values in another single-select field of the board has this risk, as in `{ Risk: [High, Critical] }`. Capitals do not matter.',
      ),
    locked: lockedSchema,
  })
  .refine((risk) => risk.labels.length + risk.changes.length > 0 || risk.paths || risk.fields, {
    error: 'A risk that nothing matches: name `labels`, `changes`, `paths` or `fields`.',
  })
