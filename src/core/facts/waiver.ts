// A gate's failure that a named person accepted, for a reason, until a date.
import type { Actor } from './actor.ts'

/** `change` and `policy` are the digests it is bound to; `team`: whose member gave it; `compensate`: what makes up for it. */
export type Waiver = {
  gate: string
  by: Actor
  team: string
  at: string
  until: string
  reason: string
  change: string
  policy: string
  compensate: string | null
  url: string
}

/** `budget`: of several given at once, more than the policy lets be open. `removed`: the card was archived. */
export type WaiverEnd = 'expired' | 'change' | 'policy' | 'budget' | 'removed'
