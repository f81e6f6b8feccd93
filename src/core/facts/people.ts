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
