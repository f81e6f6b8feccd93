// Runs `andon simulate` against a story's sandbox and store, and proves each time that nothing was touched.
import type { Terminal } from '../../src/cli/main.ts'
import { runSimulate } from '../../src/cli/simulate.ts'
import type { LoggedRequest } from '../../src/sandbox/server/request-log.ts'
import type { Story } from './story.ts'
import { hear, type Said } from './terminal.ts'

export type Simulated = Said & { requests: LoggedRequest[] }

/** `change`: of the environment. Throws where anything but a read reached GitHub or the record. */
export async function simulate(story: Story, args: string[], change: Record<string, string> = {}): Promise<Simulated> {
  const { settings, sandbox, clock } = story.parts
  const environment = { ...story.environment, ...change }
  await story.settle()
  const head = await story.app.ledger.head()
  const bodies: string[] = []
  const answer = globalThis.fetch
  globalThis.fetch = (input, init) => {
    if (typeof init?.body === 'string') bodies.push(init.body)
    return answer(input, init)
  }
  sandbox.requests.reset()
  const run = (terminal: Terminal) => runSimulate(args, terminal, environment, clock)
  const said = await hear(settings.folder, run).finally(() => {
    globalThis.fetch = answer
  })
  const requests = sandbox.requests.list().filter(({ tokenFetch }) => !tokenFetch)
  const strange = [
    ...requests.filter(({ kind, method }) => kind === 'rest' && method !== 'GET').map(({ path }) => path),
    ...bodies.filter((body) => /"query":"\s*(\\n)*\s*mutation/.test(body)),
    ...((await story.app.ledger.head()).hash === head.hash ? [] : ['the record']),
  ]
  if (strange.length > 0) throw new Error(`A simulation touched ${strange.join(', ')}`)
  return { ...said, requests }
}
