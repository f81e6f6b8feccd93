// Webhooks fail or never come, for minutes or for days: what happened meanwhile is found all the same.
import { afterEach, describe, expect, it } from 'vitest'
import { GitHubProblem } from '../../src/github/github-problem.ts'
import { addField, createProject } from '../../src/sandbox/world/boards.ts'
import { moveCard, setField } from '../../src/sandbox/world/card-fields.ts'
import { addCard, archiveCard } from '../../src/sandbox/world/cards.ts'
import { comment } from '../../src/sandbox/world/comments.ts'
import { installApp } from '../../src/sandbox/world/install.ts'
import { openIssue } from '../../src/sandbox/world/issues.ts'
import { addLabel } from '../../src/sandbox/world/labels.ts'
import { createOrganization } from '../../src/sandbox/world/organize.ts'
import { createRepository } from '../../src/sandbox/world/repositories.ts'
import { ASKS_TWICE } from '../support/policies.ts'
import { beginStory, type Story } from '../support/story.ts'

const UNREADY = 'No manifest here.'

let story: Story
afterEach(() => story.end())

const redeliveries = () => story.parts.sandbox.webhooks.list({ redelivery: true })
/** Requests that count against an installation's GraphQL budget. */
const queries = () => story.parts.sandbox.requests.list({ kind: 'graphql' }).length

/** Lets some sweeps go by. */
async function sweeps(count: number): Promise<void> {
  // A leap of time would end the lease of a task that is still being worked.
  await story.settle()
  for (let each = 0; each < count; each++) {
    story.pass(301)
    await story.settle()
  }
}

describe('a label whose webhook never comes', () => {
  it('asks for its move all the same, with the next sweep', async () => {
    story = await beginStory({ policy: `${ASKS_TWICE}labels: { move: { "promote: staging": Staging } }\n` })
    const pull = story.pull('One')
    const card = await story.card(pull)
    const lost = story.parts.sandbox.faults.add({ fault: 'webhook-lost' })
    addLabel(story.world, story.parts.cy, pull, 'promote: staging')
    await story.settle()
    expect(story.column(card)).toBe('Backlog')
    story.parts.sandbox.faults.remove(lost)
    await sweeps(2)
    expect(story.column(card)).toBe('Staging')
    expect(pull.labels).toEqual([])
    const opened = (await story.entries(card)).findLast(({ event }) => event.kind === 'move-opened')
    expect(opened?.event).toMatchObject({ via: 'label', by: { login: 'cy' } })
  })
})

describe('while the app is down', () => {
  it('a command is given, and answered once the app is up: the delivery is asked for again', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.stopFor(async () => {
      comment(story.world, story.parts.mallory, pull, '/andon status')
    })
    await sweeps(2)
    expect(story.comments(pull)[0]).toContain('`/andon status` by `mallory`')
    expect(redeliveries().at(-1)).toMatchObject({ event: 'issue_comment', status: 202 })
  })

  it('a card is moved, and the move is decided once, though the sweep and the delivery both tell of it', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One', UNREADY))
    await story.stopFor(async () => {
      moveCard(story.world, story.parts.ada, card, 'Staging')
    })
    await sweeps(2)
    expect(story.column(card)).toBe('Backlog')
    expect((await story.decisions(card)).filter((kind) => kind === 'move-refused')).toHaveLength(1)
    expect(redeliveries().filter(({ status }) => status === 202)).not.toEqual([])
  })

  it('nothing is asked for twice that arrived, however often the log is read', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One'))
    await story.stopFor(async () => {
      moveCard(story.world, story.parts.ada, card, 'Staging')
    })
    await sweeps(2)
    const arrived = redeliveries().filter(({ status }) => status === 202)
    const all = redeliveries().length
    await sweeps(4)
    expect(redeliveries()).toHaveLength(all)
    expect(new Set(arrived.map(({ guid }) => guid)).size).toBe(arrived.length)
  })

  it('three days pass: what GitHub has forgotten is not asked for, and the board is read all the same', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One', UNREADY))
    await story.stopFor(async () => {
      moveCard(story.world, story.parts.ada, card, 'Staging')
      await story.parts.sandbox.webhooks.settled()
      story.pass(4 * 86_400)
    })
    await sweeps(1)
    expect(redeliveries()).toEqual([])
    expect(story.column(card)).toBe('Backlog')
  })
})

