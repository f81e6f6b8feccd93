// Starts the processes of a benchmark, each of its own, and asks them.
import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'

const ANSWERS = new URL('answers.ts', import.meta.url).href
const MAIN = new URL('../../src/main.ts', import.meta.url)

export type Process = {
  ask<Answer>(what: string, given?: unknown): Promise<Answer>
  stop(): Promise<void>
}

/** `file` beside this one, or any other; it answers what it says by `answer`, and what `answers.ts` says. */
export function startProcess(file: string | URL, env: Record<string, string> = {}, onLine?: (line: string) => void) {
  const child = fork(new URL(file, import.meta.url), [], {
    execArgv: ['--expose-gc', '--import', ANSWERS],
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', onLine ? 'pipe' : 'inherit', 'inherit', 'ipc'],
  })
  if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine)
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  let asked = 0
  child.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
    if (error === undefined) waiting.get(id)?.resolve(answer)
    else waiting.get(id)?.reject(new Error(error))
    waiting.delete(id)
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended before it answered.`))
  })
  const ask = <Answer>(what: string, given?: unknown) =>
    new Promise<Answer>((resolve, reject) => {
      asked += 1
      waiting.set(asked, { resolve, reject })
      child.send({ id: asked, what, given })
    })
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return { ask, stop, ended }
}

export type App = Process & { url: string; gauge(name: string): Promise<number>; drained(): Promise<void> }

/** The app as an operator starts it; listens when this settles. `gauge` reads a number of its `/metrics`. */
export async function startApp(env: Record<string, string>): Promise<App> {
  let listening: (url: string) => void
  const told = new Promise<string>((resolve) => {
    listening = resolve
  })
  const app = startProcess(MAIN, { PORT: '0', ...env }, (line) => {
    if (line.includes('Andon is listening')) listening(JSON.parse(line).url)
  })
  const url = await Promise.race([told, app.ended.then(() => Promise.reject(new Error('The app did not start.')))])
  const metrics = async () => (await fetch(`${url}/metrics`)).text()
  const numberIn = (text: string, name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    ...app,
    url,
    gauge: async (name) => numberIn(await metrics(), name),
    async drained() {
      for (;;) {
        const text = await metrics()
        const left = ['andon_deliveries_waiting', 'andon_tasks_due', 'andon_tasks_leased'].map((n) => numberIn(text, n))
        if (left.every((count) => count === 0)) return
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    },
  }
}
