// Reads one policy file on its own: what `andon check` does, and what an organization without repositories' files has.
import type { Checked } from '../facts/problem.ts'
import { type Bases, combine } from './inherit.ts'
import type { Policy } from './policy.ts'

/** The policy, or all its problems at once. `source`: how the file is called in them; `bases`: what it may extend. */
export function parsePolicy(text: string, source = 'andon.yml', bases?: Bases): Checked<Policy> {
  const checked = combine(null, { repository: '', path: source, text }, bases)
  if (checked === null) throw new Error('One file was given, and none was read.')
  return checked
}