describe('an organization of which no webhook ever told', () => {
  it('is found by the sweeps, without a start in between, and none is swept more often for it', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const { olga, sandbox } = story.parts
    sandbox.faults.add({ fault: 'webhook-lost' })
    const globex = createOrganization(story.world, 'globex', { owner: olga })
    const repository = createRepository(story.world, olga, globex, 'bot', {
      files: { '.github/andon.yml': ASKS_TWICE },
    })
    const board = createProject(story.world, olga, globex, 'Delivery', {
      columns: ['Backlog', 'Staging', 'Production'],
    })
    if (sandbox.apps[0]) installApp(story.world, olga, sandbox.apps[0].app, globex)
    await story.settle()
    // As where GitHub's log has forgotten what it could not hand over.
    const forget = () => story.world.deliveries.splice(0)
    forget()
    await sweeps(3)
    const idea = openIssue(story.world, olga, repository, { title: 'Unready', body: UNREADY })
    const card = addCard(story.world, olga, board, idea)
    moveCard(story.world, olga, card, 'Staging')
    await story.settle()
    forget()
    await sweeps(4)
    expect(story.column(card)).toBeNull()
    const swept = story.parts.logged.filter(({ message }) => message === 'Boards were read again')
    expect(swept.filter(({ fields }) => (fields as { owner?: string }).owner === 'acme')).toHaveLength(8)
  })
})

describe('a delivery that GitHub will not hand over again', () => {
  it('keeps no older one from its card', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    await story.stopFor(async () => {
      comment(story.world, story.parts.mallory, pull, '/andon status')
      await story.parts.sandbox.webhooks.settled()
      story.pass(5)
      comment(story.world, story.parts.mallory, pull, 'Only words.')
    })
    const refused = story.world.deliveries.findLast(({ event }) => event === 'issue_comment')?.id
    const { deliveryLog } = story.app.world
    const { redeliver } = deliveryLog
    const asked: number[] = []
    deliveryLog.redeliver = async (id) => {
      asked.push(id)
      if (id === refused) throw new GitHubProblem('other', 'GitHub answered 422: no', { status: 422 })
      return redeliver(id)
    }
    await sweeps(3)
    expect(story.comments(pull)[0]).toContain('`/andon status` by `mallory`')
    expect(asked.filter((id) => id === refused)).toHaveLength(1)
  })
})

describe('a delivery that is never taken', () => {
  it('is asked for three times, and then left to the sweep', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One'))
    const hook = story.parts.sandbox.apps[0]?.app.webhook
    if (hook) hook.url = 'http://127.0.0.1:9/'
    moveCard(story.world, story.parts.ada, card, 'Staging')
    await sweeps(8)
    const times = new Map<string, number>()
    for (const { guid } of redeliveries()) times.set(guid, (times.get(guid) ?? 0) + 1)
    expect(Math.max(...times.values())).toBe(3)
    expect(story.parts.logged.filter(({ message }) => message.includes('left to the sweep'))).not.toEqual([])
    expect(await story.decisions(card)).toContain('move-granted')
  })
})

describe('a flood of failed deliveries', () => {
  it('is asked for a hundred at a time', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const pull = story.pull('One')
    await story.card(pull)
    await story.stopFor(async () => {
      for (let count = 0; count < 130; count++) comment(story.world, story.parts.ada, pull, `/andon status ${count}`)
    })
    await story.settle()
    expect(redeliveries()).toHaveLength(100)
    await sweeps(1)
    expect(redeliveries().map(({ status }) => status)).toEqual(Array(130).fill(202))
  })
})

describe('GitHub’s log cannot be read', () => {
  it('costs nothing but time', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const pull = story.pull('One')
    const card = await story.card(pull)
    await story.move(card, 'Staging')
    const broken = story.parts.sandbox.faults.add({ fault: 'error', status: 502, on: { path: 'hook/deliveries' } })
    await story.stopFor(async () => {
      comment(story.world, story.parts.mallory, pull, '/andon status')
    })
    story.parts.sandbox.faults.remove(broken)
    await sweeps(3)
    expect(story.comments(pull)[0]).toContain('`/andon status` by `mallory`')
  })
})

