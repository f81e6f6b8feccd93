// Runs one program of a step in a process group of its own, so that a timeout or a cancel ends all it started.
import { type ChildProcess, spawn } from 'node:child_process'

export type ProcessOrder = {
  file: string
  arguments: string[]
  folder: string
  environment: Record<string, string>
  /** Milliseconds. */
  timeout: number
  /** Its abort interrupts the program, then terminates and kills it. */
  cancel: AbortSignal
  patience: { interrupt: number; terminate: number }
  onLine: (line: string) => void
  /** Told the group's id, so that what a step leaves running can be ended with the job. */
  onStart: (group: number) => void
}

export type ProcessEnd =
  | { how: 'exited'; code: number }
  | { how: 'timed-out' }
  | { how: 'cancelled' }
  | { how: 'not-started'; message: string }

// What a step leaves in the background may hold its output open: after the program's end it is read this long.
const LAST_WORDS = 500
const LONGEST_LINE = 1024 * 1024

export function runProcess(order: ProcessOrder): Promise<ProcessEnd> {
  return new Promise((done) => {
    if (order.cancel.aborted) return done({ how: 'cancelled' })
    const child = spawn(order.file, order.arguments, {
      cwd: order.folder,
      env: order.environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (child.pid) order.onStart(child.pid)
    const read = Promise.all([readLines(child.stdout, order.onLine), readLines(child.stderr, order.onLine)])
    let stopped: 'timed-out' | 'cancelled' | null = null
    const timers: NodeJS.Timeout[] = []
    const stop = (how: 'timed-out' | 'cancelled') => {
      if (stopped) return
      stopped = how
      signalGroup(child.pid, 'SIGINT')
      timers.push(setTimeout(() => signalGroup(child.pid, 'SIGTERM'), order.patience.interrupt))
      timers.push(
        setTimeout(() => signalGroup(child.pid, 'SIGKILL'), order.patience.interrupt + order.patience.terminate),
      )
    }
    const onCancel = () => stop('cancelled')
    order.cancel.addEventListener('abort', onCancel, { once: true })
    if (Number.isFinite(order.timeout))
      timers.push(setTimeout(() => stop('timed-out'), Math.min(order.timeout, 2 ** 31 - 1)))
    const settle = async (end: ProcessEnd) => {
      for (const timer of timers) clearTimeout(timer)
      order.cancel.removeEventListener('abort', onCancel)
      if (stopped) signalGroup(child.pid, 'SIGKILL')
      await Promise.race([read, new Promise((wake) => setTimeout(wake, LAST_WORDS))])
      release(child)
      done(stopped ? { how: stopped } : end)
    }
    child.once('error', (error) => void settle({ how: 'not-started', message: error.message }))
    child.once('exit', (code, signal) => void settle({ how: 'exited', code: code ?? (signal ? 128 : 1) }))
  })
}

/** Sends a signal to a whole process group; a group that is gone is no error. */
export function signalGroup(group: number | undefined, signal: NodeJS.Signals): void {
  if (!group) return
  try {
    process.kill(-group, signal)
  } catch {
    // Gone already.
  }
}

/** True while the group has a process left, which is what keeps its number from being given again. */
export function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch {
    return false
  }
}

// A line without end is cut, so that a program cannot fill this process's memory with one.
function readLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): Promise<void> {
  if (!stream) return Promise.resolve()
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line.replace(/\r$/, ''))
    if (rest.length <= LONGEST_LINE) return
    onLine(rest)
    rest = ''
  })
  return new Promise((done) =>
    stream.once('close', () => {
      if (rest !== '') onLine(rest)
      done()
    }),
  )
}

function release(child: ChildProcess): void {
  child.stdout?.destroy()
  child.stderr?.destroy()
}
