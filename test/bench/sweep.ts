// What one sweep of a board with 10,000 cards costs in requests, when nothing changed; counted on the sandbox.
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../src/sandbox/world/cards.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { pushCommit } from '../../src/sandbox/world/repositories.ts'
import { beginStory, type Story } from '../support/story.ts'

const POLICY = `version: 1
board: { project: 1 }
columns:
  - name: Backlog
  - name: Staging
    enter: [ready]
gates:
  ready: { kind: manifest, requires: [prompts] }
`

/** `requests`: of one idle sweep; `round`: sweeps until every card has been read again. */
type SweepCost = { cards: number; requests: number; round: number }

async function costOfIdleSweep(cards = 10_000): Promise<SweepCost> {
  const story = await beginStory({})
  const { sandbox, repository, ada, bo, project, olga } = story.parts
  const hook = sandbox.apps[0]?.app.webhook
  if (hook) hook.active = false
  for (let count = 0; count < cards; count++) {
    const issue = openIssue(story.world, bo, repository, { title: `Card ${count}`, body: '' })
    moveCard(story.world, ada, addCard(story.world, ada, project, issue), 'Backlog')
  }
  pushCommit(story.world, olga, repository, 'main', { files: { '.github/andon.yml': POLICY } })
  await sweepAfter(story, 301)
  story.pass(3 * 86_400)
  // After three days, all that was changed before is read once more, some pages a sweep.
  for (let sweeps = 0; sweeps < Math.ceil(cards / 300) + 2; sweeps++) await sweepAfter(story, 301)
  let round = 0
  for (let wholes = 0; wholes < 2; ) {
    await sweepAfter(story, 301)
    const whole = lastSweep(story).whole === 1
    if (wholes === 1) round += 1
    if (whole) wholes += 1
  }
  sandbox.requests.reset()
  await sweepAfter(story, 301)
  // The log of deliveries and the list of installations are read once for all boards.
  const asked = sandbox.requests.list().filter((request) => !request.tokenFetch && !request.path.includes('/app/'))
  await story.end()
  return { cards, requests: asked.length, round }
}

export async function benchSweep(print: (line: string) => void): Promise<void> {
  for (const cards of [300, 10_000]) {
    const { requests, round } = await costOfIdleSweep(cards)
    print(
      `requests, one idle sweep of ${cards.toLocaleString('en').padStart(6)} cards    ${requests}   (every card is read again within ${round} ${round === 1 ? 'sweep' : 'sweeps'})`,
    )
  }
}

async function sweepAfter(story: Story, seconds: number): Promise<void> {
  story.pass(seconds)
  await story.settle()
}

function lastSweep(story: Story): { whole?: number } {
  return (story.parts.logged.findLast(({ message }) => message === 'Boards were read again')?.fields ?? {}) as never
}
