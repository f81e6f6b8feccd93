// Runs `andon simulate` against a story's sandbox and store, and proves each time that nothing was touched.
import { runSimulate } from '../../src/cli/simulate.ts'
import type { LoggedRequest } from '../../src/sandbox/server/request-log.ts'
import { SECRET, type Story } from './story.ts'

export type Simulated = { code: number; out: string; err: string; requests: LoggedRequest[] }

/** `change`: of the environment. Throws where anything but a read reached GitHub or the record. */
export async function simulate(story: Story, args: string[], change: Record<string, string> = {}): Promise<Simulated> {
  const { settings, sandbox, clock } = story.parts
  const environment = {
    APP_ID: String(settings.appId),
    PRIVATE_KEY: settings.privateKey,
    WEBHOOK_SECRET: SECRET,
    GHE_HOST: new URL(sandbox.url).host,
    GHE_PROTOCOL: 'http',
    ANDON_DATA: settings.folder,
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
  await story.settle()
  const head = await story.app.ledger.head()
  const bodies: string[] = []
  const answer = globalThis.fetch
  globalThis.fetch = (input, init) => {
    if (typeof init?.body === 'string') bodies.push(init.body)
    return answer(input, init)
  }
  sandbox.requests.reset()
  const code = await runSimulate(args, terminal, environment, clock).finally(() => {
    globalThis.fetch = answer
  })
  const requests = sandbox.requests.list().filter(({ tokenFetch }) => !tokenFetch)
  const strange = [
    ...requests.filter(({ kind, method }) => kind === 'rest' && method !== 'GET').map(({ path }) => path),
    ...bodies.filter((body) => /"query":"\s*(\\n)*\s*mutation/.test(body)),
    ...((await story.app.ledger.head()).hash === head.hash ? [] : ['the record']),
  ]
  if (strange.length > 0) throw new Error(`A simulation touched ${strange.join(', ')}`)
  return { code, ...told, requests }
}
