// Takes the README's picture, board.png: the demo's board with a refused card open. Needs Chromium and an emoji font.
import { fileURLToPath } from 'node:url'
import { type Stage, setStage } from '../src/cli/demo/stage.ts'
import type { Item } from '../src/sandbox/world/board.ts'
import { moveCard } from '../src/sandbox/world/card-fields.ts'
import { review } from '../src/sandbox/world/reviews.ts'
import type { Pull } from '../src/sandbox/world/thread.ts'
import { noChromium, startChromium } from '../test/support/chromium.ts'

const PICTURE = fileURLToPath(new URL('./board.png', import.meta.url))

/** Until the runs that a move began have ended, and Andon has said what comes of them. */
async function rest({ settle, sandbox }: Stage): Promise<void> {
  await settle()
  await sandbox.runner?.idle()
  await settle()
}

async function play(stage: Stage): Promise<void> {
  const { world } = stage.sandbox
  const { cards, people } = stage.example
  const { ada, cy } = people
  if (!ada || !cy) throw new Error('The example has other people now.')
  const card = (name: string) => cards[name] as Item
  await rest(stage)
  for (const [name, column] of [
    ['3-praise', 'Staging'],
    ['4-both-ends', 'Staging'],
    ['2-question-mark', 'Ready for Evaluation'],
    ['2-question-mark', 'Staging'],
    ['2-question-mark', 'Production'],
  ] as const) {
    moveCard(world, ada, card(name), column)
    await rest(stage)
  }
  review(world, cy, card('2-question-mark').content as Pull, 'APPROVED')
  await rest(stage)
  moveCard(world, ada, card('1-calmer'), 'Staging')
  await rest(stage)
}

if (noChromium) throw new Error('There is no Chromium to take a picture with.')
const stage = await setStage({ folder: null, complain: (message) => console.error(message) })
const browser = await startChromium()
try {
  await play(stage)
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  await page.goto(`${stage.boardUrl}?card=${stage.example.cards['1-calmer']?.id}`)
  await page.locator('#panel .comment').getByText('Refused').waitFor()
  await page.screenshot({ path: PICTURE })
} finally {
  await browser.close()
  await stage.stop()
}
