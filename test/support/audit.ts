// Runs `andon audit gaps` against a story's sandbox and store, as a person would on the machine of the app.
import { runAudit } from '../../src/cli/audit.ts'
import type { Story } from './story.ts'
import { hear, type Said } from './terminal.ts'

/** A minute later, when no move is under way any more. `change`: of the environment. */
export async function audit(story: Story, args: string[] = [], change: Record<string, string> = {}): Promise<Said> {
  const { settings, clock } = story.parts
  story.pass(61)
  const environment = { ...story.environment, ...change }
  return hear(settings.folder, (terminal) => runAudit(['gaps', ...args], terminal, environment, clock))
}
