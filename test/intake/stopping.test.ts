// The app is told to stop: it finishes the step in hand, leaves the rest in the store, and another start carries on.
import { afterEach, describe, expect, it } from 'vitest'
import type { Item } from '../../src/sandbox/world/board.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import type { Pull } from '../../src/sandbox/world/thread.ts'
import { type AppProcess, startProcess } from '../support/app-process.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [notes]
gates:
  notes: { kind: files, paths: [NOTES.md] }
`

let story: Story
let app: AppProcess
afterEach(async () => {
  app.child.kill('SIGKILL')
  await app.ended
  await story.end()
})

/** The story's own app makes way for a process of its own on the same store. */
async function startApart(): Promise<void> {
  app = startProcess(story.environment)
  const hook = story.parts.sandbox.apps[0]?.app.webhook
  if (hook) hook.url = `${await app.url}/api/github/webhooks`
}

async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s in the middle of the work', (signal) => {
  it('ends it in time with 0, and nothing is lost or done twice', async () => {
    story = await beginStory({ policy: POLICY })
    const cards: { pull: Pull; card: Item }[] = []
    for (const title of ['One', 'Two', 'Three', 'Four', 'Five', 'Six']) {
      const pull = story.pull(title)
      cards.push({ pull, card: await story.card(pull) })
    }
    await story.app.stop()
    await startApart()
    const slow = story.parts.sandbox.faults.add({ fault: 'latency', ms: 300 })
    const reads = () => story.parts.sandbox.requests.list({ operation: 'Card' }).length
    const before = reads()
    for (const { card } of cards) moveCard(story.world, story.parts.ada, card, 'Staging')
    await story.parts.sandbox.webhooks.settled()
    await until(() => reads() > before)
    // If it did not end by itself, it would be killed, and the code would be null. The contract's 10 s it keeps by a clock
    // of its own; the rest is for a machine with other work.
    const late = setTimeout(() => app.child.kill('SIGKILL'), 30_000)
    app.child.kill(signal)
    expect(await app.ended).toMatchObject({ code: 0, err: '' })
    clearTimeout(late)
    story.parts.sandbox.faults.remove(slow)

    await startApart()
    await until(() => cards.every(({ card }) => story.column(card) === 'Backlog'))
    await until(() => cards.every(({ pull }) => story.comments(pull).length > 0))
    app.child.kill(signal)
    await app.ended
    await story.restart()
    await story.settle()
    for (const { card, pull } of cards) {
      expect((await story.decisions(card)).filter((kind) => kind === 'move-refused')).toHaveLength(1)
      expect(story.comments(pull)).toHaveLength(1)
    }
  })
})
