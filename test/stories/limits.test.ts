// GitHub's limits in a story: returns before comments, one comment for many changes, and no organization slows another.
import { afterEach, describe, expect, it } from 'vitest'
import { GITHUB_LIMITS } from '../../src/github/budget.ts'
import type { Person } from '../../src/sandbox/world/account.ts'
import type { Item } from '../../src/sandbox/world/board.ts'
import { createProject } from '../../src/sandbox/world/boards.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../src/sandbox/world/cards.ts'
import { installApp } from '../../src/sandbox/world/install.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { createOrganization } from '../../src/sandbox/world/organize.ts'
import { createRepository } from '../../src/sandbox/world/repositories.ts'
import type { Thread } from '../../src/sandbox/world/thread.ts'
import { ASKS_MANIFEST } from '../support/policies.ts'
import { beginStory, type Story } from '../support/story.ts'

let story: Story
afterEach(() => story.end())

/** Cards of issues without a manifest, in the first column: each is refused when it moves on. */
function cardsOf(thread: (n: number) => Thread, by: Person, project: Item['project'], count: number): Item[] {
  return Array.from({ length: count }, (_, n) => {
    const item = addCard(story.world, by, project, thread(n))
    moveCard(story.world, by, item, 'Backlog')
    return item
  })
}

const ours = (thread: Thread) => thread.comments.filter(({ author }) => author.login === 'andon[bot]')
const writes = () => story.parts.sandbox.requests.list({ operation: 'Write' }).length

describe('while the limit on contents is reached', () => {
  it('a card is returned at once, and its comment comes later', async () => {
    story = await beginStory({ policy: ASKS_MANIFEST, wiring: { limits: { ...GITHUB_LIMITS, contentPerMinute: 1 } } })
    const [first, second] = [story.issue('One', 'Nothing.'), story.issue('Two', 'Nothing.')]
    const cards = [await story.card(first), await story.card(second)] as const
    await story.move(cards[0], 'Staging')
    await story.move(cards[1], 'Staging')
    expect(cards.map((card) => story.column(card))).toEqual(['Backlog', 'Backlog'])
    expect([story.comments(first).length, story.comments(second).length]).toEqual([1, 0])
    story.pass(120)
    await story.settle()
    expect(story.comments(second)).toHaveLength(1)
  })

  it('the changes of one comment are merged: only what holds in the end is written', async () => {
    story = await beginStory({ policy: ASKS_MANIFEST, wiring: { limits: { ...GITHUB_LIMITS, contentPerMinute: 1 } } })
    const issue = story.issue('Two', 'Nothing.')
    const spender = await story.card(story.issue('One', 'Nothing.'))
    const card = await story.card(issue)
    await story.move(spender, 'Staging')
    for (let time = 0; time < 3; time++) await story.move(card, 'Staging')
    expect((await story.decisions(card)).filter((kind) => kind === 'move-refused')).toHaveLength(3)
    const before = writes()
    story.pass(240)
    await story.settle()
    story.pass(240)
    await story.settle()
    expect(story.comments(issue)).toHaveLength(1)
    expect(writes() - before).toBe(1)
  })
})

describe('an organization with two hundred cards on the move', () => {
  it('does not hold up another one’s verdict, and breaks none of GitHub’s limits', async () => {
    // The sandbox keeps GitHub's limits here, and refuses what breaks them; it would count each move as a content too.
    const limits = { contentMinute: 1_000_000, contentHour: 1_000_000 }
    story = await beginStory({ policy: ASKS_MANIFEST, sandbox: { limits } })
    const { world } = story
    const { olga, ada, bo, project, repository } = story.parts
    const globex = createOrganization(world, 'globex', { owner: olga })
    const app = story.parts.sandbox.apps[0]?.app
    if (app === undefined) throw new Error('no app')
    installApp(world, olga, app, globex)
    const other = createRepository(world, olga, globex, 'bot', { files: { '.github/andon.yml': ASKS_MANIFEST } })
    const board = createProject(world, olga, globex, 'Delivery', { columns: ['Backlog', 'Staging'] })
    await story.settle()
    const crowd = cardsOf(
      (n) => openIssue(world, bo, repository, { title: `Card ${n}`, body: 'Nothing.' }),
      ada,
      project,
      200,
    )
    const [single] = cardsOf(() => openIssue(world, olga, other, { title: 'One', body: 'Nothing.' }), olga, board, 1)
    if (single === undefined) throw new Error('no card')
    await story.settle()
    story.pass(2)

    const turns: string[] = []
    const watched = story.app.world.ledger
    const { claim, routed, append } = watched
    watched.claim = async (...args) => {
      const task = await claim(...args)
      if (task) turns.push(task.owner)
      return task
    }
    const key = `card:${single.node}`
    let woken = 0
    watched.routed = async (guids, wakes = []) => {
      await routed(guids, wakes)
      if (wakes.some((wake) => wake.key === key)) woken = turns.length
    }
    let decidedIn = 0
    watched.append = async (stream, ...rest) => {
      const appended = await append(stream, ...rest)
      if (stream === key && rest[1].some(({ event }) => event.kind === 'move-refused'))
        decidedIn = turns.filter((owner) => owner === 'globex').length
      return appended
    }
    for (const card of crowd) moveCard(world, ada, card, 'Staging')
    await story.parts.sandbox.webhooks.settled()
    while (turns.length < 20) await new Promise((resolve) => setTimeout(resolve, 5))
    moveCard(world, olga, single, 'Staging')
    await story.settle()

    // Its webhook is told behind those that came before; from then on it is its turn within one round of the owners.
    expect(woken).toBeGreaterThan(0)
    expect(turns.filter((owner) => owner === 'acme').length).toBeGreaterThanOrEqual(200)
    expect(turns.indexOf('globex') - woken).toBeLessThanOrEqual(16)
    expect(decidedIn).toBe(1)
    expect(story.column(single)).toBe('Backlog')
    expect(ours(single.content as Thread)).toHaveLength(1)
    // The crowd is back after two minutes, as GitHub's points allow; its comments take the minutes that contents ask for.
    for (let minute = 0; minute < 8; minute++) {
      story.pass(61)
      await story.settle()
      if (minute >= 2) expect(new Set(crowd.map((card) => story.column(card)))).toEqual(new Set(['Backlog']))
    }
    expect(crowd.filter((card) => ours(card.content as Thread).length !== 1)).toEqual([])
    const refused = story.parts.sandbox.requests.list().filter(({ status }) => status === 403 || status === 429)
    expect(refused).toEqual([])
    // GitHub writes its times in whole seconds.
    const written = crowd.flatMap((card) => ours(card.content as Thread).map(({ createdAt }) => Date.parse(createdAt)))
    const times = written.sort((a, b) => a - b)
    expect(times.filter((time, index) => time - (times[index - 80] ?? 0) < 59_000)).toEqual([])
  })
})
