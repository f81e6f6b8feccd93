// Runs `andon audit gaps` against a story's sandbox and store, as a person would on the machine of the app.
import { runAudit } from '../../src/cli/audit.ts'
import { SECRET, type Story } from './story.ts'

/** A minute later, when no move is under way any more. `change`: of the environment. */
export async function audit(story: Story, args: string[] = [], change: Record<string, string> = {}) {
  const { settings, sandbox, clock } = story.parts
  const environment = {
    APP_ID: String(settings.appId),
    PRIVATE_KEY: settings.privateKey,
    WEBHOOK_SECRET: SECRET,
    GHE_HOST: new URL(sandbox.url).host,
    GHE_PROTOCOL: 'http',
    ANDON_DATA: settings.folder,
    ...(settings.databaseUrl && { DATABASE_URL: settings.databaseUrl }),
    ...change,
  }
  const told = { out: '', err: '' }
  const terminal = {
    cwd: settings.folder,
    color: false,
    out: (text: string) => {
      told.out += text
    },
    err: (text: string) => {
      told.err += text
    },
  }
  story.pass(61)
  const code = await runAudit(['gaps', ...args], terminal, environment, clock)
  return { code, ...told }
}
