// How people and teams are named in a policy: teams by slug, people by login.
import { z } from 'zod'

/** A team of the organization. */
export const teamSlug = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, {
  error: 'Name a team of the organization by its slug alone, as in `ai-safety`.',
})

/** A person. */
export const personLogin = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, { error: 'Name a person by the login alone, without `@`.' })

/** An app's account. */
export const botLogin = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}\[bot\]$/, {
  error: 'Name a bot by its login with `[bot]` at the end, in quotes, as in `"deploy-bot[bot]"`.',
})

/** A person's, a machine user's or an app's account. */
export const accountLogin = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?$/, {
  error: 'Name an account by its login alone; that of an app ends in `[bot]`, as in `"acme-coder[bot]"`.',
})
