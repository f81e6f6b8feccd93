// Lets a process of a benchmark answer its parent: what it has used so far, and whatever else it is told to answer.
import { setTimeout as sleep } from 'node:timers/promises'

type Answers = Record<string, (given: never) => unknown>

const answers: Answers = {
  /** Milliseconds of processor time. */
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  /** Bytes, after all garbage is gone. */
  memory: () => {
    for (let round = 0; round < 3; round++) globalThis.gc?.()
    const { rss, heapUsed } = process.memoryUsage()
    return { rss, heapUsed }
  },
}

process.on('message', async ({ id, what, given }: { id: number; what: string; given: never }) => {
  // The parent may ask before the process has come to the line that tells what it answers.
  while (answers[what] === undefined) await sleep(10)
  try {
    process.send?.({ id, answer: await answers[what](given) })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.stack : String(error) })
  }
})
// Without its parent it has nothing to do.
process.once('disconnect', () => process.exit(0))

/** From here on this process answers these questions too. */
export function answer(more: Answers): void {
  Object.assign(answers, more)
}
