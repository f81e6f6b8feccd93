// Reads an account out of a GraphQL answer, in the spelling that REST and webhooks use too.
import { z } from 'zod'
import { type Actor, type ActorType, GHOST } from '../core/facts/actor.ts'

export const whoSchema = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.number().nullish() })
  .nullable()

type Who = z.infer<typeof whoSchema>

/** A deleted account is null in GraphQL. A bot's login lacks the `[bot]` that it bears everywhere else. */
export function actorOf(who: Who | undefined): Actor {
  if (!who) return GHOST
  const bot = who.__typename === 'Bot'
  const type: ActorType = bot ? 'Bot' : who.__typename === 'User' ? 'User' : 'Unknown'
  const login = bot && !who.login.endsWith('[bot]') ? `${who.login}[bot]` : who.login
  return { login, id: who.databaseId ?? 0, type }
}
