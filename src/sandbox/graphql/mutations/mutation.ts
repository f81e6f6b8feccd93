// The frame of every mutation: its input, and the answer with GitHub's `clientMutationId`.
import type { Context } from '../context.ts'

export type Input<T> = { input: T & { clientMutationId?: string | null } }

/** A mutation's resolver out of what it does. */
export function mutation<T>(perform: (context: Context, input: T) => Record<string, unknown>) {
  return (_: never, { input }: Input<T>, context: Context): Record<string, unknown> => ({
    ...perform(context, input),
    clientMutationId: input.clientMutationId ?? null,
  })
}
