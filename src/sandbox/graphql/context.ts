// What every resolver is given beside its source, and the form resolvers have.
import type { GraphQLResolveInfo } from 'graphql'
import { actorOf } from '../world/access.ts'
import type { Person } from '../world/account.ts'
import type { Viewer } from '../world/app.ts'
import { Refusal } from '../world/refusal.ts'
import type { World } from '../world/world.ts'
import type { Budget } from './budget.ts'

export type Context = {
  world: World
  viewer: Viewer
  budget: Budget
  /** What this request costs by GitHub's formula. */
  cost: number
  nodeCount: number
}

// A method's parameters may be narrower than declared, so that each resolver names the arguments it reads.
type Resolve<S> = {
  resolve(source: S, args: never, context: Context, info: GraphQLResolveInfo): unknown
}['resolve']

/** The resolvers of one type, by field. */
export type Fields<S> = Record<string, Resolve<S>>
export type Resolvers = Record<string, Fields<never>>

/** In whose name a mutation acts. */
export function actor(context: Context): Person {
  const person = actorOf(context.viewer)
  if (!person) throw new Refusal('forbidden', 'This endpoint requires you to be authenticated.')
  return person
}

/** Thrown where a query asks for what the sandbox has no answer to: never a silent null. */
export class NotImplemented extends Error {
  constructor(what: string) {
    super(`the sandbox does not implement ${what}`)
    this.name = 'NotImplemented'
  }
}
