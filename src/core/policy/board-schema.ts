// The form of `board` in a policy: which boards it governs, and which of their cards.
import { z } from 'zod'

const projectNumber = z.number().int().min(1).max(2_147_483_647)

const repositoryPattern = z.string().regex(/^[A-Za-z0-9._*?-]{1,100}$/, {
  error: 'Name a repository of the board’s owner by its name alone, with `*` for any letters, as in `eval-*`.',
})

export const boardSchema = z.strictObject({
  project: projectNumber.describe('Number of the organization’s project, as in its address.'),
  also: z
    .array(projectNumber)
    .min(1)
    .max(50)
    .refine((numbers) => new Set(numbers).size === numbers.length, { error: 'A board is listed twice.' })
    .optional()
    .describe(
      'Numbers of further projects under this policy, with the same columns. Each board is counted by itself: a limit holds on each of them. `[14, 15]`',
    ),
  field: z
    .string()
    .min(1)
    .max(100)
    .default('Status')
    .describe('The single-select field whose options are the columns.'),
  repositories: z
    .array(repositoryPattern)
    .min(1)
    .max(200)
    .optional()
    .describe(
      'In the organization’s file: only cards of these repositories are governed; `*` stands for any letters, `?` for one. Without it: all cards. Drafts, cards that Andon cannot see, and cards of a repository with a policy of its own are governed in any case. `[support-bot, "eval-*"]`',
    ),
})
