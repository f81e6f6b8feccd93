// Several processes on one PostgreSQL: no leader, no double work, and a migration while old ones still run.

import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MIGRATIONS, type Migration, migrate } from '../../src/ledger/migrations.ts'
import type { Ledger } from '../../src/ledger/port.ts'
import { openPostgres } from '../../src/ledger/postgres.ts'
import type { Item } from '../../src/sandbox/world/board.ts'
import { moveCard } from '../../src/sandbox/world/card-fields.ts'
import { addCard } from '../../src/sandbox/world/cards.ts'
import { editTexts } from '../../src/sandbox/world/issues.ts'
import type { Thread } from '../../src/sandbox/world/thread.ts'
import { type App, startApp } from '../../src/start.ts'
import { ASKS_MANIFEST } from '../support/policies.ts'
import { findPostgres, type Postgres, query, startPostgres } from '../support/postgres.ts'
import { beginStory, MANIFEST, type Story } from '../support/story.ts'

const UNLIMITED = {
  atOnce: 100,
  points: { core: 1_000_000, graphql: 1_000_000 },
  contentPerMinute: 1_000_000,
  contentPerHour: 1_000_000,
}
const why = findPostgres() ? '' : ' (skipped: this machine has no PostgreSQL)'

describe.skipIf(why)(`several processes on one database${why}`, () => {
  let server: Postgres
  let url: string
  let story: Story
  const others: App[] = []
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  afterEach(async () => {
    for (const app of others.splice(0)) await app.stop()
    await story.end()
  })

  async function begin(policy = ASKS_MANIFEST): Promise<void> {
    url ??= await server.freshUrl()
    story = await beginStory({ policy, settings: { databaseUrl: url }, wiring: { limits: UNLIMITED } })
  }

  async function another(): Promise<App> {
    const app = await startApp({ ...story.parts.settings, port: 0 }, story.parts.wiring)
    others.push(app)
    return app
  }

  async function settled(): Promise<void> {
    await story.settle()
    for (const app of others) await app.loop.idle()
    await story.settle()
  }

  const ours = (card: Item) =>
    (card.content as Thread).comments.filter(({ author }) => author.login === 'andon[bot]').length

  /**
   * From now on each process that took up a card waits with it until the others have one, too: else a fast one might
   * leave them none. There must be more cards than one process takes at once. Gives the cards that each took up.
   */
  function share(apps: App[]): string[][] {
    let go = () => {}
    const shared = new Promise<void>((resolve) => {
      go = resolve
    })
    const turns = apps.map((): string[] => [])
    for (const [index, { world }] of apps.entries()) {
      const { claim } = world.ledger
      world.ledger.claim = async (...args: Parameters<Ledger['claim']>) => {
        const task = await claim(...args)
        if (!task?.key.startsWith('card:')) return task
        turns[index]?.push(task.key)
        if (turns.every(({ length }) => length > 0)) go()
        await shared
        return task
      }
    }
    return turns
  }

  it('share the cards, and decide and show each move once', async () => {
    url = await server.freshUrl()
    await begin()
    const second = await another()
    await settled()
    const turns = share([story.app, second])
    const cards = Array.from({ length: 40 }, (_, n) => {
      const card = addCard(story.world, story.parts.ada, story.parts.project, story.issue(`Card ${n}`, 'Nothing.'))
      moveCard(story.world, story.parts.ada, card, 'Backlog')
      return card
    })
    await settled()
    story.pass(2)
    for (const card of cards) moveCard(story.world, story.parts.ada, card, 'Staging')
    await settled()

    for (const card of cards) {
      const kinds = await story.decisions(card)
      expect(kinds.filter((kind) => kind === 'move-refused')).toHaveLength(1)
      expect([story.column(card), ours(card)]).toEqual(['Backlog', 1])
    }
    for (const keys of turns) expect(keys).not.toEqual([])
    // Their standing tasks are rows, one each however many processes there are.
    const standing = await query(url, "select key from tasks where key not like 'card:%' order by key")
    expect(standing.map(({ key }) => key)).toEqual([...new Set(standing.map(({ key }) => key))])
    expect(standing.map(({ key }) => key)).toEqual(expect.arrayContaining(['prune:store', 'sweep:acme']))
    expect(await query(url, 'select name from allowances')).toHaveLength(1)
  })

  it('give the one free place of a column that pulls to one of the cards that become ready together', async () => {
    url = await server.freshUrl()
    await begin(ASKS_MANIFEST.replace('- name: Staging', '- name: Staging\n    limit: 1\n    pull: true'))
    const second = await another()
    const pulls = Array.from({ length: 8 }, (_, n) => story.pull(`Card ${n}`, 'No manifest.'))
    const cards = []
    for (const pull of pulls) cards.push(await story.card(pull))
    await settled()
    const turns = share([story.app, second])
    for (const pull of pulls) editTexts(story.world, story.parts.bo, pull, { body: MANIFEST })
    await settled()
    expect(cards.filter((card) => story.column(card) === 'Staging')).toHaveLength(1)
    for (const keys of turns) expect(keys).not.toEqual([])
    // Each was granted its place in Backlog, and one of them the place in Staging; who came there too late went back.
    const kinds = (await Promise.all(cards.map((card) => story.decisions(card)))).flat()
    expect(kinds.filter((kind) => kind === 'move-granted')).toHaveLength(cards.length + 1)
  })

  it('go on in another when one stops in the middle', async () => {
    url = await server.freshUrl()
    await begin()
    const second = await another()
    const cards = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const card = addCard(story.world, story.parts.ada, story.parts.project, story.issue(`Card ${n}`, 'Nothing.'))
        moveCard(story.world, story.parts.ada, card, 'Backlog')
        return card
      }),
    )
    await settled()
    story.pass(2)
    for (const card of cards) moveCard(story.world, story.parts.ada, card, 'Staging')
    await story.parts.sandbox.webhooks.settled()
    others.splice(0)
    await second.stop()
    await settled()
    expect(cards.map((card) => [story.column(card), ours(card)])).toEqual(cards.map(() => ['Backlog', 1]))
  })

  it('take up the work that a process of the first tables left', async () => {
    url = await server.freshUrl()
    const old = openPostgres(url, () => new Date(), 5_000)
    await migrate(old, MIGRATIONS.slice(0, 1))
    await sql`insert into tasks (key, owner, due, tries) values ('sweep:acme', 'acme', 1, 3)`.execute(old.db)
    await begin()
    // The old process still runs, and writes as it always did.
    await sql`insert into tasks (key, owner, due, tries) values ('mystery:old', 'acme', 1, 0)`.execute(old.db)
    await story.settle()
    expect(await query(url, "select faults from tasks where key = 'mystery:old'")).toEqual([{ faults: 1 }])
    const [sweep] = await query(url, "select tries, faults from tasks where key = 'sweep:acme'")
    expect(sweep).toEqual({ tries: 0, faults: 0 })
    await old.db.destroy()
  })

  it('work on while a newer one migrates, and say that they are not ready where it leaves them behind', async () => {
    url = await server.freshUrl()
    await begin()
    const newer = openPostgres(url, () => new Date(), 5_000)
    const next = MIGRATIONS.length + 1
    const add: Migration = {
      version: next,
      readableFrom: next - 1,
      apply: async (tx) => {
        await sql`alter table tasks add column colour text not null default 'red'`.execute(tx)
        await sql`create index tasks_by_colour on tasks (colour)`.execute(tx)
      },
    }
    const card = await story.card(story.issue('One', 'Nothing.'))
    moveCard(story.world, story.parts.ada, card, 'Staging')
    await migrate(newer, [...MIGRATIONS, add])
    await story.settle()
    expect([story.column(card), ours(card)]).toEqual(['Backlog', 1])
    const ready = async () => (await fetch(`${story.app.url}/readyz`)).json()
    expect(await ready()).toMatchObject({ ready: true, loop: 'alive' })

    await migrate(newer, [...MIGRATIONS, add, { version: next + 1, readableFrom: next + 1, apply: async () => {} }])
    await story.app.lost
    const known = await query(url, 'select seq from head')
    moveCard(story.world, story.parts.ada, card, 'Staging')
    await story.parts.sandbox.webhooks.settled()
    expect(story.parts.sandbox.webhooks.list().at(-1)).toMatchObject({ status: 503 })
    await query(url, "insert into tasks (key, owner, due, tries) values ('sweep:late', 'acme', 1, 0)")
    story.app.loop.nudge()
    await story.app.loop.stop()
    expect(await query(url, "select lease, tries from tasks where key = 'sweep:late'")).toEqual([
      { lease: null, tries: 0 },
    ])
    expect(await query(url, 'select seq from head')).toEqual(known)
    await expect.poll(ready, { timeout: 30_000 }).toMatchObject({ ready: false, store: 'newer' })
    expect((await fetch(`${story.app.url}/healthz`)).status).toBe(200)
    await newer.db.destroy()
  })
})
