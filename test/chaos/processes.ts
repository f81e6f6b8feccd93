// The app as processes of its own that are killed with -9, and the balancer in front of them that hands on or drops.
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Chance } from './chance.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
const FAST_TIME = new URL('fast-time.ts', import.meta.url).href

export type Fleet = {
  /** Where webhooks are sent. */
  url: string
  kills: number
  /** Kills one of them with -9; another takes its place at once. */
  kill(): void
  /** Whether all of them are up. */
  whole(): boolean
  ready(): Promise<void>
  stop(): Promise<void>
}

/** `env`: the app's settings. `folder`: where each process's log is kept. */
export async function startFleet(
  size: number,
  env: Record<string, string>,
  folder: string,
  chance: Chance,
): Promise<Fleet> {
  const slots: ({ child: ChildProcess; url: URL | null } | null)[] = Array.from({ length: size }, () => null)
  const log = createWriteStream(join(folder, 'app.log'), { flags: 'a' })
  let stopping = false

  function start(slot: number): void {
    if (stopping) return
    const child = spawn(process.execPath, ['--import', FAST_TIME, MAIN], {
      env: { PATH: process.env.PATH, PORT: '0', CHAOS_CACHE: join(folder, 'compiled'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const seat = { child, url: null as URL | null }
    slots[slot] = seat
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.write(`${child.pid} ${line}\n`)
      if (seat.url === null && line.includes('Andon is listening')) seat.url = new URL(JSON.parse(line).url)
    })
    createInterface({ input: child.stderr }).on('line', (line) => log.write(`${child.pid} STDERR ${line}\n`))
    child.once('exit', (code, signal) => {
      log.write(`${child.pid} ended: ${signal ?? code}\n`)
      seat.url = null
      // One that stopped by itself is started again as an operator's supervisor would: not at once.
      setTimeout(() => start(slot), signal === 'SIGKILL' ? 0 : 300)
    })
  }

  const balancer = createServer((incoming, outgoing) => {
    const seat = chance.of(slots.filter((each) => each?.url))
    const drop = () => {
      if (!outgoing.headersSent) outgoing.writeHead(502)
      outgoing.end()
    }
    if (!seat?.url) return drop()
    const { hostname, port } = seat.url
    const { method, url: path, headers } = incoming
    const onward = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502)
      answer.on('error', drop)
      answer.pipe(outgoing)
    })
    onward.on('error', drop)
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve))
  for (let slot = 0; slot < size; slot++) start(slot)

  const endWithUs = () => slots.forEach((seat) => void seat?.child.kill('SIGKILL'))
  process.once('exit', endWithUs)
  const fleet: Fleet = {
    url: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`,
    kills: 0,
    kill() {
      const seat = chance.of(slots.filter((each) => each?.url))
      if (!seat) return
      seat.url = null
      fleet.kills += 1
      seat.child.kill('SIGKILL')
    },
    whole: () => slots.every((seat) => seat?.url),
    async ready() {
      while (!fleet.whole()) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    async stop() {
      stopping = true
      process.removeListener('exit', endWithUs)
      const ended = slots.map((seat) =>
        seat && seat.child.exitCode === null && seat.child.signalCode === null
          ? new Promise((resolve) => seat.child.once('exit', resolve))
          : null,
      )
      for (const seat of slots) seat?.child.kill('SIGTERM')
      await Promise.all(ended)
      balancer.closeAllConnections()
      await new Promise((resolve) => balancer.close(resolve))
      await new Promise((resolve) => log.end(resolve))
    },
  }
  return fleet
}
