// The app as a process of its own, started as `npm start` does it, with the environment as its only settings.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export type AppProcess = {
  child: ChildProcess
  /** Settles with its address once it listens; null where it ended before. */
  url: Promise<string | null>
  /** Settles when it has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; out: string; err: string }>
}

/** `user`: the id of another user to run as. */
export function startProcess(env: Record<string, string>, user?: number): AppProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user !== undefined && { uid: user, gid: user }),
  })
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const ended = new Promise<Awaited<AppProcess['ended']>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, out, err }))
  })
  const url = new Promise<string | null>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      out += `${line}\n`
      if (line.includes('Andon is listening')) resolve(JSON.parse(line).url)
    })
    void ended.then(() => resolve(null))
  })
  return { child, url, ended }
}
