// The form of what a policy says of movers: who may move cards into a column, and the agents with their own rules.
import { z } from 'zod'
import { accountLogin, botLogin, personLogin, teamSlug } from '../facts/people.ts'
import { columnName, lockedSchema, nameSchema } from './name-schema.ts'

export const moversSchema = z
  .strictObject({
    teams: z
      .array(teamSlug)
      .max(20)
      .default([])
      .describe('Slugs of teams of the organization, child teams included: their members may.'),
    users: z.array(personLogin).max(100).default([]).describe('Logins of people who may, besides the teams.'),
    bots: z
      .array(botLogin)
      .max(50)
      .default([])
      .describe(
        'Logins of apps that may. GitHub’s own board automations are `github-project-automation[bot]`. `["deploy-bot[bot]"]`',
      ),
    agents: z
      .array(nameSchema)
      .max(50)
      .default([])
      .describe('Agents that may, by their names in `agents`. An agent counts only here, whatever teams it is in.'),
  })
  .refine((movers) => Object.values(movers).some((named) => named.length > 0), {
    error: '`movers` names nobody: give `teams`, `users`, `bots` or `agents`, or leave it out.',
  })
  .describe('`movers` may have these keys; whoever one of them names may.')

export const agentSchema = z.strictObject({
  login: accountLogin.describe('The account it works with, of an app or of a machine user. `"acme-coder[bot]"`'),
  'may-enter': z
    .array(columnName)
    .max(50)
    .optional()
    .describe('The only columns that it may move cards forward into. Without it: those that everybody may.'),
  locked: lockedSchema,
})