describe('a sweep', () => {
  const quiet = () => story.parts.sandbox.faults.add({ fault: 'webhook-lost' })

  /** A large board: cards beyond the first pages, one of them with a change. */
  async function large(cards: number) {
    story = await beginStory({ policy: ASKS_TWICE })
    const lost = quiet()
    const { bo, ada, project, repository } = story.parts
    for (let count = 0; count < cards; count++) {
      const issue = openIssue(story.world, bo, repository, { title: `Card ${count}`, body: UNREADY })
      moveCard(story.world, ada, addCard(story.world, ada, project, issue), 'Backlog')
    }
    story.parts.sandbox.faults.remove(lost)
    await sweeps(Math.ceil(cards / 200) + 2)
    return project.items.at(-1) as (typeof project.items)[number]
  }

  it('of a large idle board costs a handful of requests', async () => {
    await large(700)
    story.pass(3 * 86_400)
    await sweeps(3)
    story.parts.sandbox.requests.reset()
    await sweeps(1)
    expect(queries()).toBeLessThanOrEqual(5)
  })

  it('finds a move anywhere on a large board at once, by what GitHub says was changed', async () => {
    const last = await large(700)
    story.pass(3 * 86_400)
    await sweeps(3)
    quiet()
    moveCard(story.world, story.parts.ada, last, 'Staging')
    await sweeps(1)
    expect(story.column(last)).toBe('Backlog')
  })

  it('finds a move that GitHub’s filter hides, a round later at the latest', async () => {
    const last = await large(700)
    await sweeps(3)
    quiet()
    moveCard(story.world, story.parts.ada, last, 'Staging')
    last.updatedAt = '2020-01-01T00:00:00Z'
    await sweeps(3)
    expect(story.column(last)).toBe('Backlog')
  })

  it('finds a card that went away and came back between two reads', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One'))
    quiet()
    story.pass(400)
    moveCard(story.world, story.parts.ada, card, 'Production')
    story.pass(2)
    moveCard(story.world, story.parts.ada, card, 'Backlog')
    await story.sweep()
    const seen = (await story.entries(card)).map(({ event }) => event).findLast((event) => event.kind === 'card-seen')
    expect(seen?.kind === 'card-seen' && seen.card.timeline.map(({ to }) => to).slice(-2)).toEqual([
      'Production',
      'Backlog',
    ])
  })

  it('finds that a card is gone, on a large board too', async () => {
    const last = await large(400)
    quiet()
    archiveCard(story.world, story.parts.ada, last)
    last.updatedAt = '2020-01-01T00:00:00Z'
    await sweeps(5)
    expect((await story.app.ledger.cards({ item: last.node }))[0]?.column).toBeNull()
  })

  it('wakes no more than two hundred cards at once', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    quiet()
    const { bo, ada, project, repository } = story.parts
    for (let count = 0; count < 250; count++) {
      const issue = openIssue(story.world, bo, repository, { title: `Card ${count}`, body: UNREADY })
      moveCard(story.world, ada, addCard(story.world, ada, project, issue), 'Backlog')
    }
    await story.sweep()
    const seen = async () => (await story.app.ledger.cards({ project: project.node })).length
    expect(await seen()).toBe(200)
    await sweeps(1)
    expect(await seen()).toBe(250)
  })

  it('leaves alone the cards of repositories that no policy puts under the board', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const { bo, ada, olga, acme, project } = story.parts
    const other = createRepository(story.world, olga, acme, 'other')
    quiet()
    const card = addCard(story.world, ada, project, openIssue(story.world, bo, other, { title: 'Elsewhere' }))
    moveCard(story.world, ada, card, 'Staging')
    await story.sweep()
    const line = story.parts.logged.findLast(({ message }) => message === 'Boards were read again')
    expect(line?.fields).toMatchObject({ boards: 1, woken: 0 })
  })

  it('reads the policies once for many boards and repositories', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const { olga, acme } = story.parts
    for (const number of [2, 3, 4]) {
      createProject(story.world, olga, acme, `Board ${number}`, { columns: ['Backlog', 'Staging', 'Production'] })
      createRepository(story.world, olga, acme, `bot-${number}`, {
        files: { '.github/andon.yml': ASKS_TWICE.replace('project: 1', `project: ${number}`) },
      })
    }
    await story.sweep()
    story.parts.sandbox.requests.reset()
    await story.sweep()
    // One request for all policies, two for each board: what changed, and the whole, which is one page.
    expect(queries()).toBe(1 + 4 * 2)
  })

  it('is not disturbed by other fields', async () => {
    story = await beginStory({ policy: ASKS_TWICE })
    const card = await story.card(story.pull('One'))
    const field = addField(story.world, story.parts.project, 'Notes', 'TEXT')
    const before = await story.decisions(card)
    quiet()
    story.pass(400)
    setField(story.world, story.parts.ada, card, field, 'hello')
    await story.sweep()
    expect(await story.decisions(card)).toEqual(before)
  })
})
